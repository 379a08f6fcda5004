// Runs vector files of the market maker (`{"vectors":[{"op","pool","args","result"}, …]}`, all integers as decimal strings) against this
// build. Operators prove with it that their platform computes what the network computes.
import { type BatchOrder, clearBatch } from "../../../modules/hmm/curve/batch.ts";
import { type QuotePool, splitFees, thetaReference } from "../../../modules/hmm/curve/fees.ts";
import { h2, priceE18 } from "../../../modules/hmm/curve/math.ts";
import { quoteBuyExactIn, quoteBuyExactOut, quoteSell, quoteSellExactOut } from "../../../modules/hmm/curve/quote.ts";
import { firstShares, proportionalAdd, proportionalRemove } from "../../../modules/hmm/liquidity/shares.ts";
import type { SelftestResult } from "./selftestResult.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Part of the market fee burned and part of the rest for the treasury in the recorded fee splits. */
const BURN_BPS = 2500n;
const TREASURY_BPS = 2000n;

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${what}: expected an object`);
  return value as Fields;
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${what}: expected a list`);
  return value;
}

function integer(fields: Fields, name: string): bigint {
  const text = fields[name];
  if (typeof text !== "string" || !/^-?[0-9]+$/.test(text))
    throw new Error(`${name}: expected a decimal string, got ${JSON.stringify(text)}`);
  return BigInt(text);
}

/** Pool of a vector, with its shares. */
function poolOf(value: unknown): QuotePool & { readonly shares: bigint } {
  const f = fieldsOf(value, "pool");
  return {
    psi: integer(f, "psi"),
    theta: integer(f, "theta"),
    centreE18: integer(f, "centreE18"),
    wE18: integer(f, "wE18"),
    lambdaE18: integer(f, "lambdaE18"),
    marketFeeE18: integer(f, "marketFeeE18"),
    riskE18: integer(f, "riskE18"),
    psiRef: integer(f, "psiRef"),
    shares: integer(f, "shares"),
  };
}

type Pool = ReturnType<typeof poolOf>;
/** Computes the result of one vector; bigints are compared as decimal strings. */
type Operation = (pool: Pool, args: Fields) => Readonly<Record<string, unknown>>;

function walk(pool: Pool, args: Fields): Readonly<Record<string, unknown>> {
  const theta: bigint[] = [];
  let at = pool;
  for (const value of listOf(args["steps"], "steps")) {
    const step = fieldsOf(value, "step");
    const buys = step["side"] === "buy";
    const quote = buys ? quoteBuyExactOut(at, integer(step, "psi")) : quoteSell(at, integer(step, "psi"));
    theta.push(quote.credit);
    at = buys
      ? { ...at, psi: at.psi - quote.psi, theta: at.theta + quote.curve }
      : { ...at, psi: at.psi + quote.psi, theta: at.theta - quote.curve };
  }
  return { theta, psi: at.psi, thetaReserve: at.theta };
}

function orderOf(value: unknown): BatchOrder {
  const f = fieldsOf(value, "order");
  return { id: integer(f, "id"), side: f["side"] === "buy" ? "buy" : "sell", psi: integer(f, "psi"), limitE18: integer(f, "limitE18") };
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  price: (pool) => ({ priceE18: priceE18(pool), h2: h2(pool), firstShares: firstShares(pool), thetaRef: thetaReference(pool) }),
  buyOut(pool, args) {
    const { credit, curve, marketFee, riskFee } = quoteBuyExactOut(pool, integer(args, "psi"));
    return { gross: credit, curve, marketFee, riskFee };
  },
  buyIn(pool, args) {
    const gross = integer(args, "gross");
    const { psi, credit, curve, marketFee, riskFee } = quoteBuyExactIn(pool, gross);
    return { psi, charged: credit, curve, marketFee, riskFee, refund: gross - credit };
  },
  sellIn(pool, args) {
    const { credit, curve, marketFee, riskFee } = quoteSell(pool, integer(args, "psi"));
    return { net: credit, curve, marketFee, riskFee };
  },
  sellOut: (pool, args) => ({ psi: quoteSellExactOut(pool, integer(args, "net")).psi }),
  add: (pool, args) => ({ ...proportionalAdd(pool, pool.shares, { psi: integer(args, "maxPsi"), theta: integer(args, "maxTheta") }) }),
  remove(pool, args) {
    const { psi, theta } = proportionalRemove(pool, pool.shares, integer(args, "shares"));
    return { psi, theta };
  },
  split(pool, args) {
    const { marketFee, riskFee } = quoteBuyExactOut(pool, integer(args, "psi"));
    return { ...splitFees(marketFee, riskFee, BURN_BPS, TREASURY_BPS) };
  },
  walk,
  batch: (pool, args) => ({ ...clearBatch(pool, listOf(args["orders"], "orders").map(orderOf)) }),
};

/** Same JSON with bigints as decimal strings and object keys sorted. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) => {
    if (typeof v === "bigint") return v.toString();
    if (typeof v !== "object" || v === null || Array.isArray(v)) return v;
    return Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Runs one vector. @returns undefined when it agrees, else what differed. */
function runVector(operation: Operation, vector: Fields): string | undefined {
  const expected = canonical(vector["result"]);
  let got: string;
  try {
    got = canonical(operation(poolOf(vector["pool"]), fieldsOf(vector["args"], "args")));
  } catch (cause) {
    got = cause instanceof Error ? cause.message : String(cause);
  }
  return got === expected ? undefined : `expected ${expected}, got ${got}`;
}

/**
 * Runs a document of market maker vectors.
 * @param doc parsed JSON with a list `vectors`
 * @returns counts and what differed; an unknown operation differs
 * @throws Error when the document has no list of vectors
 */
export function hmmSelftest(doc: unknown): SelftestResult {
  const failures: string[] = [];
  let passed = 0;
  listOf(fieldsOf(doc, "document")["vectors"], "vectors").forEach((value, index) => {
    const vector = fieldsOf(value, `vectors[${index}]`);
    const op = String(vector["op"]);
    const name = `vectors[${index}] ${op}`;
    const operation = Object.hasOwn(OPERATIONS, op) ? OPERATIONS[op] : undefined;
    const failure = operation === undefined ? `one of ${Object.keys(OPERATIONS).join(", ")} expected` : runVector(operation, vector);
    if (failure === undefined) passed++;
    else failures.push(`${name}: ${failure}`);
  });
  return { passed, failed: failures.length, waiting: [], failures };
}

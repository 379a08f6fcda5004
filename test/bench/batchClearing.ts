// How many orders a core clears per second: the pure batch, and a whole block that settles ten thousand of them.
import { createHash } from "node:crypto";
import { BaseAccount } from "#proto/cosmos/auth/v1beta1/auth";
import { GenesisState as HmmGenesis } from "#proto/hanzo/hmm/v1/genesis";
import { Order, OrderKind, Side } from "#proto/hanzo/hmm/v1/types";
import { descriptors } from "../../app/descriptorImage.ts";
import { toProtoJson } from "../../app/encoding/protoJson.ts";
import { CHAIN } from "../../app/hanzo.ts";
import { createAddressCodec } from "../../app/sdk/index.ts";
import { type BatchOrder, clearBatch } from "../../modules/hmm/curve/batch.ts";
import { defaultHmmGenesis, type HmmGenesisPlan, LOCAL_CLASSES } from "../../modules/hmm/index.ts";
import { buyEscrow } from "../../modules/hmm/orders/place.ts";
import { DEFAULT_PARAMS } from "../../modules/hmm/params.ts";
import { poolFromProto } from "../../modules/hmm/records.ts";
import { createRandom } from "../e2e/harness/random.ts";
import { coins, moduleAccount } from "../harness/accounts.ts";
import { createTestChain, type TestChain } from "../harness/testChain.ts";
import { medianOf, millisecondsSince } from "./latencies.ts";

const SEED = 20_261_124;
const E18 = 10n ** 18n;
/** Accounts that the orders belong to: settlement touches as many balances. */
const OWNERS = 1000;
const CREDIT = "credit";
const address = createAddressCodec(CHAIN.bech32Prefix);

/** How many orders, and how often. */
export interface BatchOptions {
  /** Orders of one pure batch. */
  readonly pureOrders: number;
  /** Orders of the block, over all pools. */
  readonly blockOrders: number;
  readonly repeats: number;
}

export interface BatchFigures {
  readonly pure: { readonly orders: number; readonly fills: number; readonly medianMs: number; readonly ordersPerSecondPerCore: number };
  readonly block: {
    readonly orders: number;
    readonly pools: number;
    readonly fills: number;
    readonly closed: number;
    /** Time of FinalizeBlock: batches, settlement, events and state hash. */
    readonly medianMs: number;
    readonly medianCommitMs: number;
    /** FinalizeBlock of a chain without orders. */
    readonly emptyMs: number;
    readonly ordersPerSecondPerCore: number;
  };
}

/** Terms of an order around a price. */
interface Terms {
  readonly side: "buy" | "sell";
  readonly psi: bigint;
  readonly limitE18: bigint;
}

/** Orders of up to 10⁻⁵ of the reserve with limits within ±10 % of the price: about half of them cross. */
function randomTerms(count: number, { psi, theta }: { readonly psi: bigint; readonly theta: bigint }, seed: number): readonly Terms[] {
  const random = createRandom(seed);
  const price = (theta * E18) / psi;
  return Array.from({ length: count }, () => ({
    side: random.below(2) === 0 ? "buy" : "sell",
    psi: 1n + (psi * BigInt(1 + random.below(1000))) / 100_000_000n,
    limitE18: (price * BigInt(9000 + random.below(2001))) / 10_000n,
  }));
}

/** Measures both. */
export async function measureBatches(options: BatchOptions): Promise<BatchFigures> {
  return { pure: measurePure(options), block: await measureBlock(options) };
}

function measurePure({ pureOrders, repeats }: BatchOptions): BatchFigures["pure"] {
  const { genesis } = plan();
  const stored = genesis.pools.find(({ id }) => id === "gpu");
  if (stored === undefined) throw new Error("a gpu pool expected");
  const pool = poolFromProto(stored);
  const orders: BatchOrder[] = randomTerms(pureOrders, pool, SEED).map((terms, index) => ({ id: BigInt(index + 1), ...terms }));
  const times: number[] = [];
  let fills = 0;
  for (let repeat = 0; repeat <= 4 * repeats; repeat++) {
    const started = process.hrtime.bigint();
    ({ length: fills } = clearBatch(pool, orders).fills);
    // The first ones compile.
    if (repeat > repeats) times.push(millisecondsSince(started));
  }
  const medianMs = medianOf(times);
  return {
    orders: pureOrders,
    fills,
    medianMs: Number(medianMs.toFixed(3)),
    ordersPerSecondPerCore: Math.round((pureOrders * 1000) / medianMs),
  };
}

const plan = (): HmmGenesisPlan => defaultHmmGenesis({ account: moduleAccount("hmm", CHAIN.bech32Prefix), nativeDenom: CHAIN.baseDenom });

/** Owner of an order: an address that nobody has the key of. */
const ownerOf = (index: number): string => address.format(createHash("sha256").update(`owner ${index}`).digest().subarray(0, 20));

/** Waiting orders over all pools, and what they escrow. */
function blockOrders(count: number): { readonly orders: readonly Order[]; readonly escrow: ReadonlyMap<string, bigint> } {
  const escrow = new Map<string, bigint>();
  const orders: Order[] = [];
  const perPool = LOCAL_CLASSES.map((pool, index) => randomTerms(Math.ceil(count / LOCAL_CLASSES.length), pool, SEED + index));
  for (let index = 0; index < count; index++) {
    const at = index % LOCAL_CLASSES.length;
    const pool = LOCAL_CLASSES[at];
    const terms = perPool[at]?.[Math.floor(index / LOCAL_CLASSES.length)];
    if (pool === undefined || terms === undefined) throw new Error("terms for every order expected");
    const held = terms.side === "buy" ? buyEscrow(DEFAULT_PARAMS, terms.psi, terms.limitE18) : 0n;
    const [denom, amount] = terms.side === "buy" ? [CREDIT, held] : [pool.denom, terms.psi];
    escrow.set(denom, (escrow.get(denom) ?? 0n) + amount);
    orders.push(
      Order.fromPartial({
        id: BigInt(index + 1),
        owner: ownerOf(index % OWNERS),
        poolId: pool.id,
        side: terms.side === "buy" ? Side.SIDE_BUY : Side.SIDE_SELL,
        kind: OrderKind.ORDER_KIND_TRADER,
        resource: terms.psi.toString(),
        limitE18: terms.limitE18.toString(),
        escrow: held.toString(),
        filled: "0",
        credit: "0",
        expiresHeight: 1_000_000n,
      }),
    );
  }
  return { orders, escrow };
}

/** State of a chain on which the orders wait: their escrow lies on the market's account, the sold resource is committed capacity. */
function stateWith(orders: readonly Order[], escrow: ReadonlyMap<string, bigint>): Readonly<Record<string, unknown>> {
  const { genesis, funding, sendEnabled } = plan();
  const account = moduleAccount("hmm", CHAIN.bech32Prefix);
  const held: Record<string, bigint> = Object.fromEntries(funding.map(({ denom, amount }) => [denom, BigInt(amount)]));
  const credit = escrow.get(CREDIT) ?? 0n;
  for (const [denom, amount] of [...escrow, [CHAIN.baseDenom, credit] as const]) held[denom] = (held[denom] ?? 0n) + amount;
  const more = LOCAL_CLASSES.flatMap(({ id, denom }, index) => {
    const [first] = genesis.commitments;
    const outstanding = escrow.get(denom) ?? 0n;
    if (first === undefined || outstanding === 0n) return [];
    return [{ ...first, id: BigInt(genesis.commitments.length + index + 1), poolId: id, outstanding: outstanding.toString() }];
  });
  const hmm = HmmGenesis.fromPartial({
    ...genesis,
    params: { ...DEFAULT_PARAMS, maxBlockOrders: 65_536 },
    vault: { creditDenom: CREDIT, locked: (held[CREDIT] ?? 0n).toString() },
    orders: [...orders],
    lastOrderId: BigInt(orders.length),
    commitments: [...genesis.commitments, ...more],
    lastCommitmentId: BigInt(2 * genesis.commitments.length),
  });
  return {
    auth: {
      accounts: Array.from({ length: OWNERS }, (_, index) => ({
        "@type": `/${BaseAccount.$type}`,
        address: ownerOf(index),
        pub_key: null,
        account_number: "0",
        sequence: "0",
      })),
    },
    bank: {
      params: { default_send_enabled: true },
      balances: [{ address: account, coins: coins(held) }],
      supply: coins(held),
      send_enabled: sendEnabled,
    },
    hmm: toProtoJson(descriptors(), HmmGenesis.$type, HmmGenesis.encode(hmm).finish()),
  };
}

async function measureBlock({ blockOrders: count, repeats }: BatchOptions): Promise<BatchFigures["block"]> {
  const { orders, escrow } = blockOrders(count);
  const appState = stateWith(orders, escrow);
  const withoutOrders = stateWith([], new Map());
  const times: number[] = [];
  const commits: number[] = [];
  const empty: number[] = [];
  let counted = { fills: 0, closed: 0 };
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const block = await timeBlock(await createTestChain({ accounts: 0, appState }));
    const idle = await timeBlock(await createTestChain({ accounts: 0, appState: withoutOrders }));
    counted = { fills: block.fills, closed: block.closed };
    // The first one compiles.
    if (repeat === 0) continue;
    times.push(block.finalizeMs);
    commits.push(block.commitMs);
    empty.push(idle.finalizeMs);
  }
  const medianMs = medianOf(times);
  return {
    orders: count,
    pools: LOCAL_CLASSES.length,
    ...counted,
    medianMs: Number(medianMs.toFixed(1)),
    medianCommitMs: Number(medianOf(commits).toFixed(1)),
    emptyMs: Number(medianOf(empty).toFixed(2)),
    ordersPerSecondPerCore: Math.round((count * 1000) / medianMs),
  };
}

interface TimedBlock {
  readonly finalizeMs: number;
  readonly commitMs: number;
  readonly fills: number;
  readonly closed: number;
}

async function timeBlock({ app, nextBlock }: TestChain): Promise<TimedBlock> {
  const request = nextBlock();
  const started = process.hrtime.bigint();
  const { events } = await app.finalizeBlock(request);
  const finalizeMs = millisecondsSince(started);
  const committing = process.hrtime.bigint();
  await app.commit();
  const count = (type: string): number => events.filter((event) => event.type === type).length;
  return {
    finalizeMs,
    commitMs: millisecondsSince(committing),
    fills: count("hanzo.hmm.v1.EventOrderFilled"),
    closed: count("hanzo.hmm.v1.EventOrderClosed"),
  };
}

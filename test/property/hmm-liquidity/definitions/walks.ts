// Random walks of two accounts on a whole market: liquidity of every kind between trades, orders, curve changes and block ends.
import assert from "node:assert/strict";
import { ModuleError, minOf } from "#sdk";
import { h2, priceE18 } from "../../../../modules/hmm/curve/math.ts";
import { isSettled } from "../../../../modules/hmm/pool/settled.ts";
import type { PoolState } from "../../../../modules/hmm/records.ts";
import { fc } from "../../../harness/fastCheck.ts";
import { AUTHORITY, alice, bob, E18, openSmall, poolOf, positionOf } from "../../../unit/hmm/liquidityMarket.ts";
import type { MemoryMarket } from "../../../unit/hmm/memoryMarket.ts";
import { define, type Property } from "../../hmm/definitions/property.ts";

const LIQUIDITY = ["add", "credit", "resource", "remove", "collect", "basket", "unbasket"] as const;
const OTHERS = ["swap", "sell", "order", "block", "block", "ramp", "dynamic", "pause"] as const;
type Kind = (typeof LIQUIDITY)[number] | (typeof OTHERS)[number];
type Step = readonly [kind: Kind, bobs: boolean, millionths: bigint];

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(fc.constantFrom(...LIQUIDITY, ...OTHERS), fc.boolean(), fc.bigInt({ min: 1n, max: 20_000n })),
  { minLength: 1, maxLength: 16 },
);

/** Sends a message; refusals are allowed and leave no trace. @returns whether it was accepted */
function attempt(m: MemoryMarket, name: string, request: object): boolean {
  try {
    m.send(name, request);
    return true;
  } catch (cause) {
    if (!(cause instanceof ModuleError)) throw cause;
    return false;
  }
}

function takeLiquidity(m: MemoryMarket, kind: Kind, sender: string, part: (of: bigint) => string): boolean {
  const pool = poolOf(m);
  const at = { sender, poolId: "gpu" };
  const pools = [{ poolId: "gpu", maxResource: part(pool.psi) }];
  switch (kind) {
    case "add":
      return attempt(m, "AddLiquidity", { ...at, maxResource: part(pool.psi), maxCredit: part(2n * pool.theta) });
    case "credit":
      return attempt(m, "AddSingleSided", { ...at, credit: part(pool.theta / 5n) });
    case "resource":
      return attempt(m, "AddSingleSided", { ...at, resource: part(pool.psi / 5n) });
    case "remove":
      return attempt(m, "RemoveLiquidity", { ...at, shares: part((positionOf(m, sender)?.shares ?? 0n) * 60n) });
    case "basket":
      return attempt(m, "AddBasket", { sender, pools, maxCredit: part(pool.theta) });
    case "unbasket":
      return attempt(m, "RemoveBasket", { sender, poolIds: ["gpu"], fractionE18: part(50n * E18) });
    default:
      return attempt(m, "CollectFees", at);
  }
}

function takeOther(m: MemoryMarket, kind: Kind, sender: string, part: (of: bigint) => string): void {
  const pool = poolOf(m);
  const at = { sender, poolId: "gpu" };
  const governed = { authority: AUTHORITY, poolId: "gpu" };
  const odd = BigInt(part(1_000_000n)) % 2n === 1n;
  if (kind === "swap") attempt(m, "Swap", { ...at, creditIn: part(pool.theta / 4n) });
  else if (kind === "sell") attempt(m, "Sell", { ...at, amountIn: part(pool.psi / 4n) });
  else if (kind === "order") {
    const limitE18 = odd ? 2n * priceE18(pool) : priceE18(pool) / 2n;
    attempt(m, "PlaceOrder", { ...at, side: odd ? 1 : 2, resource: part(pool.psi / 2n), limitE18: limitE18.toString() });
  } else if (kind === "ramp") attempt(m, "UpdatePool", { ...governed, ramp: { centreE18: part(pool.centreE18 * 90n) } });
  else if (kind === "dynamic") attempt(m, "UpdatePool", { ...governed, ...(odd ? { dynamicRisk: true } : { riskE18: part(E18) }) });
  else if (kind === "pause") attempt(m, "SetPoolStatus", { ...governed, status: odd ? 2 : 1 });
  else m.endBlock();
}

/** Walks, and looks at the pool before and after every step that was accepted. */
function walk(sequence: readonly Step[], look: (m: MemoryMarket, kind: Kind, before: PoolState, after: PoolState) => void): MemoryMarket {
  const m = openSmall({ params: { liquidityLockBlocks: 0n, referenceBlocks: 3n, volatilityBlocks: 2n } });
  for (const [kind, bobs, millionths] of sequence) {
    const part = (of: bigint): string => ((of * millionths) / 1_000_000n).toString();
    const sender = bobs ? bob : alice;
    const before = poolOf(m);
    if (!(LIQUIDITY as readonly Kind[]).includes(kind)) takeOther(m, kind, sender, part);
    else if (!takeLiquidity(m, kind, sender, part)) continue;
    look(m, kind, before, poolOf(m));
  }
  return m;
}

function sharesKeepInvariant(sequence: readonly Step[]): void {
  walk(sequence, (_, kind, before, after) => {
    if (kind === "ramp" || kind === "block") return;
    // √H per share never falls: H'·N² ≥ H·N'².
    assert.ok(h2(after) * before.shares ** 2n >= h2(before) * after.shares ** 2n, kind);
  });
}

function proportionsKeepPrice(sequence: readonly Step[]): void {
  walk(sequence, (_, kind, before, after) => {
    if (!["add", "basket", "remove", "unbasket"].includes(kind)) return;
    const [was, is] = [priceE18(before), priceE18(after)];
    const least = [before.psi, before.theta, after.psi, after.theta].reduce(minOf);
    assert.ok((is > was ? is - was : was - is) * least <= 2n * was + 2n * least, `${kind}: from ${was} to ${is}`);
    // The immediate window and the risk fee see nothing of it either.
    const displaced = (pool: PoolState, from: bigint): bigint => ((pool.psi - from) * E18) / pool.psi;
    for (const [a, b] of [
      [displaced(before, before.psiRef), displaced(after, after.psiRef)],
      [displaced(before, before.block.height === after.block.height ? before.block.psi : before.psi), displaced(after, after.block.psi)],
    ] as const) {
      const distance = a > b ? a - b : b - a;
      assert.ok(distance * least <= 4n * E18 + 4n * least, `${kind}: displaced by ${a}, then ${b}`);
    }
  });
}

/** What all positions of the pool could collect, credit base units. */
function collectable(m: MemoryMarket, pool: PoolState): { readonly due: bigint; readonly count: bigint } {
  const positions = m.exportGenesis().positions.filter(({ poolId }) => poolId === "gpu");
  let due = 0n;
  for (const p of positions) due += BigInt(p.feesOwed) + ((BigInt(p.shares) * (pool.feeGrowthQ128 - BigInt(p.feeGrowthQ128))) >> 128n);
  return { due, count: BigInt(positions.length) };
}

function feesAreConserved(sequence: readonly Step[]): void {
  let touched = 0n;
  walk(sequence, (m, _, __, after) => {
    touched += 2n;
    const { due, count } = collectable(m, after);
    const dust = after.feesHeld - after.block.fees - due;
    // Every position, and every count of a position's fees, rounds one unit down; the carry is less than one more.
    assert.ok(dust >= 0n && dust <= count + touched + 1n, `${dust} held beyond what is due`);
  });
}

function movingIsExact(sequence: readonly Step[]): void {
  const m = walk(sequence, (market) => market.requireInvariants());
  for (let blocks = 0; !isSettled(poolOf(m)); blocks++) {
    assert.ok(blocks < 400, "a pool comes to rest");
    // Ramps to far targets never end here.
    if (poolOf(m).ramp !== undefined)
      attempt(m, "UpdatePool", { authority: AUTHORITY, poolId: "gpu", ramp: { centreE18: poolOf(m).centreE18.toString() } });
    m.endBlock();
    m.requireInvariants();
  }
}

function freshEarnNothing(sequence: readonly Step[]): void {
  const m = walk(sequence, () => undefined);
  m.endBlock();
  const held = (): bigint => {
    const position = positionOf(m, alice);
    const { feeGrowthQ128 } = poolOf(m);
    return position === undefined ? 0n : position.feesOwed + ((position.shares * (feeGrowthQ128 - position.feeGrowthQ128)) >> 128n);
  };
  attempt(m, "SetPoolStatus", { authority: AUTHORITY, poolId: "gpu", status: 1 });
  attempt(m, "RemoveLiquidity", { sender: alice, poolId: "gpu", shares: (positionOf(m, alice)?.shares ?? 0n).toString() });
  const before = held();
  attempt(m, "AddLiquidity", { sender: alice, poolId: "gpu", maxResource: (10n ** 11n).toString(), maxCredit: (10n ** 12n).toString() });
  attempt(m, "Swap", { sender: bob, poolId: "gpu", creditIn: (10n ** 9n).toString() });
  m.endBlock();
  assert.equal(held(), before);
}

/** Claims about walks. */
export const walkProperties: readonly Property[] = [
  define("L1", "√H per share never falls, whatever trades and deposits come in one block", 40, steps, sharesKeepInvariant),
  define("L2", "proportional changes keep price, displacement and distance to the reference", 40, steps, proportionsKeepPrice),
  define("L3", "fees are held for somebody, to the unit", 40, steps, feesAreConserved),
  define(
    "L4",
    "the pools that the end of a block looks at are exactly those that are not at rest, and all come to rest",
    25,
    steps,
    movingIsExact,
  ),
  define("L5", "shares earn nothing of the block in which they are issued", 25, steps, freshEarnNothing),
];

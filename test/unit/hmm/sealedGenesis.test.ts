import assert from "node:assert/strict";
import { test } from "node:test";
import type { Round, SealedOrder } from "#proto/hanzo/hmm/v1/types";
import { Side } from "#proto/hanzo/hmm/v1/types";
import { QueryError } from "#sdk";
import { endRound } from "../../../modules/hmm/sealed/endRound.ts";
import { checkSealed, exportSealed, initSealed, type SealedGenesis } from "../../../modules/hmm/sealed/genesis.ts";
import { queryRound, querySealedOrders } from "../../../modules/hmm/sealed/queries.ts";
import { roundCountsSealed } from "../../../modules/hmm/sealed/roundCountsSealed.ts";
import {
  accountOf,
  address,
  BUY,
  E18,
  openSealedMarket,
  refusal,
  SALE,
  SEALED_PARAMS,
  type SealedMarket,
  TIER,
} from "../../property/hmm-sealed/sealedMarket.ts";

const bob = accountOf("bob");
const env = { address, params: SEALED_PARAMS, poolIds: new Set(["gpu", "ram"]) };

/** A market in the first reveal block with a revealed buy, a revealed sale and an order that is still sealed. */
function midRound(): SealedMarket {
  const m = openSealedMarket();
  m.commit(BUY);
  m.commit(SALE);
  m.commit({ ...BUY, sender: bob });
  m.goTo(4n);
  m.reveal(BUY);
  m.reveal(SALE);
  return m;
}

test("what is exported is read back and exported again the same", () => {
  const m = midRound();
  const genesis = exportSealed(m.market, m.ctx);
  assert.equal(genesis.sealedOrders.length, 3);
  const other = openSealedMarket();
  other.goTo(4n);
  initSealed(other.market, other.ctx, checkSealed(env, genesis));
  assert.deepEqual(exportSealed(other.market, other.ctx), genesis);
});

test("after the last block of a round its count is back at zero, so that what is exported there can be read", () => {
  const m = midRound();
  m.goTo(5n);
  endRound(m.market, m.ctx);
  assert.equal(roundCountsSealed(m.market, m.ctx), undefined);
  const { round: ended, sealedOrders } = exportSealed(m.market, m.ctx);
  assert.deepEqual([ended?.id, ended?.sealed, sealedOrders], [1n, 0, []]);
  checkSealed(env, { round: ended, sealedOrders });
});

test("a genesis without a round is empty", () => {
  const m = openSealedMarket();
  initSealed(m.market, m.ctx, checkSealed(env, { round: undefined, sealedOrders: [] }));
  assert.deepEqual(exportSealed(m.market, m.ctx), { round: m.market.state.round.get(m.ctx), sealedOrders: [] });
});

test("a round with sealed orders must hold the first height", () => {
  const genesis = exportSealed(midRound().market, midRound().ctx);
  for (const height of [6n, 11n]) {
    const m = openSealedMarket();
    m.goTo(height);
    assert.throws(
      () => initSealed(m.market, m.ctx, checkSealed(env, genesis)),
      refusal("hmm", 16, new RegExp(`the first height ${height} in .* 1 to 5`)),
    );
  }
});

test("a round without sealed orders that does not hold the first height is followed by the next", () => {
  const m = openSealedMarket();
  m.goTo(5n);
  const round: Round = { id: 9n, startHeight: 1000n, commitBlocks: 3n, revealBlocks: 2n, sealed: 0 };
  initSealed(m.market, m.ctx, checkSealed(env, { round, sealedOrders: [] }));
  m.nextBlock();
  assert.deepEqual(m.market.state.round.get(m.ctx), { ...round, id: 10n, startHeight: 6n });
});

const order = (change: Partial<SealedOrder>) => (g: SealedGenesis) => ({
  ...g,
  sealedOrders: g.sealedOrders.map((o, i) => (i === 0 ? { ...o, ...change } : o)),
});
const round = (change: Partial<Round>) => (g: SealedGenesis) => ({ ...g, round: { ...(g.round ?? assert.fail()), ...change } });

const wrong: readonly (readonly [name: string, change: (g: SealedGenesis) => SealedGenesis, text: RegExp])[] = [
  ["no round", (g) => ({ ...g, round: undefined }), /sealed_orders: expected 0 as the round counts, got 3/],
  ["a wrong count", round({ sealed: 2 }), /sealed_orders: expected 2/],
  ["round 0", round({ id: 0n }), /round.id: expected at least 1/],
  ["a round at height 0", round({ startHeight: 0n }), /round.start_height/],
  ["a commit phase of one block", round({ commitBlocks: 1n }), /round.commit_blocks: expected 2 to/],
  ["an endless reveal phase", round({ revealBlocks: 2n ** 60n }), /round.reveal_blocks/],
  ["an order of another round", order({ round: 2n }), /round: expected 1, got 2/],
  ["a short hash", order({ hash: new Uint8Array(20) }), /hash: expected 32 bytes, got 20/],
  ["an unknown pool", order({ poolId: "tpu" }), /pool_id: expected a pool "tpu"/],
  ["no deposit", order({ deposit: "0", revealed: false, side: 0, resource: "0", limitE18: "0" }), /deposit: expected at least 1/],
  ["a deposit that is no number", order({ deposit: "1.5" }), /deposit: expected a decimal integer/],
  ["a sealed order with a side", order({ revealed: false, side: 1, resource: "0", limitE18: "0" }), /before the reveal/],
  ["a sealed order with an amount", order({ revealed: false, side: 0, resource: "1", limitE18: "0" }), /before the reveal/],
  [
    "a revealed order without a side",
    order({ revealed: true, side: 0, resource: "1", limitE18: "1" }),
    /side: expected 1 \(buy\) or 2 \(sell\)/,
  ],
  ["a revealed order without a limit", order({ revealed: true, side: 1, resource: "1", limitE18: "0" }), /limit_e18: expected at least 1/],
  [
    "a revealed buy that costs more than its deposit",
    order({ revealed: true, side: Side.SIDE_BUY, resource: (TIER - 3n).toString(), limitE18: E18.toString() }),
    /deposit: expected at least the order's largest cost 1000001, got 1000000/,
  ],
  [
    "an order twice",
    (g) => ({ ...g, sealedOrders: [g.sealedOrders[0] ?? assert.fail(), ...g.sealedOrders.slice(0, 2)] }),
    /expected one sealed order, got two/,
  ],
];
for (const [name, change, text] of wrong) {
  test(`a genesis with ${name} is refused`, () => {
    const m = midRound();
    assert.throws(() => checkSealed(env, change(exportSealed(m.market, m.ctx))), refusal("hmm", 16, text));
  });
}

test("a genesis with an owner that is no address is refused", () => {
  const m = midRound();
  assert.throws(() => checkSealed(env, order({ sender: "cosmos1" })(exportSealed(m.market, m.ctx))), refusal("sdk", 7));
});

test("the query for the round answers for the next block", () => {
  const m = openSealedMarket();
  const seen: [bigint | undefined, bigint | undefined, boolean][] = [];
  for (let height = 1n; height <= 6n; height++) {
    m.goTo(height);
    const { round: next, revealing } = queryRound(m.market, m.ctx);
    seen.push([next?.id, next?.startHeight, revealing]);
  }
  assert.deepEqual(seen, [
    [1n, 1n, false],
    [1n, 1n, false],
    [1n, 1n, true],
    [1n, 1n, true],
    // After the round's last block the next block begins a round, with the parameters that hold now.
    [2n, 6n, false],
    [2n, 6n, false],
  ]);
});

test("sealed orders are listed in pages, all of them or those of one account", () => {
  const m = midRound();
  const ask = (sender: string, limit: bigint, key: Uint8Array = new Uint8Array(0)): ReturnType<typeof querySealedOrders> =>
    querySealedOrders(m.market, m.ctx, { sender, pagination: { key, offset: 0n, limit, countTotal: false, reverse: false } });
  const all = ask("", 10n).orders;
  assert.equal(all.length, 3);
  assert.deepEqual(
    ask(BUY.sender, 10n).orders,
    all.filter(({ sender }) => sender === BUY.sender),
  );
  const first = ask(BUY.sender, 1n);
  const second = ask(BUY.sender, 1n, first.pagination?.nextKey);
  assert.deepEqual(
    [...first.orders, ...second.orders],
    all.filter(({ sender }) => sender === BUY.sender),
  );
  assert.deepEqual(
    ask(bob, 10n).orders.map(({ revealed, side, resource, limitE18 }) => [revealed, side, resource, limitE18]),
    [[false, 0, "0", "0"]],
  );
  assert.deepEqual(ask(accountOf("dave"), 10n).orders, []);
  assert.throws(
    () => ask("nobody", 10n),
    (e) => e instanceof QueryError && e.status === 3,
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { GenesisState } from "#proto/hanzo/hmm/v1/genesis";
import { CommitmentStatus, type Order, OrderKind, Side } from "#proto/hanzo/hmm/v1/types";
import { alice, BOND, bob, type CapacityMarket, E18, openCapacityMarket, PSI, THETA, UNITS } from "./capacityMarket.ts";
import { ACCOUNT, accountOf, CHAIN, type MemoryMarketOptions, openMarket, refusal, TREASURY, testClass } from "./memoryMarket.ts";

/** A market with a commitment in every state: free, on offer, sold, expired. */
function busyMarket(): CapacityMarket {
  const market = openCapacityMarket({ native: 10n ** 15n });
  market.commit({ askE18: `${9n * E18}` });
  market.commitSold(UNITS, BOND, 50n);
  market.commitSold(UNITS, BOND, 2n);
  market.blocks(1);
  return market;
}

/** Balances that a genesis must find. */
function coinsOf(market: CapacityMarket): NonNullable<MemoryMarketOptions["coins"]> {
  return [ACCOUNT, TREASURY, alice, bob, accountOf("provider")].flatMap((owner) =>
    ["ngpu", "credit", CHAIN.baseDenom]
      .map((denom) => [owner, denom, market.balance(owner, denom)] as const)
      .filter(([, , amount]) => amount > 0n),
  );
}

test("commitments, offers and buy-backs come back from an exported genesis and go on", () => {
  const market = busyMarket();
  const exported = market.exportGenesis();
  assert.deepEqual(
    exported.commitments.map(({ id, status }) => [id, status]),
    [
      [1n, CommitmentStatus.COMMITMENT_STATUS_ACTIVE],
      [2n, CommitmentStatus.COMMITMENT_STATUS_ACTIVE],
      [3n, CommitmentStatus.COMMITMENT_STATUS_ACTIVE],
      [4n, CommitmentStatus.COMMITMENT_STATUS_EXPIRED],
    ],
  );
  assert.equal(exported.lastCommitmentId, 4n);
  const again = openCapacityMarket({ coins: coinsOf(market), height: market.ctx.height, change: () => exported });
  assert.deepEqual(again.exportGenesis(), exported);
  again.requireInvariants();
  again.blocks(60);
  assert.deepEqual(
    again.exportGenesis().commitments.map(({ id }) => id),
    [1n, 2n],
  );
});

type Change = (genesis: GenesisState) => GenesisState;
const commitment =
  (at: number, change: object): Change =>
  (genesis) => ({ ...genesis, commitments: genesis.commitments.map((c, i) => (i === at ? { ...c, ...change } : c)) });
const order =
  (kind: OrderKind, change: Partial<Order>): Change =>
  (genesis) => ({ ...genesis, orders: genesis.orders.map((o) => (o.kind === kind ? { ...o, ...change } : o)) });

const OFFER = OrderKind.ORDER_KIND_CAPACITY;
const BUYBACK = OrderKind.ORDER_KIND_BUYBACK;
const DEFAULTED = CommitmentStatus.COMMITMENT_STATUS_DEFAULTED;

const CASES: readonly (readonly [name: string, change: Change, text: RegExp])[] = [
  ["identifiers fall", commitment(1, { id: 1n }), /rising order from 1, got 1 after 1/],
  ["identifier 0", commitment(0, { id: 0n }), /rising order/],
  ["identifier above the last", (g) => ({ ...g, lastCommitmentId: 3n }), /last_commitment_id 3/],
  ["unknown pool", commitment(1, { poolId: "tpu" }), /pool_id: expected a pool "tpu"/],
  ["weight 0", commitment(1, { weightPpm: 0 }), /weight_ppm/],
  ["weight above 1", commitment(1, { weightPpm: 1_000_001 }), /weight_ppm/],
  ["nothing outstanding", commitment(1, { outstanding: "0" }), /outstanding: expected at least 1/],
  ["more unsold than outstanding", commitment(1, { unsold: `${UNITS + 1n}` }), /unsold: expected at most/],
  ["more on offer than unsold", commitment(1, { onOffer: `${UNITS + 1n}` }), /on_offer: expected at most/],
  ["earned without sales", commitment(1, { receivable: "1" }), /receivable: expected 0/],
  ["no status", commitment(1, { status: 0 }), /status: expected 1/],
  ["expired with a bond", commitment(3, { bond: "1" }), /expected neither unsold units nor a bond/],
  ["defaulted with money", commitment(2, { status: DEFAULTED, bond: "0" }), /once defaulted/],
  ["a number with a leading zero", commitment(1, { outstanding: "01" }), /commitments\.2\.outstanding/],
  ["an offer of no commitment", order(OFFER, { commitmentId: 9n }), /expected a commitment, got 9/],
  ["an offer of another's", order(OFFER, { owner: bob }), /pool and worker of commitment 2/],
  ["an offer that buys", order(OFFER, { side: Side.SIDE_BUY }), /side: expected 2/],
  ["an offer of an expired commitment", order(OFFER, { commitmentId: 4n }), /expected commitment 4 to have status 1/],
  ["an offer of less", order(OFFER, { resource: "1" }), /expected orders over 1000000000 resource base units, got 1/],
  ["a buy-back of an active commitment", order(BUYBACK, { commitmentId: 3n }), /expected commitment 3 to have status 2/],
  ["a buy-back of less", order(BUYBACK, { resource: "1" }), /expected orders over 1000000000 resource base units, got 1/],
  ["a trader's order of a commitment", order(OFFER, { kind: OrderKind.ORDER_KIND_TRADER }), /commitment_id: expected 0/],
  ["two buy-backs", (g) => twice(g), /expected one buy-back/],
  ["more outstanding than the supply", commitment(2, { outstanding: `${UNITS + 1n}` }), /expected a supply of/],
  ["a bond that the account lacks", commitment(1, { bond: `${BOND + 1n}` }), /on the market's account/],
];

function twice(genesis: GenesisState): GenesisState {
  const buyback = genesis.orders.find(({ kind }) => kind === BUYBACK);
  assert.ok(buyback !== undefined);
  return { ...genesis, orders: [...genesis.orders, { ...buyback, id: genesis.lastOrderId + 1n }], lastOrderId: genesis.lastOrderId + 1n };
}

test("a genesis with wrong commitments is refused", () => {
  const market = busyMarket();
  const exported = market.exportGenesis();
  for (const [name, change, text] of CASES) {
    const open = (): unknown => openCapacityMarket({ coins: coinsOf(market), height: market.ctx.height, change: () => change(exported) });
    assert.throws(open, refusal("hmm", 16, text), name);
  }
});

test("a worker of a genesis must be an address", () => {
  const open = (): unknown => openMarket({ genesis: { classes: [testClass(PSI, THETA)] }, change: commitment(0, { worker: "alice" }) });
  assert.throws(open, refusal("sdk", 7));
});

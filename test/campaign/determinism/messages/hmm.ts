// Of the compute market, all that users send.
import { fromHex } from "../../../../app/encoding/bytes.ts";
import { pick, type Random, type World } from "../../../../cmd/hanzod/sim/operations/randomMessage.ts";
import { LOCAL_CLASSES } from "../../../../modules/hmm/localGenesis.ts";
import { sealedOrderHash } from "../../../../modules/hmm/sealed/hash.ts";
import { hmmGoverned } from "./hmmGoverned.ts";
import { address, type Fields, type Makers, type Memory, type ModuleMessages } from "./maker.ts";

const E18 = 10n ** 18n;
/** The least deposit of a sealed order of the local market. */
const tier = E18 * 1000n;
const units = (random: Random, most = 2000): string => String(1 + random.below(most * 1000));
const credits = (random: Random): string => String((E18 * BigInt(1 + random.below(900))) / 100n);
const pool = (random: Random, world: World): string => pick(random, world.pools);
/** More than anybody has. */
const unowned = String(E18 ** 2n);
const highPrice = String(E18 * 1_000_000n);
const own = (random: Random, ids: readonly string[] = []): string => (ids.length === 0 ? String(1 + random.below(20)) : pick(random, ids));

function commitOrder(random: Random, world: World, sender: string, memory: Memory): Fields {
  const salt = Buffer.from(Array.from({ length: 32 }, () => random.below(256)));
  const terms = { pool_id: pool(random, world), side: 1, resource: units(random), limit_e18: String(E18 / 1000n) };
  const hash = sealedOrderHash({
    chainId: memory.chainId,
    round: memory.round,
    poolId: terms.pool_id,
    sender: address.parse(sender),
    side: 1,
    resource: BigInt(terms.resource),
    limitE18: BigInt(terms.limit_e18),
    salt,
  });
  const fields = { ...terms, salt: salt.toString("base64") };
  memory.sealed.set(sender, [...(memory.sealed.get(sender) ?? []), { round: memory.round, fields }]);
  return { pool_id: terms.pool_id, hash: Buffer.from(hash).toString("base64"), deposit: String(tier) };
}

/** Whether a sender has something to reveal now. */
export function canReveal({ revealing, round, sealed }: Memory, sender: string): boolean {
  return revealing && (sealed.get(sender) ?? []).some((order) => order.round === round);
}

function revealOrder(random: Random, sender: string, memory: Memory): Fields {
  const all = memory.sealed.get(sender) ?? [];
  const waiting = all.filter(({ round }) => round === memory.round);
  if (waiting.length === 0) return { salt: Buffer.from(fromHex("00".repeat(32))).toString("base64") };
  const chosen = pick(random, waiting);
  // Now and then it is sent once more.
  if (random.below(3) > 0)
    memory.sealed.set(
      sender,
      all.filter((order) => order !== chosen),
    );
  return chosen.fields;
}

/** A bundle of one class from its two pools, for the sender or, with a coarse certificate, for somebody else. */
function routeBundle(random: Random, world: World): Fields {
  const { id, psi, theta } = pick(
    random,
    LOCAL_CLASSES.filter(({ id: name, resourceClass }) => name === resourceClass),
  );
  const [near, far] = [BigInt(units(random)), BigInt(units(random))];
  const need = near + far;
  const resource = [String(near), String(far)];
  // Four fifths of the first price of the whole: a bound below the optimum, and not far below.
  const price = (need * theta * E18 * 4n) / (psi * 5n);
  return {
    owner: random.below(4) > 0 ? "" : pick(random, world.addresses),
    bundle: { needs: [{ resource_class: id, resource: String(need) }], sla: null, colocated: [] },
    legs: [`${id}`, `${id}-eu`].map((pool_id, leg) => ({ pool_id, resource: resource[leg] })),
    max_cost: String(tier),
    certificate: random.below(3) === 0 ? null : { prices: [{ resource_class: id, mu_e18: String(price) }] },
  };
}

const likely: Makers = {
  "hanzo.hmm.v1.MsgMintCredit": (random) => ({ amount: random.below(9) === 0 ? unowned : String(E18 * BigInt(1 + random.below(5000))) }),
  "hanzo.hmm.v1.MsgRedeemCredit": (random) => ({ amount: random.below(9) === 0 ? unowned : credits(random) }),
  "hanzo.hmm.v1.MsgSwap": (random, world) => ({ pool_id: pool(random, world), credit_in: credits(random), min_out: "" }),
  "hanzo.hmm.v1.MsgBuyExactOut": (random, world) => ({ pool_id: pool(random, world), amount_out: units(random), max_credit: String(tier) }),
  "hanzo.hmm.v1.MsgSell": (random, world) => ({ pool_id: pool(random, world), amount_in: units(random, 20), min_credit: "" }),
  "hanzo.hmm.v1.MsgSellExactOut": (random, world) => ({
    pool_id: pool(random, world),
    credit_out: units(random, 1),
    max_in: units(random),
  }),
  "hanzo.hmm.v1.MsgAddLiquidity": (random, world) => ({
    pool_id: pool(random, world),
    max_resource: units(random),
    max_credit: String(tier),
    min_shares: "",
    commitment_id: "0",
  }),
  "hanzo.hmm.v1.MsgRemoveLiquidity": (random, world, sender, { unlocked }) => ({
    pool_id: random.below(8) === 0 ? pool(random, world) : pick(random, unlocked.get(sender) ?? world.pools),
    shares: units(random, 1),
    min_resource: "",
    min_credit: "",
  }),
  "hanzo.hmm.v1.MsgRemoveBasket": (random, world, sender, { unlocked }) => ({
    pool_ids: (unlocked.get(sender) ?? [pool(random, world)]).slice(0, 1 + random.below(3)),
    fraction_e18: String(E18 / BigInt(2 + random.below(40))),
    min_credit: "",
  }),
  "hanzo.hmm.v1.MsgRouteBundle": routeBundle,
  "hanzo.hmm.v1.MsgAddSingleSided": (random, world) => ({
    pool_id: pool(random, world),
    credit: credits(random),
    resource: "",
    min_shares: "",
  }),
  "hanzo.hmm.v1.MsgCollectFees": (random, world) => ({ pool_id: pool(random, world) }),
  "hanzo.hmm.v1.MsgPlaceOrder": (random, world) => ({
    pool_id: pool(random, world),
    side: 1 + random.below(2),
    resource: units(random, 20),
    limit_e18: random.below(2) === 0 ? "1" : highPrice,
    blocks: String(random.below(11)),
  }),
  "hanzo.hmm.v1.MsgCancelOrder": (random, _world, sender, { orders }) => ({ order_id: own(random, orders.get(sender)) }),
  "hanzo.hmm.v1.MsgCommitOrder": commitOrder,
  "hanzo.hmm.v1.MsgRevealOrder": (random, _world, sender, memory) => revealOrder(random, sender, memory),
  "hanzo.hmm.v1.MsgCommitCapacity": (random, world) => ({
    pool_id: pool(random, world),
    resource: units(random),
    bond: String(E18 * 1000n),
    blocks: String(3 + random.below(60)),
    ask_e18: random.below(4) > 0 ? "" : String(E18),
  }),
  "hanzo.hmm.v1.MsgOfferCapacity": (random, _world, sender, { commitments }) => ({
    commitment_id: own(random, commitments.get(sender)),
    resource: units(random, 1),
    ask_e18: String(E18),
  }),
  "hanzo.hmm.v1.MsgDeliverCapacity": (random) => ({ commitment_id: own(random), resource: units(random, 1) }),
  "hanzo.hmm.v1.MsgReleaseCapacity": (random, _world, sender, { commitments }) => ({
    commitment_id: own(random, commitments.get(sender)),
    resource: String(1 + random.below(50)),
  }),
  "hanzo.hmm.v1.MsgAllowRouter": (random, world) => ({
    router: pick(random, world.addresses),
    credit: credits(random),
    expires_height: "0",
  }),
  "hanzo.hmm.v1.MsgAddBasket": (random) => ({
    pools: ["disk", "gpu"].map((pool_id) => ({ pool_id, max_resource: units(random) })),
    max_credit: String(tier),
    min_fraction_e18: "",
  }),
};

/** Messages of the compute market. */
export const hmmMessages: ModuleMessages = { likely, governed: hmmGoverned };

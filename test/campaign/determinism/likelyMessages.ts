// Fields that make a message of the market or the bank likely to succeed; everything else is random.
import { fromHex } from "../../../app/encoding/bytes.ts";
import { CHAIN } from "../../../app/hanzo.ts";
import { createAddressCodec } from "../../../app/sdk/index.ts";
import { sealedOrderHash } from "../../../modules/hmm/sealed/hash.ts";
import { pick, type Random, type World } from "./randomMessage.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What the generator remembers of its own messages. */
export interface Memory {
  /** Round of sealed orders in the committed state. */
  round: bigint;
  readonly chainId: string;
  /** Whether reveals are taken now. */
  revealing: boolean;
  /** Waiting orders and commitments in the committed state, by account. */
  readonly orders: Map<string, readonly string[]>;
  readonly commitments: Map<string, readonly string[]>;
  /** Sealed orders that may be revealed, by sender. */
  readonly sealed: Map<string, { readonly round: bigint; readonly fields: Fields }[]>;
}

const E18 = 10n ** 18n;
/** The least deposit of a sealed order of the local market. */
const tier = E18 * 1000n;
const address = createAddressCodec(CHAIN.bech32Prefix);
const units = (random: Random, most = 2000): string => String(1 + random.below(most * 1000));
const credits = (random: Random): string => String((E18 * BigInt(1 + random.below(900))) / 100n);
const coinsOf = (random: Random): object[] => [{ denom: CHAIN.baseDenom, amount: String(1 + random.below(1_000_000)) }];
const pool = (random: Random, world: World): string => pick(random, world.pools);
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

function revealOrder(random: Random, sender: string, memory: Memory): Fields {
  const waiting = (memory.sealed.get(sender) ?? []).filter(({ round }) => round === memory.round);
  return waiting.length === 0 ? { salt: Buffer.from(fromHex("00".repeat(32))).toString("base64") } : pick(random, waiting).fields;
}

type Maker = (random: Random, world: World, sender: string, memory: Memory) => Fields;

const makers: Readonly<Record<string, Maker>> = {
  "cosmos.bank.v1beta1.MsgSend": (random, world) => ({ to_address: pick(random, world.addresses), amount: coinsOf(random) }),
  "cosmos.bank.v1beta1.MsgMultiSend": (random, world, sender) => {
    const coins = coinsOf(random);
    return { inputs: [{ address: sender, coins }], outputs: [{ address: pick(random, world.addresses), coins }] };
  },
  "hanzo.hmm.v1.MsgMintCredit": (random) => ({ amount: String(E18 * BigInt(1 + random.below(5000))) }),
  "hanzo.hmm.v1.MsgRedeemCredit": (random) => ({ amount: credits(random) }),
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
  "hanzo.hmm.v1.MsgRemoveLiquidity": (random, world) => ({
    pool_id: pool(random, world),
    shares: units(random, 1),
    min_resource: "",
    min_credit: "",
  }),
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
    blocks: String(random.below(4)),
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

/** Types that are drawn most of the time; a market with trades makes other messages meaningful. */
export const likelyTypes: readonly string[] = [
  ...Object.keys(makers),
  "hanzo.hmm.v1.MsgSwap",
  "hanzo.hmm.v1.MsgBuyExactOut",
  "hanzo.hmm.v1.MsgCommitCapacity",
];

/** Fields that let a message of this type succeed, mostly; none for types that are not known here. */
export function likelyFields(typeName: string, random: Random, world: World, sender: string, memory: Memory): Fields {
  return makers[typeName]?.(random, world, sender, memory) ?? {};
}

// Messages that only the authority may send, with fields that leave the chain usable for whatever comes after.
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { CHAIN, descriptors } from "../../../app/hanzo.ts";
import { pick, type Random } from "../../../cmd/hanzod/sim/operations/randomMessage.ts";
import { DEFAULT_PARAMS } from "../../../modules/hmm/params.ts";
import { Params } from "../../../proto/gen/hanzo/hmm/v1/types.ts";

type Fields = Readonly<Record<string, unknown>>;

const E18 = 10n ** 18n;
/** Pools that nothing else needs. */
const spare = ["disk-eu", "ram-eu"];

/** Parameters of the seeded chain's market: liquidity comes free within its blocks, and a coarse certificate is good enough. */
export const MARKET_PARAMS: Params = { ...DEFAULT_PARAMS, liquidityLockBlocks: 4n, routeTolerancePpm: 1_000_000 };

const marketParams = (changes: Partial<Params>): unknown =>
  toProtoJson(descriptors(), Params.$type, Params.encode({ ...MARKET_PARAMS, ...changes }).finish());

/** Makers by message type. */
export const governedMakers: Readonly<Record<string, (random: Random) => Fields>> = {
  "cosmos.consensus.v1.MsgUpdateParams": (random) => ({
    block: { max_bytes: "4194304", max_gas: String(50_000_000 + random.below(1000)) },
    evidence: { max_age_num_blocks: String(100_000 + random.below(9)), max_age_duration: "172800s", max_bytes: "1048576" },
    validator: { pub_key_types: ["ed25519"] },
    abci: null,
  }),
  "cosmos.auth.v1beta1.MsgUpdateParams": (random) => ({
    params: {
      max_memo_characters: String(200 + random.below(100)),
      tx_sig_limit: "7",
      tx_size_cost_per_byte: String(8 + random.below(5)),
      sig_verify_cost_ed25519: "590",
      sig_verify_cost_secp256k1: "1000",
    },
  }),
  "cosmos.staking.v1beta1.MsgUpdateParams": (random) => ({
    params: {
      unbonding_time: "60s",
      max_validators: 3 + random.below(3),
      max_entries: 7,
      historical_entries: 10 + random.below(9),
      bond_denom: CHAIN.baseDenom,
      min_commission_rate: "0.05",
    },
  }),
  "cosmos.bank.v1beta1.MsgUpdateParams": () => ({ params: { default_send_enabled: true } }),
  "cosmos.bank.v1beta1.MsgSetSendEnabled": (random) => ({
    send_enabled: [{ denom: pick(random, ["ndisk", "nram"]), enabled: random.below(3) > 0 }],
    use_default_for: [pick(random, ["nvram", "nnet"])],
  }),
  "hanzo.hmm.v1.MsgCreatePool": (random) => {
    const name = `p${random.below(100_000)}`;
    return {
      pool_id: name,
      denom: `n${name}`,
      resource_class: pick(random, ["gpu", "fpga"]),
      service: { group: "us-1", region: "us", tier: 1, latency_us: "1000", jitter_us: "10" },
      centre_e18: String(E18 * BigInt(1 + random.below(1000))),
      w_e18: String(E18),
      lambda_e18: String(E18 / 20n),
      market_fee_e18: String(E18 / 400n),
      risk_e18: String(E18 / 20n),
      dynamic_risk: random.below(2) === 0,
    };
  },
  "hanzo.hmm.v1.MsgUpdatePool": (random) => ({
    pool_id: pick(random, spare),
    service: null,
    market_fee_e18: String(E18 / BigInt(200 + random.below(200))),
    risk_e18: "",
    dynamic_risk: true,
    ramp: random.below(2) === 0 ? null : { centre_e18: "", w_e18: "", lambda_e18: String(E18 / BigInt(15 + random.below(10))) },
  }),
  "hanzo.hmm.v1.MsgSetPoolStatus": (random) => ({ pool_id: pick(random, spare), status: 1 + random.below(2) }),
  "hanzo.hmm.v1.MsgUpdateParams": (random) => ({
    params: marketParams({ burnBps: 2000 + random.below(1000), forfeitBps: 50 + random.below(100) }),
  }),
};

/** Types of these messages. */
export const governedTypes: readonly string[] = Object.keys(governedMakers);

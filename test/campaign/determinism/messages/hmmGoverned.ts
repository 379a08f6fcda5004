// Of the compute market, what only the authority may send.

import { descriptors } from "../../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../../app/encoding/protoJson.ts";
import { pick } from "../../../../cmd/hanzod/sim/operations/randomMessage.ts";
import { DEFAULT_PARAMS } from "../../../../modules/hmm/params.ts";
import { Params } from "../../../../proto/gen/hanzo/hmm/v1/types.ts";
import type { Makers } from "./maker.ts";

const E18 = 10n ** 18n;
/** Pools that nothing else needs. */
const spare = ["disk-eu", "ram-eu"];

/** Parameters of the seeded chain's market: liquidity comes free within its blocks, and a coarse certificate is good enough. */
export const MARKET_PARAMS: Params = { ...DEFAULT_PARAMS, liquidityLockBlocks: 4n, routeTolerancePpm: 1_000_000 };

const marketParams = (changes: Partial<Params>): unknown =>
  toProtoJson(descriptors(), Params.$type, Params.encode({ ...MARKET_PARAMS, ...changes }).finish());

/** Messages of the authority. */
export const hmmGoverned: Makers = {
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

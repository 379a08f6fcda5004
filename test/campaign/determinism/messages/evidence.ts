import { address, type ModuleMessages, timeText } from "./maker.ts";

/** Messages of x/evidence: well formed, though nobody's evidence is taken but CometBFT's. */
export const evidenceMessages: ModuleMessages = {
  likely: {
    "cosmos.evidence.v1beta1.MsgSubmitEvidence": (random, _world, sender, { height, seconds }) => ({
      evidence: {
        "@type": "/cosmos.evidence.v1beta1.Equivocation",
        height: String(height),
        time: timeText(seconds),
        power: String(1 + random.below(100)),
        consensus_address: address.consensus.format(address.parse(sender)),
      },
    }),
  },
};

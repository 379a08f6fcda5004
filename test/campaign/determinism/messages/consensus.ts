import type { ModuleMessages } from "./maker.ts";

/** Messages of x/consensus. */
export const consensusMessages: ModuleMessages = {
  governed: {
    "cosmos.consensus.v1.MsgUpdateParams": (random) => ({
      block: { max_bytes: "4194304", max_gas: String(50_000_000 + random.below(1000)) },
      evidence: { max_age_num_blocks: String(100_000 + random.below(9)), max_age_duration: "172800s", max_bytes: "1048576" },
      validator: { pub_key_types: ["ed25519"] },
      abci: null,
    }),
  },
};

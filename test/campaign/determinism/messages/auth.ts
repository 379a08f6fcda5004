import type { ModuleMessages } from "./maker.ts";

/** Messages of x/auth. */
export const authMessages: ModuleMessages = {
  governed: {
    "cosmos.auth.v1beta1.MsgUpdateParams": (random) => ({
      params: {
        max_memo_characters: String(200 + random.below(100)),
        tx_sig_limit: "7",
        tx_size_cost_per_byte: String(8 + random.below(5)),
        sig_verify_cost_ed25519: "590",
        sig_verify_cost_secp256k1: "1000",
      },
    }),
  },
};

import { pick } from "../../../../cmd/hanzod/sim/operations/randomMessage.ts";
import { coinsOf, type ModuleMessages } from "./maker.ts";

/** Messages of x/bank. */
export const bankMessages: ModuleMessages = {
  likely: {
    "cosmos.bank.v1beta1.MsgSend": (random, world) => ({ to_address: pick(random, world.addresses), amount: coinsOf(random) }),
    "cosmos.bank.v1beta1.MsgMultiSend": (random, world, sender) => {
      const coins = coinsOf(random);
      return { inputs: [{ address: sender, coins }], outputs: [{ address: pick(random, world.addresses), coins }] };
    },
  },
  governed: {
    "cosmos.bank.v1beta1.MsgUpdateParams": () => ({ params: { default_send_enabled: true } }),
    "cosmos.bank.v1beta1.MsgSetSendEnabled": (random) => ({
      send_enabled: [{ denom: pick(random, ["ndisk", "nram"]), enabled: random.below(3) > 0 }],
      use_default_for: [pick(random, ["nvram", "nnet"])],
    }),
  },
};

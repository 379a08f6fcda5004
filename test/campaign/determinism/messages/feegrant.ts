import { CHAIN } from "../../../../app/hanzo.ts";
import { pick, type Random } from "../../../../cmd/hanzod/sim/operations/randomMessage.ts";
import { type Fields, type ModuleMessages, timeText } from "./maker.ts";

/** Fees of a few transactions. */
const fees = (random: Random): object[] => [{ denom: CHAIN.baseDenom, amount: String(5_000_000_000_000n * BigInt(1 + random.below(6))) }];

function allowance(random: Random, seconds: bigint): Fields {
  const basic = {
    "@type": "/cosmos.feegrant.v1beta1.BasicAllowance",
    spend_limit: random.below(3) === 0 ? [] : fees(random),
    expiration: random.below(3) === 0 ? null : timeText(seconds + BigInt(2 + random.below(40))),
  };
  switch (random.below(4)) {
    case 0: {
      const { "@type": _, ...inner } = basic;
      const period_spend_limit = fees(random);
      const once = { basic: { ...inner, spend_limit: [] }, period: "5s", period_spend_limit, period_can_spend: period_spend_limit };
      return { "@type": "/cosmos.feegrant.v1beta1.PeriodicAllowance", ...once, period_reset: timeText(seconds + 5n) };
    }
    case 1: {
      const allowed_messages = ["/cosmos.bank.v1beta1.MsgSend", "/hanzo.hmm.v1.MsgSwap", "/hanzo.hmm.v1.MsgBuyExactOut"];
      return { "@type": "/cosmos.feegrant.v1beta1.AllowedMsgAllowance", allowance: basic, allowed_messages };
    }
    default:
      return basic;
  }
}

/** Messages of x/feegrant. */
export const feegrantMessages: ModuleMessages = {
  likely: {
    "cosmos.feegrant.v1beta1.MsgGrantAllowance": (random, world, _sender, { seconds }) => ({
      grantee: pick(random, world.addresses),
      allowance: allowance(random, seconds),
    }),
    "cosmos.feegrant.v1beta1.MsgRevokeAllowance": (random, world, sender, { allowances }) => {
      const given = allowances.get(sender) ?? [];
      return { grantee: pick(random, given.length > 0 ? given : world.addresses) };
    },
    "cosmos.feegrant.v1beta1.MsgPruneAllowances": () => ({}),
  },
};

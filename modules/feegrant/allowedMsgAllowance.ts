import { AllowedMsgAllowance } from "#proto/cosmos/feegrant/v1beta1/feegrant";
import type { Any } from "#proto/google/protobuf/any";
import type { Allowance, AllowanceKind } from "./allowanceKind.ts";
import type { FeegrantErrors } from "./feegrant.ts";

/** Gas of a look at one type of message (cosmos-sdk x/feegrant gasCostPerIteration). */
const TYPE_GAS = 10n;

/** Pays only for transactions whose messages are all of its types. @param read reads the allowance inside */
export function allowedMsgAllowance(read: (packed: Any | undefined, err: FeegrantErrors) => Allowance): AllowanceKind<AllowedMsgAllowance> {
  return {
    type: AllowedMsgAllowance,
    check({ allowance, allowedMessages }, err) {
      if (allowance === undefined) throw err.noAllowance("allowance should not be empty");
      if (allowedMessages.length === 0) throw err.noMessages("allowed messages shouldn't be empty");
      read(allowance, err).check(err);
    },
    expiresNs: ({ allowance }, err) => read(allowance, err).expiresNs(err),
    use(outer, use) {
      const { ctx, messageTypes, err } = use;
      const { allowance, allowedMessages } = outer;
      const allowed = new Set(allowedMessages);
      const refused = messageTypes.findIndex((type) => !allowed.has(type));
      ctx.gas(TYPE_GAS * BigInt(allowedMessages.length + (refused < 0 ? messageTypes.length : refused + 1)), "check msg");
      if (refused >= 0) throw err.messageNotAllowed("message does not exist in allowed messages");
      const left = read(allowance, err).use(use);
      return left === undefined ? undefined : { ...outer, allowance: left };
    },
  };
}

import { BasicAllowance } from "#proto/cosmos/feegrant/v1beta1/feegrant";
import { encodeCoins, timestampNs } from "#sdk";
import type { AllowanceKind } from "./allowanceKind.ts";
import { checkLimit, readLimit, spend } from "./limit.ts";

/** Pays fees up to a limit, or any. */
export const basicAllowance: AllowanceKind<BasicAllowance> = {
  type: BasicAllowance,
  check({ spendLimit, expiration }, err) {
    checkLimit(spendLimit, "send amount");
    if (expiration !== undefined && expiration.seconds < 0n) throw err.invalidDuration("expiration time cannot be negative");
  },
  expiresNs: ({ expiration }) => (expiration === undefined ? undefined : timestampNs(expiration)),
  use(allowance, { ctx, fee, err }) {
    const { spendLimit, expiration } = allowance;
    if (expiration !== undefined && timestampNs(expiration) < ctx.timeNs) throw err.expired("basic allowance");
    if (spendLimit.length === 0) return allowance;
    const left = spend(readLimit(spendLimit), fee(), err, "basic allowance");
    return left.length === 0 ? undefined : { spendLimit: encodeCoins(left), expiration };
  },
};

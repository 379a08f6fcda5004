import { AuthorizationType, StakeAuthorization } from "#proto/cosmos/staking/v1beta1/authz";
import { type Coin, type Ctx, encodeCoin, findAmount, sdkError, unregisteredError } from "#sdk";
import type { AuthorizationKind } from "./authorizationKind.ts";
import { charge } from "./listGas.ts";

/** Messages of x/staking by the authorization's type. */
const MESSAGE_TYPES: ReadonlyMap<AuthorizationType, string> = new Map([
  [AuthorizationType.AUTHORIZATION_TYPE_DELEGATE, "/cosmos.staking.v1beta1.MsgDelegate"],
  [AuthorizationType.AUTHORIZATION_TYPE_UNDELEGATE, "/cosmos.staking.v1beta1.MsgUndelegate"],
  [AuthorizationType.AUTHORIZATION_TYPE_REDELEGATE, "/cosmos.staking.v1beta1.MsgBeginRedelegate"],
  [AuthorizationType.AUTHORIZATION_TYPE_CANCEL_UNBONDING_DELEGATION, "/cosmos.staking.v1beta1.MsgCancelUnbondingDelegation"],
]);

/** What the four messages have in common. A redelegation's validator is the one it leads to. */
interface StakeMessage {
  readonly validatorAddress?: string;
  readonly validatorDstAddress?: string;
  readonly amount?: Coin | undefined;
}

/** Allows one kind of staking message, up to a limit, with some validators. */
export const stakeAuthorization: AuthorizationKind<StakeAuthorization> = {
  type: StakeAuthorization,
  messageType({ authorizationType }, err) {
    const messageType = MESSAGE_TYPES.get(authorizationType);
    if (messageType === undefined) throw err.unknownAuthorizationType(`a type from 1 to 4 expected, got ${authorizationType}`);
    return messageType;
  },
  check(authorization, err) {
    const { maxTokens, authorizationType } = authorization;
    if (authorizationType === AuthorizationType.AUTHORIZATION_TYPE_UNSPECIFIED) throw err.unknownAuthorizationType();
    if (maxTokens?.amount.startsWith("-")) throw err.negativeMaxTokens(`negative coin amount: ${maxTokens.amount}${maxTokens.denom}`);
    stakeAuthorization.messageType(authorization, err);
  },
  use(ctx, authorization, message) {
    const { validatorAddress = "", validatorDstAddress = validatorAddress, amount } = message.value as StakeMessage;
    requireValidator(ctx, authorization, validatorDstAddress);
    if (authorization.maxTokens === undefined) return "unchanged";
    const left = subtract(authorization.maxTokens, amount);
    if (left.amount === 0n) return "nothing";
    return { ...authorization, maxTokens: encodeCoin(left) };
  },
};

/** @throws sdk/4 */
function requireValidator(ctx: Ctx, { allowList, denyList }: StakeAuthorization, validator: string): void {
  const allowed = allowList?.address ?? [];
  const at = lookUp(ctx, allowed, validator);
  const isDenied = lookUp(ctx, denyList?.address ?? [], validator) >= 0;
  if (isDenied || (allowed.length > 0 && at < 0)) throw sdkError.unauthorized(`cannot delegate/undelegate to ${validator} validator`);
}

/** Place of a text in a list, -1 when it is not there. */
function lookUp(ctx: Ctx, list: readonly string[], text: string): number {
  const at = list.indexOf(text);
  charge(ctx, at < 0 ? list.length : at + 1, "stake authorization");
  return at;
}

/** @throws undefined/1 for another denomination and for more than is left; sdk/18 for an amount that is none */
function subtract(limit: Coin, used: Coin | undefined): { denom: string; amount: bigint } {
  const amount = findAmount(used?.amount ?? "");
  if (used === undefined || amount === undefined)
    throw sdkError.invalidRequest(`an amount in atomic units expected, got ${JSON.stringify(used?.amount ?? "")}`);
  if (limit.denom !== used.denom) throw unregisteredError(`invalid coin denoms: ${limit.denom}, ${used.denom}`);
  const left = (findAmount(limit.amount) ?? 0n) - amount;
  if (left < 0n) throw unregisteredError(`negative coin amount: ${left}${limit.denom}`);
  return { denom: limit.denom, amount: left };
}

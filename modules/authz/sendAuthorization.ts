import { SendAuthorization } from "#proto/cosmos/bank/v1beta1/authz";
import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import {
  type Coin,
  type CoinAmount,
  type Ctx,
  compareDenoms,
  encodeCoins,
  formatCoins,
  ModuleError,
  parseAmount,
  readSpentCoins,
  SDK_ERRORS,
  sdkError,
  subCoins,
} from "#sdk";
import type { AuthorizationKind } from "./authorizationKind.ts";
import { charge } from "./listGas.ts";

/** Allows MsgSend up to a limit, to some or to all. */
export const sendAuthorization: AuthorizationKind<SendAuthorization> = {
  type: SendAuthorization,
  messageType: () => `/${MsgSend.$type}`,
  /** As in the SDK the limit may name a denomination twice, or be unsorted and of no use. */
  check({ spendLimit, allowList }) {
    if (spendLimit.length === 0) throw sdkError.invalidCoins("spend limit cannot be nil");
    if (spendLimit.some(({ amount }) => !/^[0-9]*[1-9]/.test(amount))) throw sdkError.invalidCoins("spend limit must be positive");
    if (new Set(allowList).size < allowList.length) throw new ModuleError("bank", 8, "duplicate entry");
  },
  use(ctx, { spendLimit, allowList }, message) {
    const { toAddress, amount } = message.value as MsgSend;
    const left = subtract(mergeLimit(spendLimit), readSpentCoins(amount));
    if (!isAllowed(ctx, allowList, toAddress)) throw sdkError.unauthorized(`cannot send to ${toAddress} address`);
    return left.length === 0 ? "nothing" : { spendLimit: encodeCoins(left), allowList };
  },
};

/** The limit as it can be counted with: what stands twice is added up. @throws sdk/10 for one that is not sorted, at which the SDK panics */
function mergeLimit(limit: readonly Coin[]): readonly CoinAmount[] {
  const merged: CoinAmount[] = [];
  for (const { denom, amount } of limit) {
    const last = merged.at(-1);
    const order = last === undefined ? -1 : compareDenoms(last.denom, denom);
    if (order > 0) throw sdkError.invalidCoins(`a sorted spend limit expected, got ${formatCoins(limit)}`);
    if (last !== undefined && order === 0) merged[merged.length - 1] = { denom, amount: last.amount + parseAmount(amount) };
    else merged.push({ denom, amount: parseAmount(amount) });
  }
  return merged;
}

/** @throws sdk/5 */
function subtract(limit: readonly CoinAmount[], spent: readonly CoinAmount[]): readonly CoinAmount[] {
  try {
    return subCoins(limit, spent);
  } catch (error) {
    if (error instanceof ModuleError && error.code === SDK_ERRORS.insufficientFunds[0])
      throw sdkError.insufficientFunds("requested amount is more than spend limit");
    throw error;
  }
}

/** Texts are compared, not addresses: the granter allowed what is written. */
function isAllowed(ctx: Ctx, allowList: readonly string[], receiver: string): boolean {
  const at = allowList.indexOf(receiver);
  charge(ctx, at < 0 ? allowList.length : at + 1, "send authorization");
  return allowList.length === 0 || at >= 0;
}

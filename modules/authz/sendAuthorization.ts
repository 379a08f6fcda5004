import { SendAuthorization } from "#proto/cosmos/bank/v1beta1/authz";
import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { type CoinAmount, type Ctx, encodeCoins, ModuleError, requireCoins, SDK_ERRORS, sdkError, subCoins } from "#sdk";
import type { AuthorizationKind } from "./authorizationKind.ts";
import { charge } from "./listGas.ts";

/** Allows MsgSend up to a limit, to some or to all. */
export const sendAuthorization: AuthorizationKind<SendAuthorization> = {
  type: SendAuthorization,
  messageType: () => `/${MsgSend.$type}`,
  /** Unlike in the SDK the limit must be sorted and without doubles: its own arithmetic could not use another one. */
  check({ spendLimit, allowList }) {
    if (spendLimit.length === 0) throw sdkError.invalidCoins("spend limit cannot be nil");
    if (spendLimit.some(({ amount }) => !/^[0-9]*[1-9]/.test(amount))) throw sdkError.invalidCoins("spend limit must be positive");
    requireCoins(spendLimit);
    if (new Set(allowList).size < allowList.length) throw new ModuleError("bank", 8, "duplicate entry");
  },
  use(ctx, { spendLimit, allowList }, message) {
    const { toAddress, amount } = message.value as MsgSend;
    const left = subtract(requireCoins(spendLimit), requireCoins(amount));
    if (!isAllowed(ctx, allowList, toAddress)) throw sdkError.unauthorized(`cannot send to ${toAddress} address`);
    return left.length === 0 ? "nothing" : { spendLimit: encodeCoins(left), allowList };
  },
};

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

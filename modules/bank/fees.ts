import {
  type Coin,
  type Ctx,
  explainCoins,
  findAmount,
  formatCoins,
  ModuleError,
  moduleAddress,
  requireCoins,
  SDK_ERRORS,
  sdkError,
} from "#sdk";
import { FEE_COLLECTOR } from "../auth/index.ts";
import type { Bank } from "./bank.ts";
import { transfer } from "./send.ts";

const COLLECTOR = moduleAddress(FEE_COLLECTOR);

/**
 * Moves a transaction's fee from its payer to the fee collector; a fee of nothing moves nothing.
 * @throws sdk/13 when the fee is not a valid list of coins; sdk/5 when the payer has less, with the spendable balance in the text.
 */
export function deductFee(bank: Bank, ctx: Ctx, payer: string, fee: readonly Coin[]): void {
  if (fee.every(({ amount }) => findAmount(amount) === 0n)) return;
  if (explainCoins(fee) !== undefined) throw sdkError.insufficientFee(`invalid fee amount: ${formatCoins(fee)}`);
  try {
    transfer(bank, ctx, payer, bank.address.format(COLLECTOR), requireCoins(fee));
  } catch (cause) {
    // The SDK wraps this one error in itself; wallets show the text.
    const [code] = SDK_ERRORS.insufficientFunds;
    if (cause instanceof ModuleError && cause.codespace === "sdk" && cause.code === code) throw sdkError.insufficientFunds(cause.message);
    throw cause;
  }
}

import {
  type AddressCodec,
  type CoinAmount,
  type Ctx,
  explainCoins,
  formatCoins,
  KV_GAS,
  ModuleError,
  moduleAddress,
  ofLast,
  SDK_ERRORS,
  sdkError,
} from "#sdk";
import { FEE_COLLECTOR } from "../auth/index.ts";
import { balanceOf } from "./balances.ts";
import type { Bank } from "./bank.ts";
import { move } from "./send.ts";

const COLLECTOR = moduleAddress(FEE_COLLECTOR);
const collectorOf = ofLast((address: AddressCodec) => ({ text: address.format(COLLECTOR) }));

/**
 * Moves a transaction's fee from its payer to the fee collector; a fee of nothing moves nothing.
 * @param payer in the form that the chain writes
 * @throws sdk/13 when the fee is not a valid list of coins; sdk/5 when the payer has less, with the spendable balance in the text.
 */
export function deductFee(bank: Bank, ctx: Ctx, payer: string, fee: readonly CoinAmount[]): void {
  if (fee.every(({ amount }) => amount === 0n)) return;
  if (explainCoins(fee) !== undefined) throw sdkError.insufficientFee(`invalid fee amount: ${formatCoins(fee)}`);
  try {
    const collector = collectorOf(bank.address).text;
    const before: bigint[] = [];
    for (const { denom } of fee) before.push(balanceOf(bank, ctx, collector, denom));
    move(bank, ctx, payer, collector, fee);
    for (let i = 0; i < fee.length; i++) levelGas(ctx, fee[i] as CoinAmount, before[i] as bigint);
  } catch (cause) {
    // The SDK wraps this one error in itself; wallets show the text.
    const [code] = SDK_ERRORS.insufficientFunds;
    if (cause instanceof ModuleError && cause.codespace === "sdk" && cause.code === code) throw sdkError.insufficientFunds(cause.message);
    throw cause;
  }
}

/** Digits of a balance that a fee is charged for, whatever the collector has; 2^128 has as many. */
const CHARGED_DIGITS = 39;
/** Prefix, delimiter, length and bytes of the collector's address in the key of its row among the owners, and the value. */
const OWNER_BYTES = 1 + 1 + 1 + COLLECTOR.length + 1;

/** Balances with as many digits as the last one: the collector's have the same number for most of a block. */
let alike = { from: 1n, to: 10n, digits: 1 };

/** Digits of a positive number. */
function digitsOf(balance: bigint): number {
  if (balance < alike.from || balance >= alike.to) {
    const digits = balance.toString().length;
    alike = { from: 10n ** BigInt(digits - 1), to: 10n ** BigInt(digits), digits };
  }
  return alike.digits;
}

/** Digits that a balance has less than those that are charged for. */
function missingDigits(balance: bigint): bigint {
  const missing = CHARGED_DIGITS - (balance === 0n ? 0 : digitsOf(balance));
  return missing > 0 ? BigInt(missing) : 0n;
}

/**
 * Makes a fee cost the same whatever the collector has: at the beginning of a block that is shared out, so a simulation finds more there than the
 * block's first transaction.
 */
function levelGas(ctx: Ctx, { denom, amount }: CoinAmount, before: bigint): void {
  // The balance is read twice: here and where it is credited.
  ctx.gas(2n * KV_GAS.readPerByte * missingDigits(before), "ReadPerByte");
  ctx.gas(KV_GAS.writePerByte * missingDigits(before + amount), "WritePerByte");
  if (before > 0n) ctx.gas(KV_GAS.writeFlat + KV_GAS.writePerByte * BigInt(OWNER_BYTES + denom.length), "WriteFlat");
}

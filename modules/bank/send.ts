import type { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { type CoinAmount, type Ctx, formatCoins, type ReadCtx, requireCoins, sdkError } from "#sdk";
import { credit, debit } from "./balances.ts";
import type { Bank } from "./bank.ts";
import { requireSendEnabled } from "./sendEnabled.ts";

/** MsgSend: a user sends coins to somebody who may receive them. */
export function send(bank: Bank, ctx: Ctx, msg: MsgSend): object {
  const coins = requireCoins(msg.amount);
  requireSendEnabled(bank, ctx, coins);
  requireReceiver(bank, ctx, msg.toAddress);
  transfer(bank, ctx, msg.fromAddress, msg.toAddress, coins);
  return {};
}

/**
 * Users may not send to modules: what arrives there would be nobody's. Governance's own account may receive.
 * @throws sdk/4
 */
export function requireReceiver(bank: Bank, ctx: ReadCtx, receiver: string): void {
  if (isBlocked(bank, ctx, receiver)) throw sdkError.unauthorized(`${receiver} is not allowed to receive funds`);
}

/** Whether an account receives nothing that users send: it is a module's, and not governance's own. */
export function isBlocked(bank: Bank, ctx: ReadCtx, address: string): boolean {
  return bank.needs.auth.isModuleAccount(ctx, address) && bank.address.canonical(address) !== bank.authority;
}

/**
 * Moves coins between any two accounts, with the events that wallets and indexers read. The receiver has an account afterwards.
 * @param coins valid: sorted, positive, no doubles
 * @throws sdk/5 with the spendable balance in the text.
 */
export function transfer(bank: Bank, ctx: Ctx, from: string, to: string, coins: readonly CoinAmount[]): void {
  move(bank, ctx, bank.address.canonical(from), bank.address.canonical(to), coins);
}

/** {@link transfer} between accounts whose addresses are in the one form that the chain writes. */
export function move(bank: Bank, ctx: Ctx, sender: string, receiver: string, coins: readonly CoinAmount[]): void {
  // Three events show it.
  const text = ctx.isHeard ? formatCoins(coins) : "";
  debit(bank, ctx, sender, coins, text);
  receive(bank, ctx, sender, receiver, coins, text);
  if (ctx.isHeard) ctx.event("message", [["sender", sender]]);
}

/**
 * The receiving half of a transfer: balance, account, events.
 * @param text the coins as events show them, where the caller has it
 */
export function receive(bank: Bank, ctx: Ctx, sender: string, receiver: string, coins: readonly CoinAmount[], text?: string): void {
  credit(bank, ctx, receiver, coins, text);
  bank.needs.auth.ensureAccount(ctx, receiver);
  if (!ctx.isHeard) return;
  ctx.event("transfer", [
    ["recipient", receiver],
    ["sender", sender],
    ["amount", text ?? formatCoins(coins)],
  ]);
}

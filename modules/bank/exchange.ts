import type { CoinAmount, Ctx } from "#sdk";
import { type BalanceKey, balanceAt, requireSpendable, writeBalance } from "./balances.ts";
import type { Bank } from "./bank.ts";

/**
 * An account and a module's account give each other coins. Cheaper than two transfers: nobody is a receiver who might have no account yet, a
 * module's coins are never locked, and of the events only those come that balances are counted by. There is no `transfer` event, as of coins that go
 * into a pool of stake, and no `message`: the module says who traded what, and the message's own event who sent it.
 * CONTRACT: called by messages, whose failure undoes the first way where the second fails.
 * @param trader gives `given` and gets `taken`; has an account
 * @param module address of a module's account, which exists
 * @param given positive
 * @param taken positive
 * @throws sdk/5 with the spendable balance in the text
 */
export function exchange(bank: Bank, ctx: Ctx, trader: string, module: string, given: CoinAmount, taken: CoinAmount): void {
  const [a, b] = [bank.address.canonical(trader), bank.address.canonical(module)];
  hand(bank, ctx, a, b, given, bank.needs.auth.lockedCoins(ctx, a));
  hand(bank, ctx, b, a, taken, []);
}

/** One way. @param locked coins that the giver may not send */
function hand(bank: Bank, ctx: Ctx, from: string, to: string, coin: CoinAmount, locked: readonly CoinAmount[]): void {
  const { denom, amount } = coin;
  const text = `${amount}${denom}`;
  const giver: BalanceKey = [from, denom];
  const held = balanceAt(bank, ctx, giver);
  requireSpendable(held, locked, coin);
  writeBalance(bank, ctx, giver, held, held - amount);
  ctx.event("coin_spent", [
    ["spender", from],
    ["amount", text],
  ]);
  const receiver: BalanceKey = [to, denom];
  const had = balanceAt(bank, ctx, receiver);
  writeBalance(bank, ctx, receiver, had, had + amount);
  ctx.event("coin_received", [
    ["receiver", to],
    ["amount", text],
  ]);
}

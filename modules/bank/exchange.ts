import { type CoinAmount, type Ctx, formatCoins } from "#sdk";
import { credit, debit } from "./balances.ts";
import type { Bank } from "./bank.ts";

/**
 * Two accounts give each other coins, with the events of both transfers. Cheaper than two of them: nobody is a receiver who might have no account
 * yet, and the message's own event says who sent it. CONTRACT: called by messages, whose failure undoes the first way where the second fails.
 * @param first gives `given` and gets `taken`; has an account, as `second` has
 * @param given positive
 * @param taken positive
 * @throws sdk/5 with the spendable balance in the text
 */
export function exchange(bank: Bank, ctx: Ctx, first: string, second: string, given: CoinAmount, taken: CoinAmount): void {
  const [a, b] = [bank.address.canonical(first), bank.address.canonical(second)];
  hand(bank, ctx, a, b, [given]);
  hand(bank, ctx, b, a, [taken]);
}

function hand(bank: Bank, ctx: Ctx, from: string, to: string, coins: readonly CoinAmount[]): void {
  debit(bank, ctx, from, coins);
  credit(bank, ctx, to, coins);
  ctx.event("transfer", [
    ["recipient", to],
    ["sender", from],
    ["amount", formatCoins(coins)],
  ]);
}

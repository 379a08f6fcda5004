import type { MsgMultiSend } from "#proto/cosmos/bank/v1beta1/tx";
import { type Ctx, requireCoins } from "#sdk";
import { debit } from "./balances.ts";
import type { Bank } from "./bank.ts";
import { receive, requireReceiver } from "./send.ts";
import { requireSendEnabled } from "./sendEnabled.ts";

/**
 * MsgMultiSend: one sender, several receivers. Sums and shape were checked statelessly.
 * @throws bank/2 when there is no sender
 */
export function multiSend(bank: Bank, ctx: Ctx, { inputs, outputs }: MsgMultiSend): object {
  const [input] = inputs;
  if (input === undefined) throw bank.err.noInputs();
  const spent = requireCoins(input.coins);
  requireSendEnabled(bank, ctx, spent);
  for (const { address } of outputs) requireReceiver(bank, ctx, address);
  const sender = bank.address.canonical(input.address);
  ctx.event("message", [["sender", sender]]);
  debit(bank, ctx, sender, spent);
  for (const { address, coins } of outputs) receive(bank, ctx, sender, bank.address.canonical(address), requireCoins(coins));
  return {};
}

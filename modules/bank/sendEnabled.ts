import type { MsgSetSendEnabled } from "#proto/cosmos/bank/v1beta1/tx";
import { type CoinAmount, type Ctx, type ReadCtx, requireAuthority } from "#sdk";
import type { Bank } from "./bank.ts";
import { checkSendEnabled } from "./check.ts";

/** Whether users may transfer a denomination. */
export function isSendEnabled({ state, params }: Pick<Bank, "state" | "params">, ctx: ReadCtx, denom: string): boolean {
  return state.sendEnabled.find(ctx, denom) ?? params.get(ctx).defaultSendEnabled;
}

/**
 * Users may transfer all of these.
 * @throws bank/5 naming the denomination that is switched off.
 */
export function requireSendEnabled(bank: Bank, ctx: ReadCtx, coins: readonly CoinAmount[]): void {
  for (const { denom } of coins)
    if (!isSendEnabled(bank, ctx, denom)) throw bank.err.sendDisabled(`${denom} transfers are currently disabled`);
}

/** MsgSetSendEnabled: the authority switches transfers of denominations on or off, or back to the parameter. */
export function setSendEnabled({ state, authority }: Bank, ctx: Ctx, msg: MsgSetSendEnabled): object {
  requireAuthority(authority, msg.authority);
  checkSendEnabled(msg);
  for (const { denom, enabled } of msg.sendEnabled) state.sendEnabled.set(ctx, denom, enabled);
  for (const denom of msg.useDefaultFor) state.sendEnabled.delete(ctx, denom);
  return {};
}

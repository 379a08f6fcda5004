import type { Params } from "#proto/cosmos/bank/v1beta1/bank";
import { unregisteredError } from "#sdk";

/** Parameters of a new chain: everything may be transferred. */
export const DEFAULT_PARAMS: Params = { sendEnabled: [], defaultSendEnabled: true };

/** @throws undefined/1 when the list is used that MsgSetSendEnabled replaced. */
export function validateParams({ sendEnabled }: Params): void {
  if (sendEnabled.length > 0) throw unregisteredError("use of send_enabled in params is no longer supported");
}

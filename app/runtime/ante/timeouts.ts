import { sdkError } from "#sdk";
import { formatGoTime, timestampNs } from "../../sdk/time.ts";
import type { AnteStep } from "./anteRun.ts";

/**
 * Refuses a transaction whose last height or last moment has passed; the state's height counts, so the last height itself is still in time for
 * the mempool and too late for the block after. @throws sdk/30, sdk/42
 */
export const checkTimeouts: AnteStep = ({ tx, ctx }) => {
  if (!tx.facts().mayExpire) return;
  const { timeoutHeight, timeoutTimestamp } = tx.body;
  if (timeoutHeight > 0n && ctx.height > timeoutHeight)
    throw sdkError.txTimeoutHeight(`block height: ${ctx.height}, timeout height: ${timeoutHeight}`);
  const until = timeoutTimestamp === undefined ? 0n : timestampNs(timeoutTimestamp);
  if (until !== 0n && ctx.timeNs > until)
    throw sdkError.txTimeout(`block time: ${formatGoTime(ctx.timeNs)}, timeout timestamp: ${formatGoTime(until)}`);
};

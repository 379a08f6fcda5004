import { sdkError } from "#sdk";
import { timestampNs } from "../time.ts";
import type { AnteStep } from "./anteRun.ts";

/** Longest time that an unordered transaction may still wait. */
const MAX_WAIT_NS = 600_000_000_000n;

/** Refuses unordered transactions: their nonces are not kept yet. Texts for malformed ones are the SDK's. @throws sdk/18, sdk/37 */
export const refuseUnordered: AnteStep = ({ tx, ctx }) => {
  if (!tx.body.unordered) return;
  const until = timestampNs(tx.body.timeoutTimestamp);
  if (until === 0n) throw sdkError.invalidRequest("unordered transaction must have timeout_timestamp set");
  if (until > ctx.timeNs + MAX_WAIT_NS) throw sdkError.invalidRequest("unordered tx ttl exceeds 10m0s");
  if (tx.signerInfos.some(({ sequence }) => sequence > 0n))
    throw sdkError.invalidRequest("sequence is not allowed for unordered transactions");
  throw sdkError.notSupported("unordered transactions are not enabled");
};

import { sdkError } from "#sdk";
import { stateOf } from "../../sdk/ctx.ts";
import { timestampNs } from "../../sdk/time.ts";
import { RUNTIME_STORE } from "../runtimeState.ts";
import { isNonceUsed, useNonce } from "../unorderedNonces.ts";
import type { AnteStep } from "./anteRun.ts";

/** Longest time that an unordered transaction may still wait; bounds how long its nonces are kept. */
const MAX_WAIT_NS = 600_000_000_000n;
/** GAS: pays for the removal of the nonces later on (cosmos-sdk x/auth/ante DefaultUnorderedTxGasCost). */
const UNORDERED_GAS = 2240n;

/**
 * Uses up the nonces of an unordered transaction: the timeout, once for each signer. What was used stays in state until the timeout has passed,
 * and a later transaction is refused for its time. In a simulation a used one counts as new, so that it costs what it would have cost.
 * @throws sdk/18 without timeout, with one that is too far ahead or used, with a sequence
 */
export const useUnorderedNonces: AnteStep = ({ mode, tx, ctx, env, signers }) => {
  if (!tx.facts().isUnordered) return;
  const until = timestampNs(tx.body.timeoutTimestamp);
  if (until === 0n) throw sdkError.invalidRequest("unordered transaction must have timeout_timestamp set");
  // Said by the timeout check already; here again because a nonce of the past would not be kept.
  if (until < ctx.timeNs) throw sdkError.invalidRequest("unordered transaction has a timeout_timestamp that has already passed");
  if (until > ctx.timeNs + MAX_WAIT_NS) throw sdkError.invalidRequest("unordered tx ttl exceeds 10m0s");
  ctx.gas(UNORDERED_GAS, "unordered tx");
  const store = stateOf(ctx).kv(RUNTIME_STORE);
  for (const { address } of signers) {
    const bytes = env.address.parse(address);
    const used = isNonceUsed(store, bytes, until);
    if (used && mode !== "simulate")
      throw sdkError.invalidRequest(`failed to add unordered nonce: sender ${address} has already used timeout ${until}`);
    useNonce(store, bytes, until);
  }
  if (tx.signerInfos.some(({ sequence }) => sequence > 0n))
    throw sdkError.invalidRequest("sequence is not allowed for unordered transactions");
};

import { sdkError } from "#sdk";
import type { AnteStep } from "./anteRun.ts";

/** Refuses a memo that is longer (in bytes of UTF-8) than the chain allows. @throws sdk/12 */
export const checkMemo: AnteStep = (run) => {
  // GAS: the parameters are read, and paid for, once per transaction; the later checks use what this one read.
  run.params = run.env.ports.accounts.params(run.ctx);
  const limit = run.params.maxMemoCharacters;
  const length = run.tx.facts().memoBytes;
  if (length > limit) throw sdkError.memoTooLarge(`maximum number of characters is ${limit} but received ${length} characters`);
};

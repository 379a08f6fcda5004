import { sdkError } from "#sdk";
import type { AnteStep } from "./anteRun.ts";

/** Refuses a gas limit that no block can hold. First of all checks: such a transaction could wait in the mempool forever. @throws sdk/41 */
export const checkGasLimit: AnteStep = ({ tx, maxBlockGas }) => {
  const limit = tx.fee.gasLimit;
  if (maxBlockGas !== undefined && limit > maxBlockGas)
    throw sdkError.invalidGasLimit(`tx gas limit ${limit} exceeds block max gas ${maxBlockGas}`);
};

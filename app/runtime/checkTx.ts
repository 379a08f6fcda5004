import { CheckTxType, type RequestCheckTx, type ResponseCheckTx } from "#proto/tendermint/abci/types";
import type { ChainHead } from "./chainHead.ts";
import { overQueryGas } from "./queryGas.ts";
import { factsOf } from "./resultWriter.ts";
import { runTx, type TxMachine, type TxOutcome, type TxScene } from "./tx.ts";

/** The state that the mempool's transactions are judged by: committed state with what those before them will do to fees and sequences. */
export function checkScene(head: ChainHead): TxScene {
  return { overlay: head.check, height: head.height, timeNs: head.timeNs, chainId: head.chainId, maxBlockGas: head.limits.maxGas };
}

/**
 * Judges a transaction for the mempool, or again after a block; a recheck looks at fee and sequence and verifies nothing. No events: CometBFT
 * looks at code and gas, and what has not happened is not to be announced.
 */
export function checkTx(machine: TxMachine, head: ChainHead, { tx, type }: RequestCheckTx): ResponseCheckTx {
  const outcome = runTx(machine, checkScene(head), type === CheckTxType.RECHECK ? "recheck" : "check", tx);
  const { code, codespace, gasWanted, gasUsed } = factsOf(outcome);
  return { code, data: outcome.data, log: outcome.error?.log ?? "", info: "", gasWanted, gasUsed, events: [], codespace };
}

/**
 * Runs a transaction as a block would and keeps nothing: against the mempool's state, with neither signatures nor its own gas limit. A complete
 * transaction costs here exactly the gas that it costs in a block on the same state.
 * @param gasLimit most gas that this node gives to a query, undefined for no limit
 * @throws QueryError ResourceExhausted when it used more
 */
export function simulateTx(machine: TxMachine, head: ChainHead, bytes: Uint8Array, gasLimit?: bigint): TxOutcome {
  const scene: TxScene = { ...checkScene(head), simulationGas: gasLimit };
  const before = scene.overlay.savepoint();
  try {
    const outcome = runTx(machine, scene, "simulate", bytes);
    if (gasLimit !== undefined && outcome.gasUsed > gasLimit) throw overQueryGas(gasLimit, outcome.gasUsed);
    return outcome;
  } finally {
    scene.overlay.rollback(before);
  }
}

import { Tx } from "#proto/cosmos/tx/v1beta1/tx";
import { type GenesisTxs, ModuleError, sdkError } from "#sdk";
import { stateOf } from "../sdk/ctx.ts";
import type { KVStore } from "../store/kv.ts";
import { isCoded } from "./abciErrors.ts";
import { blockLimits } from "./consensusParams.ts";
import { runTx, type TxMachine, type TxScene } from "./tx.ts";

/** Runs the transactions of a genesis. @param machineOf what runs transactions; asked for at each, since it is made of the modules that hold this */
export function createGenesisTxs(machineOf: () => TxMachine): GenesisTxs {
  return {
    deliver(ctx, tx) {
      const machine = machineOf();
      const { branch } = stateOf(ctx);
      if (branch === undefined) throw sdkError.logic("a context whose writes can be undone expected");
      const { savepoints, stores } = branch;
      const { consensusParams } = machine.ante.ports;
      const scene: TxScene = {
        overlay: {
          store: (name) => stores(name) as KVStore,
          savepoint: () => savepoints.savepoint(),
          rollback: (to) => savepoints.rollback(to),
          release: (to) => savepoints.release(to),
        },
        height: ctx.height,
        timeNs: ctx.timeNs,
        chainId: ctx.chainId,
        maxBlockGas: blockLimits(consensusParams.get(ctx)).maxGas,
      };
      const { error } = runTx(machine, scene, "genesis", encodeJson(machine, tx));
      if (error !== undefined) throw new ModuleError(error.codespace, error.code, error.log);
    },
  };
}

/** Bytes of a transaction from its JSON, written as everybody writes them: signatures are over these. */
function encodeJson({ ante }: TxMachine, tx: unknown): Uint8Array {
  try {
    return ante.wire.fromJson(Tx.$type, tx);
  } catch (error) {
    if (!isCoded(error)) throw error;
    throw new ModuleError(error.codespace, error.code, error.message);
  }
}

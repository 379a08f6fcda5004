import { missingBytes } from "../missingBytes.ts";
import type { AnteStep } from "./anteRun.ts";

/** Charges for the bytes of the transaction. */
export const chargeTxSize: AnteStep = ({ ctx, params, tx }) => {
  ctx.gas(params.txSizeCostPerByte * BigInt(tx.facts().size), "txSize");
};

/** Charges a simulation for the bytes that the wallet will add; stands behind the reading of the accounts, which say what is missing. */
export const chargeMissingBytes: AnteStep = (run) => {
  if (run.mode === "simulate") run.ctx.gas(run.params.txSizeCostPerByte * BigInt(missingBytes(run)), "txSize");
};

import type { AnteStep } from "./anteRun.ts";

/** Steps the sequence of every signer, so that no signature counts twice. */
export const incrementSequences: AnteStep = ({ ctx, env, signers }) => {
  for (const { address } of signers) env.ports.accounts.incrementSequence(ctx, address);
};

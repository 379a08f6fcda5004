import type { AnteStep } from "./anteRun.ts";

/** Steps the sequence of every signer, so that no signature counts twice; an unordered transaction has used its nonces instead. */
export const incrementSequences: AnteStep = ({ tx, ctx, env, signers }) => {
  if (tx.facts().isUnordered) return;
  for (const { address } of signers) env.ports.accounts.incrementSequence(ctx, address);
};

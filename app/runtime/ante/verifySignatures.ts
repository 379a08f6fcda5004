import { sdkError } from "#sdk";
import { onlyAmino } from "../signModes.ts";
import { verifySigner } from "../verifySigner.ts";
import type { AnteRun, AnteSigner, AnteStep } from "./anteRun.ts";

/**
 * Sequence and signature of every signer.
 * @throws sdk/32 sequence, sdk/8 no key, sdk/4 signature
 */
export const verifySignatures: AnteStep = (run) => {
  for (let index = 0; index < run.signers.length; index++) checkSigner(run, run.signers[index] as AnteSigner, index);
};

function checkSigner(run: AnteRun, signer: AnteSigner, index: number): void {
  const { key } = signer;
  // Whoever signs for a genesis cannot know what number the account will get.
  const judged = run.mode === "genesis" ? { ...signer, account: { ...signer.account, accountNumber: 0n } } : signer;
  const { account } = judged;
  const facts = run.tx.facts();
  const sequence = facts.signers[index]?.sequence;
  if (sequence === undefined) {
    if (run.mode === "simulate") return;
    throw sdkError.unauthorized(`invalid number of signer;  expected: ${run.signers.length}, got ${run.tx.signerInfos.length}`);
  }
  if (!facts.isUnordered && sequence !== account.sequence) {
    throw sdkError.wrongSequence(`account sequence mismatch, expected ${account.sequence}, got ${sequence}`);
  }
  // What was verified when it came in is not verified again while it waits.
  if (run.mode === "simulate" || run.mode === "recheck") return;
  if (key === undefined) throw sdkError.invalidPubKey("pubkey on account is not set");
  const reason = verifySigner(run, judged, key, index);
  if (reason === undefined) return;
  // A chain of the Cosmos SDK that begins above height 1 wants the number nevertheless.
  if (run.mode === "genesis" && run.ctx.height > 0n && verifySigner(run, signer, key, index) === undefined) return;
  const subject = onlyAmino(run.tx.signerInfos[index]?.modeInfo)
    ? `account number (${account.accountNumber}), sequence (${account.sequence}) and chain-id (${run.ctx.chainId})`
    : `account number (${account.accountNumber}) and chain-id (${run.ctx.chainId}): (${reason})`;
  throw sdkError.unauthorized(`signature verification failed; please verify ${subject}`);
}

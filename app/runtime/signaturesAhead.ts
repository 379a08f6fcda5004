import type { ReadCtx } from "#sdk";
import type { AnteEnv } from "./ante/anteRun.ts";
import { readAccountKey } from "./ante/pubKeys.ts";
import type { ChainHead } from "./chainHead.ts";
import type { DecodedTx, VerifiedFor } from "./decodedTx.ts";
import type { SignedDocument } from "./signature.ts";
import type { TxMachine } from "./tx.ts";
import { signerDocuments } from "./verifySigner.ts";

/** A signature that is to be verified: whose, and the documents that count for it, from one place to before another. */
interface Claim {
  readonly tx: DecodedTx;
  readonly index: number;
  readonly found: Omit<VerifiedFor, "under">;
  readonly from: number;
  readonly to: number;
}

/**
 * Has the signatures of transactions verified beside this thread before they are run. Only single secp256k1 signatures of accounts that exist are
 * looked at; everything else, whatever is wrong with it included, waits for the run itself.
 * DETERMINISM: reads the mempool's state, writes nothing, and what comes of it can only save time.
 * @returns resolves when the signatures are verified; undefined when there is nothing to wait for
 */
export function verifySignaturesAhead(machine: TxMachine, head: ChainHead, txs: readonly Uint8Array[]): Promise<void> | undefined {
  const documents: SignedDocument[] = [];
  const claims: Claim[] = [];
  const chainId = head.genesis?.chainId ?? head.chainId;
  const ctx = head.freeCtx((name) => head.check.store(name), { height: head.height, timeNs: head.timeNs, chainId });
  for (const bytes of txs) {
    try {
      const tx = machine.decoder.decode(bytes);
      // Found right before, or being looked at: nothing will be asked for.
      if (tx.verified.length === 0) collect(machine.ante, ctx, tx, documents, claims);
    } catch {
      // Whatever is wrong is said when the transaction is run, a failing store included.
    }
  }
  const batch = documents.length === 0 ? undefined : machine.ante.verifier.ahead(documents);
  if (batch === undefined) return undefined;
  for (const { tx, index, found, from, to } of claims) {
    const { chainId, accountNumber, key } = found;
    tx.verified[index] = { chainId, accountNumber, key, under: { batch, from, to } };
  }
  return batch.done;
}

function collect(env: AnteEnv, ctx: ReadCtx, tx: DecodedTx, documents: SignedDocument[], claims: Claim[]): void {
  const { chainId } = ctx;
  const signerAddresses = tx.signers();
  for (const [index, address] of signerAddresses.entries()) {
    const info = tx.signerInfos[index];
    const signature = tx.raw.signatures[index];
    const account = env.ports.accounts.findAccount(ctx, address);
    const mode = info?.modeInfo?.single?.mode;
    if (info === undefined || signature === undefined || account === undefined || mode === undefined) continue;
    const { accountNumber, pubKey } = account;
    const key = pubKey === undefined ? tx.keys[index]?.key : readAccountKey(env.keys, pubKey, tx, index);
    if (key?.kind !== "secp256k1") continue;
    // Those before it in the mempool or the block step the sequence: the one in the transaction is what the run will accept.
    const signer = { address, account: { accountNumber, sequence: info.sequence, pubKey } };
    const accepted = signerDocuments({ tx, env, signerAddresses, ctx: { chainId } }, signer, index).forMode(mode);
    if (typeof accepted === "string") continue;
    const from = documents.length;
    for (const message of accepted) documents.push({ publicKey: key.bytes, message, signature });
    claims.push({ tx, index, found: { chainId, accountNumber, key }, from, to: documents.length });
  }
}

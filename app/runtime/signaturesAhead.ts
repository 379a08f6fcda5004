import type { ChainHead } from "./chainHead.ts";
import type { DecodedTx } from "./decodedTx.ts";
import type { SignedDocument } from "./signature.ts";
import type { TxMachine } from "./tx.ts";
import { signerDocuments } from "./verifySigner.ts";

/**
 * Has the signatures of transactions verified beside this thread before they are run. Only single secp256k1 signatures of accounts that exist are
 * looked at; everything else, whatever is wrong with it included, waits for the run itself.
 * DETERMINISM: reads the mempool's state, writes nothing, and what comes of it can only save time.
 * @returns resolves when the signatures are verified; undefined when there is nothing to wait for
 */
export function verifySignaturesAhead(machine: TxMachine, head: ChainHead, txs: readonly Uint8Array[]): Promise<void> | undefined {
  const documents: SignedDocument[] = [];
  for (const bytes of txs) {
    try {
      const tx = machine.decoder.decode(bytes);
      // Found right before: nothing will be asked for.
      if (tx.verified.length === 0) collect(machine, head, tx, documents);
    } catch {
      // Whatever is wrong is said when the transaction is run, a failing store included.
    }
  }
  return documents.length === 0 ? undefined : machine.ante.verifier.ahead(documents);
}

function collect({ ante: env }: TxMachine, head: ChainHead, tx: DecodedTx, documents: SignedDocument[]): void {
  const chainId = head.genesis?.chainId ?? head.chainId;
  const stores = (name: string) => head.check.store(name);
  const ctx = head.freeCtx(stores, { height: head.height, timeNs: head.timeNs, chainId });
  const signerAddresses = tx.signers();
  for (const [index, address] of signerAddresses.entries()) {
    const info = tx.signerInfos[index];
    const signature = tx.raw.signatures[index];
    const account = env.ports.accounts.findAccount(ctx, address);
    const mode = info?.modeInfo?.single?.mode;
    if (info === undefined || signature === undefined || account === undefined || mode === undefined) continue;
    const key = account.pubKey === undefined ? tx.keys[index]?.key : env.keys.read(account.pubKey).key;
    if (key?.kind !== "secp256k1") continue;
    // Those before it in the mempool or the block step the sequence: the one in the transaction is what the run will accept.
    const signer = { address, account: { ...account, sequence: info.sequence } };
    const accepted = signerDocuments({ tx, env, signerAddresses, ctx: { chainId } }, signer, index).forMode(mode);
    if (typeof accepted === "string") continue;
    for (const message of accepted) documents.push({ publicKey: key.bytes, message, signature });
  }
}

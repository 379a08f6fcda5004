import type { ReadCtx } from "#sdk";
import { equalBytes } from "../encoding/bytes.ts";
import { AccountNumbers } from "./accountNumbers.ts";
import { readAccountKey } from "./ante/pubKeys.ts";
import type { ChainHead } from "./chainHead.ts";
import { type DecodedTx, VerifiedFor } from "./decodedTx.ts";
import type { AccountKey } from "./pubKey.ts";
import { isCanonicalSignature, type SignatureAid, type SignedDocument } from "./signature.ts";
import type { TxMachine } from "./tx.ts";
import { documentsFor } from "./verifySigner.ts";

/** A signature that is to be verified: whose, and the documents that count for it, from one place to before another. */
interface Claim {
  readonly tx: DecodedTx;
  readonly index: number;
  readonly accountNumber: bigint;
  readonly key: AccountKey;
  readonly from: number;
  readonly to: number;
}

/** What a signature depends on besides the transaction and the chain. */
interface Signer {
  readonly accountNumber: bigint;
  readonly key: AccountKey;
}

/**
 * Has the signatures of transactions verified beside this thread before they are run. Only single secp256k1 signatures of accounts that exist are
 * looked at; everything else, whatever is wrong with it included, waits for the run itself.
 * DETERMINISM: reads the mempool's state, writes nothing, and what comes of it can only save time.
 */
export class SignaturesAhead {
  readonly #machine: TxMachine;
  readonly #head: ChainHead;
  readonly #aid: SignatureAid;
  readonly #numbers = new AccountNumbers();

  constructor(machine: TxMachine, head: ChainHead, aid: SignatureAid) {
    this.#machine = machine;
    this.#head = head;
    this.#aid = aid;
  }

  /** @returns resolves when the signatures are verified; undefined when there is nothing to wait for */
  verify(txs: readonly Uint8Array[]): Promise<void> | undefined {
    const documents: SignedDocument[] = [];
    const claims: Claim[] = [];
    const head = this.#head;
    const chainId = head.genesis?.chainId ?? head.chainId;
    const ctx = head.freeCtx((name) => head.check.store(name), { height: head.height, timeNs: head.timeNs, chainId });
    for (const bytes of txs) {
      try {
        const tx = this.#machine.decoder.decode(bytes);
        // Found right before, or being looked at: nothing will be asked for.
        if (tx.verified.length === 0) this.#collect(ctx, tx, documents, claims);
      } catch {
        // Whatever is wrong is said when the transaction is run, a failing store included.
      }
    }
    const batch = documents.length === 0 ? undefined : this.#aid.start(documents);
    if (batch === undefined) return undefined;
    for (const { tx, index, accountNumber, key, from, to } of claims)
      tx.verified[index] = new VerifiedFor(chainId, accountNumber, key, { batch, from, to });
    return batch.done;
  }

  #collect(ctx: ReadCtx, tx: DecodedTx, documents: SignedDocument[], claims: Claim[]): void {
    const signerAddresses = tx.signers();
    const run = { tx, ctx, env: this.#machine.ante, signerAddresses };
    for (let index = 0; index < signerAddresses.length; index++) {
      const address = signerAddresses[index] as string;
      const info = tx.signerInfos[index];
      const mode = info?.modeInfo?.single?.mode;
      const signature = tx.raw.signatures[index];
      if (info === undefined || mode === undefined || signature === undefined || !isCanonicalSignature(signature)) continue;
      const signer = this.#findSigner(ctx, tx, index, address);
      if (signer?.key.kind !== "secp256k1") continue;
      const { accountNumber, key } = signer;
      // Those before it in the mempool or the block step the sequence: the one in the transaction is what the run will accept.
      const account = { accountNumber, sequence: info.sequence };
      const accepted = documentsFor(run, { address, account }, index, mode);
      if (typeof accepted === "string") continue;
      const from = documents.length;
      for (const message of accepted) documents.push({ publicKey: signer.key.bytes, message, signature });
      claims.push({ tx, index, accountNumber, key, from, to: documents.length });
    }
  }

  /** The signer as the run will know it, from memory where the transaction brings the key: its account is read by the run anyway. */
  #findSigner(ctx: ReadCtx, tx: DecodedTx, index: number, address: string): Signer | undefined {
    const { keys, ports, address: codec } = this.#machine.ante;
    const brought = tx.keys[index];
    // The run refuses another one's key without a look at the signature.
    if (brought !== undefined && !equalBytes(brought.address, codec.parse(address))) return undefined;
    const known = brought === undefined ? undefined : this.#numbers.find(brought.address);
    if (brought !== undefined && known !== undefined) return { accountNumber: known, key: brought.key };
    const account = ports.accounts.findAccount(ctx, address);
    if (account === undefined) return undefined;
    const { accountNumber, pubKey } = account;
    const key = pubKey === undefined ? brought?.key : readAccountKey(keys, pubKey, tx, index);
    if (key === undefined) return undefined;
    if (key === brought?.key) this.#numbers.set(brought.address, accountNumber);
    return { accountNumber, key };
  }
}

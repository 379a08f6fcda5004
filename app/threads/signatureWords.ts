// A batch of signatures in shared memory: per check a word for the result and the bytes of signature, digest and key.
import { putDigest } from "../encoding/sha256.ts";
import type { SignedDocument } from "../runtime/signature.ts";

const SIGNATURE_BYTES = 64;
const DIGEST_BYTES = 32;
const KEY_BYTES = 33;
const CHECK_BYTES = SIGNATURE_BYTES + DIGEST_BYTES + KEY_BYTES;
const WORD_BYTES = 4;
/** Anything else means that the check has not been made, or that the signature is wrong: both are found out by the reader. */
const RIGHT = 1;

/** Checks in shared memory, the same on both sides. One thread writes results, any thread reads them. */
export class SignatureWords {
  readonly buffer: SharedArrayBuffer;
  readonly length: number;
  readonly #results: Int32Array;
  readonly #bytes: Uint8Array;

  /** @param buffer of a batch that was made by `pack` */
  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.length = buffer.byteLength / (WORD_BYTES + CHECK_BYTES);
    this.#results = new Int32Array(buffer, 0, this.length);
    this.#bytes = new Uint8Array(buffer, this.length * WORD_BYTES);
  }

  /** Lays checks out in new shared memory. */
  static pack(documents: readonly SignedDocument[]): SignatureWords {
    const words = new SignatureWords(new SharedArrayBuffer(documents.length * (WORD_BYTES + CHECK_BYTES)));
    let at = 0;
    for (const { signature, message, publicKey } of documents) {
      words.#bytes.set(signature, at);
      putDigest(message, words.#bytes, at + SIGNATURE_BYTES);
      words.#bytes.set(publicKey, at + SIGNATURE_BYTES + DIGEST_BYTES);
      at += CHECK_BYTES;
    }
    return words;
  }

  /**
   * Makes the checks in order, and notes which signatures are right.
   * @param isRight is handed the same three arrays each time: to make views for each check costs more than to copy its bytes
   */
  verify(isRight: (signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array) => boolean): void {
    const [signature, digest, publicKey] = [new Uint8Array(SIGNATURE_BYTES), new Uint8Array(DIGEST_BYTES), new Uint8Array(KEY_BYTES)];
    for (let index = 0; index < this.length; index++) {
      let at = index * CHECK_BYTES;
      for (const part of [signature, digest, publicKey]) {
        for (let i = 0; i < part.length; i++) part[i] = this.#bytes[at + i] as number;
        at += part.length;
      }
      if (isRight(signature, digest, publicKey)) Atomics.store(this.#results, index, RIGHT);
    }
  }

  /** Whether a signature was found right by now. */
  isRight(index: number): boolean {
    return Atomics.load(this.#results, index) === RIGHT;
  }
}

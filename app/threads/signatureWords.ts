// A batch of signatures in shared memory: per check a word for the result and the bytes of signature, digest and key.
import type { SignatureCheck } from "../runtime/signature.ts";

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
  static pack(checks: readonly SignatureCheck[]): SignatureWords {
    const words = new SignatureWords(new SharedArrayBuffer(checks.length * (WORD_BYTES + CHECK_BYTES)));
    for (const [index, { signature, digest, publicKey }] of checks.entries()) {
      words.#bytes.set(signature, index * CHECK_BYTES);
      words.#bytes.set(digest, index * CHECK_BYTES + SIGNATURE_BYTES);
      words.#bytes.set(publicKey, index * CHECK_BYTES + SIGNATURE_BYTES + DIGEST_BYTES);
    }
    return words;
  }

  /** The checks in order, in one copy outside of shared memory. */
  checks(): readonly SignatureCheck[] {
    const bytes = this.#bytes.slice();
    return Array.from({ length: this.length }, (_, index) => {
      const digest = index * CHECK_BYTES + SIGNATURE_BYTES;
      const key = digest + DIGEST_BYTES;
      return {
        signature: bytes.subarray(digest - SIGNATURE_BYTES, digest),
        digest: bytes.subarray(digest, key),
        publicKey: bytes.subarray(key, key + KEY_BYTES),
      };
    });
  }

  /** Notes that a check found its signature right. */
  setRight(index: number): void {
    Atomics.store(this.#results, index, RIGHT);
  }

  /** Whether a signature was found right by now. */
  isRight(index: number): boolean {
    return Atomics.load(this.#results, index) === RIGHT;
  }
}

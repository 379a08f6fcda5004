// The hash port of the store: a batch of messages in, their SHA-256 digests out. The only file of the tree that knows who computes them.
import { hash as digestOf } from "node:crypto";

/** Computes SHA-256 in batches. Every implementation gives equal digests; a vectorised one may take four messages at a time. */
export interface HashKernel {
  /**
   * Hashes `count` messages that lie end to end in `input`.
   * @param input the messages
   * @param ends `ends[i]` is the index after message i; message i starts where message i−1 ends, the first at 0
   * @param count number of messages
   * @param output receives digest i at `32 * i`
   */
  hashBatch(input: Uint8Array, ends: Uint32Array, count: number, output: Uint8Array): void;
}

const digestBytes = 32;

/** The kernel that hashes one message after the other with `node:crypto`. */
export const cryptoHashKernel: HashKernel = {
  hashBatch(input, ends, count, output) {
    let from = 0;
    for (let i = 0; i < count; i++) {
      const to = ends[i] as number;
      putDigest(input.subarray(from, to), output, i * digestBytes);
      from = to;
    }
  },
};

/** SHA-256 of one message. */
export function sha256(message: Uint8Array): Uint8Array {
  const digest = new Uint8Array(digestBytes);
  putDigest(message, digest, 0);
  return digest;
}

/** Writes the SHA-256 of one message to `output` from index `at` on. */
export function putDigest(message: Uint8Array, output: Uint8Array, at: number): void {
  // A string of one-byte characters comes back three times as fast as a buffer object.
  const digest = digestOf("sha256", message, "binary");
  for (let i = 0; i < digestBytes; i++) output[at + i] = digest.charCodeAt(i);
}

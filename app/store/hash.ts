// The hash port of the store: a batch of messages in, their SHA-256 digests out. The only file of the tree that knows who computes them.
import { putDigest } from "../encoding/sha256.ts";

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

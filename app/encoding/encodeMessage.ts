import { BinaryWriter } from "@bufbuild/protobuf/wire";

/** A message type as far as writing it goes. */
export interface MessageEncoder<M> {
  encode(message: M, writer?: BinaryWriter): { finish(): Uint8Array };
}

/** Largest message after which the writer is given up, so that its buffer does not stay as large for ever. */
const KEPT_BYTES = 1 << 16;
let writer = new BinaryWriter();

/**
 * Encodes a message with a writer that keeps its buffer: messages of state are small and many, and a buffer grown anew for each costs more
 * than writing it.
 * @returns bytes of the caller's own
 */
export function encodeMessage<M>(codec: MessageEncoder<M>, message: M): Uint8Array {
  try {
    const bytes = codec.encode(message, writer).finish();
    if (bytes.length > KEPT_BYTES) writer = new BinaryWriter();
    return bytes;
  } catch (error) {
    // What a failed encoding left in the writer must not stand before the next one.
    writer = new BinaryWriter();
    throw error;
  }
}

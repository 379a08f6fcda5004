// Protobuf form of commitment proofs, written by hand: it is consensus-adjacent, tiny, and must be readable in a browser. Fields are written in
// order of their numbers and left out when they hold the default, as every other encoder of these messages does.
import { concatBytes } from "../encoding/bytes.ts";
import type { CommitmentProof, ExistenceProof, InnerOp, LeafOp, NonExistenceProof } from "./ics23.ts";

const wireVarint = 0;
const wireFixed64 = 1;
const wireBytes = 2;
const wireFixed32 = 5;
const empty = new Uint8Array(0);

/** The protobuf bytes of a proof. */
export function encodeCommitmentProof(proof: CommitmentProof): Uint8Array {
  if (proof.exist !== undefined) return bytesField(1, encodeExistence(proof.exist));
  if (proof.nonexist !== undefined) return bytesField(2, encodeNonExistence(proof.nonexist));
  return empty;
}

/** The proof in `bytes`, undefined when they are not protobuf of that message. Unknown fields are skipped; of a repeated single field the last counts. */
export function decodeCommitmentProof(bytes: Uint8Array): CommitmentProof | undefined {
  const fields = readFields(bytes);
  if (fields === undefined) return undefined;
  let proof: CommitmentProof = {};
  for (const field of fields) {
    if (field.number < 1 || field.number > 4) continue;
    if (field.bytes === undefined) return undefined;
    if (field.number > 2) {
      proof = {}; // a batch, which takes the place of what came before it
    } else if (field.number === 1) {
      const exist = decodeExistence(field.bytes);
      if (exist === undefined) return undefined;
      proof = { exist };
    } else {
      const nonexist = decodeNonExistence(field.bytes);
      if (nonexist === undefined) return undefined;
      proof = { nonexist };
    }
  }
  return proof;
}

function encodeExistence(proof: ExistenceProof): Uint8Array {
  const leaf = proof.leaf === undefined ? empty : bytesField(3, encodeLeafOp(proof.leaf));
  return concatBytes(
    bytesUnlessEmpty(1, proof.key),
    bytesUnlessEmpty(2, proof.value),
    leaf,
    ...proof.path.map((op) => bytesField(4, encodeInnerOp(op))),
  );
}

function encodeNonExistence(proof: NonExistenceProof): Uint8Array {
  const left = proof.left === undefined ? empty : bytesField(2, encodeExistence(proof.left));
  const right = proof.right === undefined ? empty : bytesField(3, encodeExistence(proof.right));
  return concatBytes(bytesUnlessEmpty(1, proof.key), left, right);
}

function encodeLeafOp(op: LeafOp): Uint8Array {
  return concatBytes(
    numberField(1, op.hash),
    numberField(2, op.prehashKey),
    numberField(3, op.prehashValue),
    numberField(4, op.length),
    bytesUnlessEmpty(5, op.prefix),
  );
}

function encodeInnerOp(op: InnerOp): Uint8Array {
  return concatBytes(numberField(1, op.hash), bytesUnlessEmpty(2, op.prefix), bytesUnlessEmpty(3, op.suffix ?? empty));
}

function decodeExistence(bytes: Uint8Array): ExistenceProof | undefined {
  const fields = readFields(bytes);
  if (fields === undefined || !areBytes(fields, 1, 4)) return undefined;
  const path: InnerOp[] = [];
  for (const field of fields) {
    if (field.number !== 4 || field.bytes === undefined) continue;
    const op = decodeInnerOp(field.bytes);
    if (op === undefined) return undefined;
    path.push(op);
  }
  const leafBytes = lastBytes(fields, 3);
  const leaf = leafBytes === undefined ? undefined : decodeLeafOp(leafBytes);
  if (leafBytes !== undefined && leaf === undefined) return undefined;
  return { key: lastBytes(fields, 1) ?? empty, value: lastBytes(fields, 2) ?? empty, leaf, path };
}

function decodeNonExistence(bytes: Uint8Array): NonExistenceProof | undefined {
  const fields = readFields(bytes);
  if (fields === undefined || !areBytes(fields, 1, 3)) return undefined;
  const leftBytes = lastBytes(fields, 2);
  const rightBytes = lastBytes(fields, 3);
  const left = leftBytes === undefined ? undefined : decodeExistence(leftBytes);
  const right = rightBytes === undefined ? undefined : decodeExistence(rightBytes);
  if ((leftBytes !== undefined && left === undefined) || (rightBytes !== undefined && right === undefined)) return undefined;
  return { key: lastBytes(fields, 1) ?? empty, left, right };
}

function decodeLeafOp(bytes: Uint8Array): LeafOp | undefined {
  const fields = readFields(bytes);
  if (fields === undefined || !areNumbers(fields, 1, 4) || !areBytes(fields, 5, 5)) return undefined;
  return {
    hash: lastNumber(fields, 1),
    prehashKey: lastNumber(fields, 2),
    prehashValue: lastNumber(fields, 3),
    length: lastNumber(fields, 4),
    prefix: lastBytes(fields, 5) ?? empty,
  };
}

function decodeInnerOp(bytes: Uint8Array): InnerOp | undefined {
  const fields = readFields(bytes);
  if (fields === undefined || !areNumbers(fields, 1, 1) || !areBytes(fields, 2, 3)) return undefined;
  return { hash: lastNumber(fields, 1), prefix: lastBytes(fields, 2) ?? empty, suffix: lastBytes(fields, 3) };
}

/** One field as it stands on the wire: a length-delimited one has bytes, any other a value (fixed ones 0, no field here has them). */
interface WireField {
  readonly number: number;
  readonly wire: number;
  readonly value: number;
  readonly bytes: Uint8Array | undefined;
}

/** The fields of a message in order, undefined when the bytes are cut, hold a group or a wrong tag. */
function readFields(bytes: Uint8Array): readonly WireField[] | undefined {
  const fields: WireField[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    if (tag === undefined || tag.value < 8 || tag.value >= 2 ** 32) return undefined;
    const number = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    at = tag.next;
    if (wire === wireFixed64 || wire === wireFixed32) {
      at += wire === wireFixed64 ? 8 : 4;
      if (at > bytes.length) return undefined;
      fields.push({ number, wire, value: 0, bytes: undefined });
      continue;
    }
    if (wire !== wireVarint && wire !== wireBytes) return undefined;
    const head = readVarint(bytes, at);
    if (head === undefined) return undefined;
    at = head.next;
    if (wire === wireVarint) {
      fields.push({ number, wire, value: head.value, bytes: undefined });
      continue;
    }
    if (head.value > bytes.length - at) return undefined;
    fields.push({ number, wire, value: 0, bytes: bytes.subarray(at, at + head.value) });
    at += head.value;
  }
  return fields;
}

/** An unsigned varint of at most ten bytes; values from 2^53 on lose low bits, no valid field is that large. */
function readVarint(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } | undefined {
  let value = 0;
  let scale = 1;
  for (let at = from; at < from + 10; at++) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    value += (byte & 127) * scale;
    if (byte < 128) return { value, next: at + 1 };
    scale *= 128;
  }
  return undefined;
}

function areBytes(fields: readonly WireField[], from: number, to: number): boolean {
  return fields.every((field) => field.number < from || field.number > to || field.wire === wireBytes);
}

function areNumbers(fields: readonly WireField[], from: number, to: number): boolean {
  return fields.every((field) => field.number < from || field.number > to || field.wire === wireVarint);
}

function lastBytes(fields: readonly WireField[], number: number): Uint8Array | undefined {
  return fields.findLast((field) => field.number === number)?.bytes;
}

function lastNumber(fields: readonly WireField[], number: number): number {
  return fields.findLast((field) => field.number === number)?.value ?? 0;
}

function bytesUnlessEmpty(number: number, bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? empty : bytesField(number, bytes);
}

function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(varint(number * 8 + wireBytes), varint(bytes.length), bytes);
}

function numberField(number: number, value: number): Uint8Array {
  return value === 0 ? empty : concatBytes(varint(number * 8 + wireVarint), varint(value));
}

function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
  return Uint8Array.from(out);
}

// CometBFT's write-ahead log as a start finds it, and what a start must mend before CometBFT v0.38 reads it. A chain of one validator would stand
// still for ever otherwise: CometBFT replays nothing, and then refuses to sign what it has signed already.
//
// Ends of heights: CometBFT writes #ENDHEIGHT after it has stored a block. When it dies between the two, its next start takes the block from its
// store, goes on with the next height and never writes the end; when it dies once more before that height is over, it looks for the end in vain.
//
// A torn tail: CometBFT cuts it off when it reads it, but where it finds no end of the height before it reads nothing, and writes behind the torn
// entry, so that the next start finds none of what follows.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { crc32c } from "../../../app/store/crc32c.ts";
import type { Home } from "./home.ts";

/** Bytes before each entry: CRC-32C and length, big-endian (consensus/wal.go). */
const HEADER_BYTES = 8;
/** Longest entry (consensus/wal.go, maxMsgSizeBytes). */
const MAX_ENTRY_BYTES = 1_048_600;
/** Fields of tendermint.consensus.WALMessage, and of its parts the one with the height (proto/tendermint/consensus/wal.proto). */
const ROUND_STATE = { field: 1, height: 1 };
const TIMEOUT = { field: 3, height: 2 };
const END_HEIGHT = { field: 4, height: 1 };

/** What an entry says about the height at which the node itself was. */
interface Entry {
  /** Where it begins, and where the next one does. */
  readonly start: number;
  readonly end: number;
  readonly kind: "at" | "ended" | "other";
  readonly height: bigint;
  /** Its time, as encoded. */
  readonly time: Uint8Array;
}

/** Path of the newest file of the log. Older ones are complete: CometBFT begins a new one every 10 MB. */
export function walHead(home: Home): string {
  return join(home.data.dir, "cs.wal", "wal");
}

/** What a log lacked. */
interface MendedWal {
  readonly wal: Uint8Array;
  /** Heights whose ends were added. */
  readonly heights: readonly bigint[];
  /** Bytes of an unfinished entry that were cut off. */
  readonly tornBytes: number;
}

/** The log with the ends that it lacks and without a torn tail; undefined when nothing is to be mended. Damage before the tail is left as it is. */
export function mendEntries(wal: Uint8Array): MendedWal | undefined {
  const parts: Uint8Array[] = [];
  const heights: bigint[] = [];
  let [copied, readTo] = [0, 0];
  /** The lowest height that may be under way; unknown at the beginning of a file. */
  let next: bigint | undefined;
  for (const { start, end, kind, height, time } of readEntries(wal)) {
    readTo = end;
    const reached = kind === "ended" ? height + 1n : height;
    // A timeout may fire when its height is over already.
    if (kind === "other" || (next !== undefined && reached <= next)) continue;
    if (kind === "at" && next !== undefined) {
      // The node itself was at this height, so that the one before was over.
      parts.push(wal.subarray(copied, start), encodeEnd(height - 1n, time));
      heights.push(height - 1n);
      copied = start;
    }
    next = reached;
  }
  const tornBytes = isTorn(wal, readTo) ? wal.length - readTo : 0;
  if (heights.length === 0 && tornBytes === 0) return undefined;
  return { wal: Buffer.concat([...parts, wal.subarray(copied, wal.length - tornBytes)]), heights, tornBytes };
}

/** Whether an entry begins at `start` that ends beyond the file. */
function isTorn(wal: Uint8Array, start: number): boolean {
  if (start + HEADER_BYTES > wal.length) return start < wal.length;
  const length = new DataView(wal.buffer, wal.byteOffset, wal.length).getUint32(start + 4);
  return length <= MAX_ENTRY_BYTES && start + HEADER_BYTES + length > wal.length;
}

/** Heights whose ends a home's log lacks; none where there is no log that can be read: CometBFT says so itself. */
export function missingEnds(home: Home): readonly bigint[] {
  return readMended(home)?.heights ?? [];
}

/**
 * Mends a home's log, so that CometBFT finds what it has signed.
 * CONTRACT: no CometBFT has the log open.
 * @returns what was done, for people; empty when there was nothing to do
 */
export function mendWal(home: Home): readonly string[] {
  const mended = readMended(home);
  if (mended === undefined) return [];
  const path = walHead(home);
  writeFileSync(`${path}.mended`, mended.wal, { mode: 0o600, flush: true });
  renameSync(`${path}.mended`, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
  const { heights, tornBytes } = mended;
  return [
    ...heights.map(
      (height) => `CometBFT died between storing block ${height} and noting so: the note was added, so that it finds what it has signed`,
    ),
    ...(tornBytes === 0 ? [] : [`an unfinished entry of ${tornBytes} bytes at the end was cut off`]),
  ];
}

function readMended(home: Home): MendedWal | undefined {
  try {
    return mendEntries(readFileSync(walHead(home)));
  } catch {
    return undefined;
  }
}

function* readEntries(wal: Uint8Array): Generator<Entry, void, undefined> {
  const view = new DataView(wal.buffer, wal.byteOffset, wal.length);
  for (let start = 0; start + HEADER_BYTES <= wal.length; ) {
    const end = start + HEADER_BYTES + view.getUint32(start + 4);
    const body = wal.subarray(start + HEADER_BYTES, end);
    if (end > wal.length || crc32c(body) !== view.getUint32(start)) return;
    yield { start, end, ...readTimed(body) };
    start = end;
  }
}

/** tendermint.consensus.TimedWALMessage: time and message. */
function readTimed(body: Uint8Array): Pick<Entry, "kind" | "height" | "time"> {
  const timed = readFields(body);
  const message = readFields(timed.parts.get(2) ?? new Uint8Array(0));
  const heightOf = ({ field, height }: typeof TIMEOUT): bigint | undefined => {
    const part = message.parts.get(field);
    return part === undefined ? undefined : (readFields(part).numbers.get(height) ?? 0n);
  };
  const at = heightOf(ROUND_STATE) ?? heightOf(TIMEOUT);
  const ended = heightOf(END_HEIGHT);
  const kind = at !== undefined ? "at" : ended !== undefined ? "ended" : "other";
  return { kind, height: at ?? ended ?? 0n, time: timed.parts.get(1) ?? new Uint8Array(0) };
}

/** Numbers and byte strings of a message by field. */
function readFields(bytes: Uint8Array): {
  readonly numbers: ReadonlyMap<number, bigint>;
  readonly parts: ReadonlyMap<number, Uint8Array>;
} {
  const reader = new BinaryReader(bytes);
  const numbers = new Map<number, bigint>();
  const parts = new Map<number, Uint8Array>();
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type === WireType.LengthDelimited) parts.set(field, reader.bytes());
    else if (type === WireType.Varint) numbers.set(field, BigInt(reader.int64()));
    else reader.skip(type, field);
  }
  return { numbers, parts };
}

/** @param time of the entry that follows: the log's times do not go back */
function encodeEnd(height: bigint, time: Uint8Array): Uint8Array {
  const writer = new BinaryWriter();
  writer.uint32(10).bytes(time).uint32(18).fork().uint32(34).fork();
  if (height !== 0n) writer.uint32(8).int64(height);
  const body = writer.join().join().finish();
  const entry = Buffer.alloc(HEADER_BYTES + body.length);
  entry.writeUInt32BE(crc32c(body), 0);
  entry.writeUInt32BE(body.length, 4);
  entry.set(body, HEADER_BYTES);
  return entry;
}

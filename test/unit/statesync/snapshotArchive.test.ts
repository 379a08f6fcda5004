import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { archiveSnapshot, loadSnapshotArchive } from "../../../app/statesync/snapshotArchive.ts";
import { SnapshotFolder } from "../../../app/statesync/snapshotFolder.ts";
import { encodeSnapshotInfo, type SnapshotInfo } from "../../../app/statesync/snapshotInfo.ts";
import { encodeTarHeader } from "../../../app/statesync/tarHeader.ts";
import { StoreError } from "../../../app/store/storeError.ts";
import { fc } from "../../harness/fastCheck.ts";
import { describeChunks, digest } from "../../harness/snapshotParts.ts";

let path: string;
let folder: SnapshotFolder;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "hz-arch-"));
  folder = new SnapshotFolder(join(path, "snapshots"));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const chunks = [Buffer.alloc(1000, 1), Buffer.alloc(512, 2), Buffer.alloc(0), Buffer.alloc(7, 3)];
const { info } = describeChunks(9n, chunks);

interface File {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Changes the header, whose sum is mended. */
  readonly change?: (header: Uint8Array) => unknown;
}

const END = new Uint8Array(1024);
const description = (other: Partial<SnapshotInfo> = {}): File => ({ name: "_snapshot", bytes: encodeSnapshotInfo({ ...info, ...other }) });
const files = (): File[] => [description(), ...chunks.map((bytes, index) => ({ name: String(index), bytes }))];

/** An archive of these files, whatever they are. */
function tar(all: readonly File[], end: Uint8Array = END): Buffer {
  const parts = all.flatMap(({ name, bytes, change }) => {
    const header = encodeTarHeader({ name, size: bytes.length });
    change?.(header);
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.set(Buffer.from(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
    return [header, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, end]);
}

const load = (packed: Uint8Array, maxBytes = 1 << 20): Promise<SnapshotInfo> =>
  loadSnapshotArchive(Readable.from([packed]), folder, { maxBytes });

/** What an archive is refused with, and nothing of it stays. */
async function refusal(packed: Uint8Array, maxBytes?: number): Promise<string> {
  const error = await load(packed, maxBytes).then(
    () => assert.fail("it was taken"),
    (cause: unknown) => cause,
  );
  assert.ok(error instanceof StoreError, String(error));
  assert.equal(error.code, 21);
  assert.deepEqual(existsSync(folder.path) ? readdirSync(folder.path) : [], []);
  return error.detail;
}

async function collect(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

const without = (index: number): File[] => files().toSpliced(index, 1);
const instead = (index: number, file: Partial<File>): File[] => files().map((own, at) => (at === index ? { ...own, ...file } : own));

test("a snapshot comes back from its archive, told chunk by chunk", async () => {
  await load(gzipSync(tar(files())));
  const told: string[] = [];
  const other = new SnapshotFolder(join(path, "other"));
  const parts = await collect(archiveSnapshot(folder, info, (done, all) => told.push(`${done}/${all}`)));
  assert.deepEqual(Buffer.concat(parts), tar(files()));
  const source = Readable.from([gzipSync(Buffer.concat(parts))]);
  const onChunk = (done: number, all: number): void => void told.push(`${done} of ${all}`);
  assert.deepEqual(await loadSnapshotArchive(source, other, { maxBytes: 1519, onChunk }), info);
  assert.deepEqual(told, ["1/4", "2/4", "3/4", "4/4", "1 of 4", "2 of 4", "3 of 4", "4 of 4"]);
  assert.deepEqual(other.list(), [info]);
  for (const [index, chunk] of chunks.entries()) assert.deepEqual(await other.chunk(9n, 3, index), chunk);
});

test("it may come in pieces of any size, in several members of gzip, and with the zeros that other programs add", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 4000 }), async (size, cut) => {
      const whole = tar(files(), new Uint8Array(10_240));
      const packed = Buffer.concat([gzipSync(whole.subarray(0, cut)), gzipSync(whole.subarray(cut))]);
      const pieces = Array.from({ length: Math.ceil(packed.length / size) }, (_, at) => packed.subarray(at * size, (at + 1) * size));
      assert.deepEqual(await loadSnapshotArchive(Readable.from(pieces), folder, { maxBytes: 1519 }), info);
      assert.equal(folder.remove(9n), true);
    }),
    { numRuns: 30 },
  );
});

const withWrongSum = (packed: Buffer): Buffer => packed.fill(0, packed.length - 8, packed.length - 4);
const link = (header: Uint8Array): unknown => header.fill(0x32, 156, 157);
const REFUSED: Readonly<Record<string, readonly [packed: () => Uint8Array, detail: RegExp, maxBytes?: number]>> = {
  "no gzip": [() => tar(files()), /a whole file of gzip, got incorrect header check/],
  "gzip that ends early": [() => gzipSync(tar(files())).subarray(0, -12), /a whole file of gzip, got unexpected end of file/],
  "gzip with a wrong sum": [() => withWrongSum(gzipSync(tar(files()))), /a whole file of gzip, got incorrect data check/],
  "an empty file": [() => new Uint8Array(0), /a whole file of gzip, got unexpected end of file/],
  "other bytes than an archive": [() => gzipSync(Buffer.alloc(2000, "text")), /expected the header of a file, got other bytes/],
  "gzip of nothing": [() => gzipSync(""), /expected _snapshot, got the end of the file/],
  "an archive of nothing": [() => gzipSync(END), /expected _snapshot, got the end$/],
  "an archive of something else": [
    () => gzipSync(tar([{ name: "notes.txt", bytes: END }])),
    /expected _snapshot, got a file named "notes.txt"/,
  ],
  "a description that is none": [() => gzipSync(tar(instead(0, { bytes: Buffer.from("none") }))), /expected .* snapshot/],
  "a description of fewer hashes than chunks": [
    () => gzipSync(tar(instead(0, { bytes: encodeSnapshotInfo(info).fill(5, 4, 6) }))),
    /snapshot: expected/,
  ],
  "a description of 4 GiB": [
    () => gzipSync(tar(instead(0, { change: (header) => header.set(Buffer.from("40000000000"), 124) }))),
    /at most 139364 bytes in _snapshot, got 4294967296/,
  ],
  "another format": [() => gzipSync(tar(instead(0, description({ format: 2 })))), /expected format 3, got 2/],
  "height 0": [() => gzipSync(tar(instead(0, description({ height: 0n })))), /expected a height of 1 to/],
  "a name that leaves the folder": [
    () => gzipSync(tar(instead(2, { name: "../../config/genesis.json" }))),
    /expected chunk 1, got a file named "..\/..\/config\/genesis.json"/,
  ],
  "an absolute name": [() => gzipSync(tar(instead(1, { name: "/etc/passwd" }))), /expected chunk 0, got a file named "\/etc\/passwd"/],
  "a symbolic link": [() => gzipSync(tar(instead(1, { change: link }))), /expected plain files, got "0" of type 2/],
  "a long name": [() => gzipSync(tar(instead(1, { change: (header) => header.fill(0x61, 345, 346) }))), /names of at most 100 bytes/],
  "a size that is no number": [
    () => gzipSync(tar(instead(1, { change: (header) => header.fill(0xff, 124, 136) }))),
    /the size of "0" in octal digits/,
  ],
  "a missing chunk": [() => gzipSync(tar(without(2))), /expected chunk 1, got a file named "2"/],
  "chunks that end early": [() => gzipSync(tar(without(4))), /expected chunk 3, got the end/],
  "chunks in another order": [() => gzipSync(tar([...without(1), files()[1] ?? assert.fail()])), /expected chunk 0, got a file named "1"/],
  "another chunk": [() => gzipSync(tar(instead(1, { bytes: Buffer.alloc(1000, 4) }))), /chunk 0 is not the one/],
  "a chunk that is cut off": [() => gzipSync(tar(files()).subarray(0, 1500)), /expected chunk 0, got the end of the file/],
  "one chunk more": [
    () => gzipSync(tar([...files(), { name: "4", bytes: END }])),
    /expected the end behind 4 chunks, got a file named "4"/,
  ],
  "bytes behind the end": [() => gzipSync(tar(files(), Buffer.concat([END, Buffer.of(1)]))), /expected zeros behind the end/],
  "zeros without end": [() => gzipSync(tar(files(), new Uint8Array((1 << 20) + 1024))), /at most 1048576 zeros behind the end/],
  "another hash of the whole": [() => gzipSync(tar(instead(0, description({ hash: digest(END) })))), /chunks of the snapshot's hash/],
  "more bytes than the machine takes": [() => gzipSync(tar(files())), /at most 1518 bytes in all chunks/, 1518],
  "a chunk larger than CometBFT's": [
    () => gzipSync(tar(instead(1, { bytes: new Uint8Array(16_000_001) }))),
    /at most 16000000 bytes in chunk 0, got 16000001/,
    1 << 28,
  ],
};

for (const [what, [packed, detail, maxBytes]] of Object.entries(REFUSED))
  test(`${what} is refused, and nothing of it stays`, async () => assert.match(await refusal(packed(), maxBytes), detail));

test("a snapshot that is there is not replaced", async () => {
  await load(gzipSync(tar(files())));
  await assert.rejects(load(gzipSync(tar(files()))), { detail: "archive: there is a snapshot of height 9 already" });
  assert.deepEqual(folder.list(), [info]);
});

test("a file that cannot be read is told as it is", async () => {
  const broken = new Readable({ read: () => void broken.destroy(Object.assign(new Error("EIO: i/o error"), { code: "EIO" })) });
  await assert.rejects(loadSnapshotArchive(broken, folder, { maxBytes: 1 }), { code: "EIO" });
});

test("a damaged snapshot makes no archive", async () => {
  await load(gzipSync(tar(files())));
  truncateSync(join(folder.path, "9", "3", "1"), 5);
  await assert.rejects(collect(archiveSnapshot(folder, info)), { detail: "archive: chunk 1 is not the one that the description names" });
  unlinkSync(join(folder.path, "9", "3", "1"));
  await assert.rejects(collect(archiveSnapshot(folder, info)), { detail: "archive: chunk 1 of 4 is missing" });
});

// Blocks on disk: nothing damaged is ever given out, nothing half-written counts, the bound holds.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { contentIdOf, parseContentId } from "../../../app/content/contentId.ts";
import { type ContentReport, ContentStore } from "../../../app/content/contentStore.ts";

const text = (letters: string): Uint8Array => new TextEncoder().encode(letters);
/** A block of 100 bytes. */
const block = (n: number): Uint8Array => new Uint8Array(100).fill(n);
const HELLO = "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq";

describe("content identifiers", () => {
  it("are those that IPFS gives to raw bytes", () => {
    // As `ipfs block put --cid-codec=raw` prints them.
    assert.equal(contentIdOf(text("hello")), HELLO);
    assert.equal(contentIdOf(new Uint8Array(0)), "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
  });

  const REFUSED: readonly (readonly [name: string, text: string])[] = [
    ["nothing", ""],
    ["capital letters", HELLO.toUpperCase()],
    ["another version (CIDv0)", "QmPZ9gcCEpqKTo6aq61g2nXGUhM4iCL3ewB6LDXZCtioEB"],
    ["another codec (dag-cbor)", HELLO.replace("bafkrei", "bafyrei")],
    ["another base (base58btc)", parseContentId(HELLO).toString().replace(/^b/, "z")],
    ["one letter less", HELLO.slice(0, -1)],
    ["one letter more", `${HELLO}a`],
    ["bits after the end", `${HELLO.slice(0, -1)}r`],
    ["a path", `../${HELLO.slice(3)}`],
    ["ten thousand letters", "b".repeat(10_000)],
  ];
  for (const [name, value] of REFUSED)
    it(`refuse ${name}`, () =>
      assert.throws(
        () => parseContentId(value),
        ({ codespace, code, detail }: { codespace: string; code: number; detail: string }) =>
          `${codespace}/${code}` === "content/2" && detail.length < 200,
      ));
});

describe("the content store", () => {
  let root: string;
  let reports: ContentReport[];
  let nth = 0;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "hz-content-"));
  });
  after(() => rm(root, { recursive: true, force: true }));
  const options = (maxBytes = 10_000, path = join(root, String(++nth))) => {
    reports = [];
    return { path, maxBytes, maxBlockBytes: 1000, report: (event: ContentReport) => void reports.push(event) };
  };
  const fileOf = (store: ContentStore, cid: string): string => join(store.path, cid.slice(-2), cid);

  it("gives back what was put, also after it is opened again, and writes nothing twice", async () => {
    const store = await ContentStore.open(options());
    const { cid, isNew } = await store.put(text("hello"));
    assert.deepEqual([cid, isNew], [HELLO, true]);
    const written = (await stat(fileOf(store, cid))).ino;
    assert.equal((await store.put(text("hello"))).isNew, false);
    assert.equal((await stat(fileOf(store, cid))).ino, written);
    const again = await ContentStore.open({ ...options(), path: store.path });
    assert.deepEqual(again.list(), [{ cid: HELLO, bytes: 5 }]);
    assert.deepEqual(Buffer.from((await again.get(HELLO)) ?? []).toString(), "hello");
    assert.equal(await again.get(contentIdOf(text("other"))), undefined);
    assert.equal(again.bytes, 5);
  });

  it("makes no folder before the first block, and keeps it from others", async () => {
    const store = await ContentStore.open(options());
    await assert.rejects(stat(store.path));
    const { cid } = await store.put(text("a"));
    assert.equal((await stat(fileOf(store, cid))).mode & 0o077, 0);
  });

  const DAMAGE: readonly (readonly [name: string, hurt: (path: string) => Promise<void>])[] = [
    ["a flipped bit", async (path) => writeFile(path, text("hellp"))],
    ["a lost end", (path) => truncate(path, 2)],
    ["nothing left", (path) => truncate(path, 0)],
    ["far more than a block", (path) => truncate(path, 50_000)],
  ];
  for (const [name, hurt] of DAMAGE)
    it(`refuses, removes and reports a block with ${name}, and takes it again`, async () => {
      const store = await ContentStore.open(options());
      await store.put(text("hello"));
      await hurt(fileOf(store, HELLO));
      assert.equal(await store.get(HELLO), undefined);
      assert.deepEqual(
        reports.map(({ kind, name: cid }) => [kind, cid]),
        [["damaged", HELLO]],
      );
      await assert.rejects(stat(fileOf(store, HELLO)));
      assert.deepEqual([store.blocks, store.bytes], [0, 0]);
      assert.equal((await store.put(text("hello"))).isNew, true);
      assert.equal(Buffer.from((await store.get(HELLO)) ?? []).toString(), "hello");
    });

  it("mends a damaged block when its bytes are put before anybody read it", async () => {
    const store = await ContentStore.open(options());
    await store.put(text("hello"));
    await writeFile(fileOf(store, HELLO), text("jello"));
    assert.equal((await store.put(text("hello"))).isNew, true);
    assert.equal(await readFile(fileOf(store, HELLO), "utf8"), "hello");
  });

  it("removes the least recently used blocks beyond its bound, and says so", async () => {
    const store = await ContentStore.open(options(450));
    const cids: string[] = [];
    for (let n = 0; n < 4; n++) cids.push((await store.put(block(n))).cid);
    await store.get(cids[0] ?? "");
    cids.push((await store.put(block(4))).cid);
    assert.deepEqual(
      reports.map(({ kind, name }) => [kind, name]),
      [["evicted", cids[1]]],
    );
    assert.deepEqual(
      store.list().map(({ cid }) => cid),
      [cids[2], cids[3], cids[0], cids[4]],
    );
    assert.equal(await store.get(cids[1] ?? ""), undefined);
    assert.ok(store.bytes <= 450);
  });

  it("remembers the order of use over a restart, and applies a smaller bound then", async () => {
    const store = await ContentStore.open(options(1000));
    const cids: string[] = [];
    for (let n = 0; n < 3; n++) cids.push((await store.put(block(n))).cid);
    for (const [age, n] of [
      [3, 1],
      [2, 2],
      [1, 0],
    ]) {
      const at = new Date(1_700_000_000_000 - (age ?? 0) * 1000);
      await utimes(fileOf(store, cids[n ?? 0] ?? ""), at, at);
    }
    const smaller = await ContentStore.open({ ...options(200), path: store.path });
    assert.deepEqual(
      smaller.list().map(({ cid }) => cid),
      [cids[2], cids[0]],
    );
  });

  it("refuses a block that is too large for it, and for one block", async () => {
    const store = await ContentStore.open(options());
    for (const bytes of [1001, 5000])
      assert.throws(() => store.put(new Uint8Array(bytes)), {
        codespace: "content",
        code: 3,
        detail: `at most 1000 bytes expected, got ${bytes}`,
      });
    const tiny = await ContentStore.open(options(50));
    assert.throws(() => tiny.put(block(1)), { code: 3 });
  });

  it("removes what a crash left, leaves strange files alone, and reports those", async () => {
    const { path, ...rest } = options();
    const folder = join(path, HELLO.slice(-2));
    await mkdir(folder, { recursive: true });
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    await writeFile(join(folder, `${HELLO}.${dead}-0.tmp`), "hel");
    await writeFile(join(folder, `${HELLO}.${process.ppid}-0.tmp`), "hel");
    await writeFile(join(folder, "notes.txt"), "mine");
    const odd = contentIdOf(text("folder"));
    await mkdir(join(path, odd.slice(-2), odd), { recursive: true });
    const store = await ContentStore.open({ path, ...rest });
    assert.equal(store.blocks, 0);
    assert.deepEqual(
      reports.map(({ kind, name }) => [kind, name]),
      [["stray", join(HELLO.slice(-2), "notes.txt")]],
    );
    // Another process may still be at it.
    assert.deepEqual((await readdir(folder)).sort(), [`${HELLO}.${process.ppid}-0.tmp`, "notes.txt"]);
  });

  it("finds what another process put into the folder", async () => {
    const mine = await ContentStore.open(options());
    const other = await ContentStore.open({ ...options(), path: mine.path });
    await other.put(text("hello"));
    assert.equal(Buffer.from((await mine.get(HELLO)) ?? []).toString(), "hello");
    assert.equal(mine.blocks, 1);
  });

  it("stays below its bound and whole under many writes at once", async () => {
    const store = await ContentStore.open(options(2000));
    const written = await Promise.all(Array.from({ length: 60 }, (_, n) => store.put(block(n % 40))));
    await store.settled();
    assert.equal(new Set(written.map(({ cid }) => cid)).size, 40);
    assert.equal(store.blocks, 20);
    assert.equal(store.bytes, 2000);
    for (const { cid } of store.list()) assert.equal((await store.get(cid))?.length, 100);
    assert.equal(reports.filter(({ kind }) => kind === "damaged").length, 0);
  });
});

// Damage on the disk while the node is down: every row and file that the store reads again. What it finds it names; then it heals it or refuses.
import assert from "node:assert/strict";
import { cp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Params as SlashingParams } from "#proto/cosmos/slashing/v1beta1/slashing";
import { blockKey } from "../../../app/runtime/txIndex.ts";
import { type Database, openRocks } from "../../../app/store/rocks.ts";
import {
  flatKey,
  flatRange,
  lastKey,
  parseRecordKey,
  recordKey,
  recordRange,
  responseKey,
  rowRange,
} from "../../../app/store/rocksKeys.ts";
import { walHead } from "../../../cmd/hanzod/node/mendWal.ts";
import { DEFAULT_PARAMS } from "../../../modules/slashing/params.ts";
import { findPages, mendCheckpoint } from "../../conformance/checkpointBytes.ts";
import type { FaultChain } from "./faultChain.ts";
import type { FaultKind, Outcome } from "./faultKind.ts";
import type { Random } from "./load.ts";

/** Bytes of a batch that may be missing at most: less than a record and its rows. */
const TORN_BYTES = 300;

/** What a refusal must name, so that an operator knows what is damaged. */
const named = /store\/(13|14|18|19)\b/;

/** Flips one bit, cuts the end off or empties bytes in the middle: what disks and torn writes do. */
export function damageBytes(bytes: Uint8Array, random: Random): Buffer {
  const damaged = Buffer.from(bytes);
  if (damaged.length === 0) return Buffer.from([0xff]);
  const at = random.below(damaged.length);
  const kind = random.below(3);
  if (kind === 0) damaged[at] = (damaged[at] ?? 0) ^ (1 << random.below(8));
  else if (kind === 1) return damaged.subarray(0, at);
  else damaged.fill(damaged[at] === 0 ? 0xff : 0, at, Math.min(damaged.length, at + 1 + random.below(512)));
  return damaged;
}

/** Removes the checkpoint of a height, if there is one. */
export async function removeCheckpoint(chain: FaultChain, height: bigint): Promise<void> {
  await rm(join(checkpointFolder(chain), `checkpoint-${String(height).padStart(20, "0")}`), { force: true });
}

const checkpointFolder = (chain: FaultChain): string => join(chain.chain.home.data.app, "checkpoints");

const logFolder = (chain: FaultChain): string => join(chain.chain.home.data.app, "log");

async function withDatabase(chain: FaultChain, edit: (db: Database) => Promise<void>): Promise<void> {
  const db = await openRocks(logFolder(chain));
  try {
    await edit(db);
  } finally {
    await db.close();
  }
}

async function heights(db: Database): Promise<bigint[]> {
  const found: bigint[] = [];
  for await (const [key] of db.iterate(recordRange)) found.push(parseRecordKey(key));
  return found;
}

/** Changes the record of the last height. @returns that height */
export async function editHighestRecord(chain: FaultChain, edit: (bytes: Uint8Array) => Uint8Array): Promise<bigint> {
  let edited = 0n;
  await withDatabase(chain, async (db) => {
    const last = (await heights(db)).at(-1) ?? assert.fail("a record");
    await db.write([[recordKey(last), edit((await db.get(recordKey(last))) ?? assert.fail("a record"))]], true);
    edited = last;
  });
  return edited;
}

async function damageRow(chain: FaultChain, random: Random, choose: (db: Database) => Promise<Uint8Array>): Promise<void> {
  await withDatabase(chain, async (db) => {
    const key = await choose(db);
    const bytes = await db.get(key);
    if (bytes === undefined) return;
    await db.write([[key, random.below(4) === 0 ? undefined : damageBytes(bytes, random)]], true);
  });
}

async function damageFile(folder: string, random: Random, matches: RegExp): Promise<void> {
  const names = (await readdir(folder)).filter((name) => matches.test(name)).sort();
  const name = names[random.below(Math.max(1, names.length))];
  if (name === undefined) return;
  const path = join(folder, name);
  const bytes = await readFile(path);
  if (random.below(5) === 0) await truncate(path, random.below(bytes.length + 1));
  else await writeFile(path, damageBytes(bytes, random));
}

const anyOf = async (db: Database, random: Random): Promise<bigint> => {
  const found = await heights(db);
  return found[random.below(found.length)] ?? 1n;
};

async function anyFlatRow(db: Database, random: Random): Promise<Uint8Array> {
  let left = random.below(40);
  let found = flatKey;
  for await (const [key] of db.iterate(flatRange)) {
    found = key.slice();
    if (left-- === 0) break;
  }
  return found;
}

/** Cuts off a piece of the newest file of a log: its last write was not finished when the power went. */
async function tearTail(folder: string, random: Random, matches: RegExp): Promise<void> {
  const name = (await readdir(folder))
    .filter((found) => matches.test(found))
    .sort()
    .at(-1);
  assert.ok(name !== undefined, `a file in ${folder}`);
  const path = join(folder, name);
  const { size } = await stat(path);
  await truncate(path, Math.max(0, size - 1 - random.below(TORN_BYTES)));
}

/** Cuts into the last entry of CometBFT's write-ahead log: entries before it were synced. */
async function tearWal(chain: FaultChain, random: Random): Promise<void> {
  const path = walHead(chain.chain.home);
  const wal = await readFile(path);
  let last = 0;
  for (let next = 0; next + 8 <= wal.length; next += 8 + wal.readUInt32BE(next + 4)) last = next;
  await truncate(path, last + random.below(wal.length - last));
}

/** Rows of the index are no part of the state: whatever happens to them, the chain goes on, and queries say what is damaged. */
async function anyIndexRow(db: Database, random: Random): Promise<Uint8Array> {
  const keys: Uint8Array[] = [];
  const backwards = rowRange({ reverse: true });
  for await (const [key] of db.iterate(backwards, 200)) keys.push(key.slice());
  const blocks = rowRange({ start: blockKey(0n), end: blockKey(2n ** 62n), reverse: true });
  // Half of the time one of the newest blocks' times, which the start reads.
  if (random.below(2) === 0) {
    keys.length = 0;
    for await (const [key] of db.iterate(blocks, 2)) keys.push(key.slice());
  }
  return keys[random.below(keys.length)] ?? rowRange({}).start ?? flatKey;
}

const damages: Readonly<Record<string, (chain: FaultChain, random: Random) => Promise<void>>> = {
  lastRecord: async (chain, random) => {
    await editHighestRecord(chain, (bytes) => damageBytes(bytes, random));
  },
  anyRecord: (chain, random) => damageRow(chain, random, async (db) => recordKey(await anyOf(db, random))),
  response: (chain, random) => damageRow(chain, random, async (db) => responseKey(await anyOf(db, random))),
  lastNote: (chain, random) => damageRow(chain, random, async () => lastKey),
  flatRow: (chain, random) => damageRow(chain, random, (db) => anyFlatRow(db, random)),
  flatMark: (chain, random) => damageRow(chain, random, async () => flatKey),
  checkpoint: (chain, random) => damageFile(checkpointFolder(chain), random, /^checkpoint-\d+$/),
  lostCheckpoints: (chain) => rm(checkpointFolder(chain), { recursive: true, force: true }),
  indexRow: (chain, random) => damageRow(chain, random, (db) => anyIndexRow(db, random)),
  tornLog: (chain, random) => tearTail(logFolder(chain), random, /\.log$/),
  tornWal: tearWal,
  logFile: (chain, random) => damageFile(logFolder(chain), random, /\.log$/),
  tableFile: (chain, random) => damageFile(logFolder(chain), random, /\.sst$/),
  manifest: (chain, random) => damageFile(logFolder(chain), random, /^(MANIFEST|CURRENT)/),
};

function damageFault(name: string, damage: (chain: FaultChain, random: Random) => Promise<void>): FaultKind {
  return {
    name: `damage:${name}`,
    async run(chain, random): Promise<Outcome> {
      await chain.kill(random.below(2) === 0);
      const state = chain.chain.home.data.app;
      const backup = `${state}-backup`;
      await cp(state, backup, { recursive: true });
      await damage(chain, random);
      const started = performance.now();
      const node = await chain.spawn();
      const refusal = await node.ready().then(
        () => undefined,
        () => chain.ended("a node that does not answer is one that has refused"),
      );
      if (refusal === undefined) {
        chain.readyMs.push(performance.now() - started);
        await rm(backup, { recursive: true });
        return /store \w+(Healed|Dropped)|write-ahead log: /.test(chain.output) ? "healed" : "survived";
      }
      assert.ok(!name.startsWith("torn"), `a write that was not finished is nothing lost:\n${chain.output}`);
      assert.match(chain.output, named, `a refusal names what is damaged:\n${chain.output}`);
      assert.notEqual(refusal, null, `a refusal is no crash:\n${chain.output}`);
      await rm(state, { recursive: true });
      await cp(backup, state, { recursive: true });
      await rm(backup, { recursive: true });
      return "refused";
    },
  };
}

/** A checkpoint that is wrong under right checksums: the node drops it at its start, or begins with it and stops when it finds out. */
const forgedCheckpoint: FaultKind = {
  name: "damage:forgedCheckpoint",
  async run(chain, random): Promise<Outcome> {
    await chain.kill(random.below(2) === 0);
    const isForged = await forgeNewest(chain, (bytes) => {
      const pages = findPages(bytes).slice(1, -1);
      const { from, to } = pages[random.below(pages.length)] ?? assert.fail("a page of nodes");
      const at = from + random.below(to - from);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    });
    if (!isForged) return "survived";
    const node = await chain.spawn();
    const stopped = await node.ready().then(
      () => false,
      () => true,
    );
    if (!stopped && /store checkpointDropped/.test(chain.output)) return "healed";
    await chain.ended("the node stops");
    assert.match(chain.output, /HZN-STATE.*store\/14.*checkpoint-/s, chain.output);
    await chain.start();
    return "healed";
  },
};

/** A checkpoint that is wrong under right checksums where every block reads it: the first block finds out, long before the state would be proven. */
const forgedParams: FaultKind = {
  name: "damage:forgedParams",
  async run(chain, random): Promise<Outcome> {
    await chain.grow(5);
    await chain.kill(random.below(2) === 0);
    const params = SlashingParams.encode(DEFAULT_PARAMS).finish();
    const isForged = await forgeNewest(chain, (bytes) => {
      const at = bytes.indexOf(params);
      assert.notEqual(at, -1, "a checkpoint holds the parameters of x/slashing");
      // A field of a kind that there is not.
      bytes[at] = (params[0] ?? 0) | 7;
    });
    assert.ok(isForged, "five blocks leave a checkpoint");
    await chain.spawn({ FAIL_TEST_CHECKPOINTS: "4:60000" });
    await chain.ended("the node stops");
    assert.match(chain.output, /HZN-STATE.*store\/14.*checkpoint-.*node of height 0: its content hashes to/s, chain.output);
    await chain.start();
    return "healed";
  },
};

/** Changes the newest checkpoint, with every checksum right. @returns false when there is none */
async function forgeNewest(chain: FaultChain, change: (bytes: Buffer) => void): Promise<boolean> {
  const folder = checkpointFolder(chain);
  const name = (await readdir(folder))
    .filter((found) => /^checkpoint-\d+$/.test(found))
    .sort()
    .at(-1);
  if (name === undefined) return false;
  const bytes = await readFile(join(folder, name));
  change(bytes);
  await writeFile(join(folder, name), mendCheckpoint(bytes));
  return true;
}

/** Everything that changes what lies on the disk. */
export const damageFaults: readonly FaultKind[] = [
  ...Object.entries(damages).map(([name, damage]) => damageFault(name, damage)),
  forgedCheckpoint,
  forgedParams,
];

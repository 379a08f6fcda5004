// From what the disk holds to a state that is proven to be the committed one, or to a refusal that names what is wrong. Nothing else reads the
// log before this has ended.

import { rm, stat } from "node:fs/promises";
import { type CheckpointEntry, listCheckpoints } from "./checkpoint.ts";
import { readCheckpoint } from "./checkpointReader.ts";
import type { CommitRecord } from "./commitRecord.ts";
import type { FailpointHook } from "./failpoint.ts";
import { Forest, requireSameHash } from "./forest.ts";
import type { Database } from "./rocks.ts";
import { parseRecordKey, recordRange } from "./rocksKeys.ts";
import type { LastCommit, RocksLog } from "./rocksLog.ts";
import { StoreError } from "./storeError.ts";
import type { VersionRoots } from "./versionRoots.ts";

/** Something that was not as it should be, and was healed or will be tried again. */
export interface StoreNotice {
  readonly kind: "lastHealed" | "tailDropped" | "checkpointDropped" | "historyLost" | "flatHealed" | "backgroundFailed";
  /** What was found and what was done. */
  readonly detail: string;
}

/** Where recovery reads, and what the chain expects. */
export interface RecoverySource {
  readonly db: Database;
  readonly log: RocksLog;
  /** Folder of the checkpoints. */
  readonly folder: string;
  readonly names: readonly string[];
  readonly initialVersion: bigint;
  readonly keepVersions: bigint;
  /** Size of a checkpoint, in bytes, from which on its nodes keep the hashes that it has for them; infinite for none. */
  readonly hashesFrom: number;
  readonly reach: FailpointHook;
  readonly report: (notice: StoreNotice) => void;
}

/** `keepVersions` of a store that keeps every version: more than there will be heights. */
export const everyVersion = 2n ** 62n;

/** A recovered chain. */
export interface Recovered {
  readonly forest: Forest;
  /** Good checkpoints, newest first. */
  readonly entries: readonly CheckpointEntry[];
  /** Checkpoints that were not good; they stay until a new one is written, for whoever wants to look at them. */
  readonly dropped: readonly CheckpointEntry[];
  /** Lowest height in the log; the initial version before the first commit. */
  readonly oldestRecord: bigint;
  /** Number of changes replayed. */
  readonly replayed: number;
  /** The checkpoint that recovery started from, when its hashes were taken as they are: it is still to be proven. */
  readonly unproven?: CheckpointEntry;
}

/** Records read ahead of the one that is replayed. */
const readAhead = 8n;

/**
 * The latest committed state. The newest checkpoint that is whole and leads, height by height, to the recorded app hashes is taken; failing
 * that the older one; failing that the log from the first height. When none does and the very last record is damaged or missing, that height is
 * taken back and the rest tried again: the consensus engine replays it.
 * @throws store/6 for a store on disk that the chain does not have, store/13 for damage inside the log, store/14 for a wrong root
 */
export async function recover(source: RecoverySource): Promise<Recovered> {
  const last = await findLast(source);
  const entries = await listCheckpoints(source.folder);
  if (await source.log.isRestoring()) await dropRestore(source, entries);
  if (last === undefined) {
    if (entries[0] !== undefined)
      throw new StoreError("corruptRecord", `meta/last: expected a last height beside ${entries[0].path}, the log is empty`);
    return {
      forest: new Forest(source.names, source.initialVersion),
      entries,
      dropped: [],
      oldestRecord: source.initialVersion,
      replayed: 0,
    };
  }
  try {
    return await recoverAt(source, last, entries);
  } catch (cause) {
    if (!(await isTornTail(source, last, cause))) throw cause;
    const before = await findBefore(source, last.version, entries);
    source.reach("beforeTruncate");
    await source.log.truncate(last.version, last.version, before);
    source.reach("afterTruncate");
    source.report({
      kind: "tailDropped",
      detail: `cs/${last.version} was damaged and taken back; the last height is ${before?.version ?? 0n}`,
    });
    return recover(source);
  }
}

/** Takes back a restore that did not end: the state is empty, as it was before. */
async function dropRestore({ log, report }: RecoverySource, entries: CheckpointEntry[]): Promise<void> {
  for (const { path } of entries.splice(0)) {
    await rm(path, { force: true });
    report({ kind: "checkpointDropped", detail: `${path}: of a snapshot whose restore did not end` });
  }
  await log.endRestore(undefined);
}

async function recoverAt(source: RecoverySource, last: LastCommit, found: readonly CheckpointEntry[]): Promise<Recovered> {
  const oldestRecord = (await findEdge(source.db, false)) ?? last.version + 1n;
  const entries = await dropBeyond(source, last, found);
  const dropped: CheckpointEntry[] = [];
  const isArchive = source.keepVersions >= everyVersion;
  const whole = isArchive && entries.length > 0 ? await recoverWhole(source, last, oldestRecord, entries) : undefined;
  if (whole !== undefined) return whole;
  let failure: unknown;
  while (entries.length > 0) {
    // Kept versions reach back to the checkpoint that is taken.
    const entry = isArchive ? entries.at(-1) : entries[0];
    if (entry === undefined) break;
    try {
      const { size } = await stat(entry.path);
      const { trees, at, isProven } = readCheckpoint(entry, size >= source.hashesFrom);
      for (const name of at.roots.keys()) requireKnown(source, name, entry.version);
      const forest = new Forest(source.names, source.initialVersion, trees, at);
      const replayed = await replay(source, forest, last).catch(async (cause: unknown) => {
        await requireRecorded(source, entry, at);
        throw cause;
      });
      return { forest, entries, dropped, oldestRecord, replayed, ...(isProven ? {} : { unproven: entry }) };
    } catch (cause) {
      failure = preferred(failure, cause);
      if (!(cause instanceof StoreError) || cause.code === 6) throw cause;
      entries.splice(entries.indexOf(entry), 1);
      dropped.push(entry);
      source.report({ kind: "checkpointDropped", detail: `${entry.path}: ${cause.message}: ${cause.detail}` });
    }
  }
  if (oldestRecord !== source.initialVersion) {
    throw (
      failure ??
      new StoreError(
        "corruptRecord",
        `expected a checkpoint, or records from height ${source.initialVersion}; the log starts at ${oldestRecord}`,
      )
    );
  }
  try {
    const forest = new Forest(source.names, source.initialVersion);
    return { forest, entries, dropped, oldestRecord, replayed: await replay(source, forest, last) };
  } catch (cause) {
    throw preferred(failure, cause);
  }
}

/** When nothing follows from a checkpoint: says so if it is one of another chain. */
async function requireRecorded({ log }: RecoverySource, { path, version }: CheckpointEntry, { appHash }: VersionRoots): Promise<void> {
  const recorded = await log.appHash(version).catch(() => undefined);
  if (recorded !== undefined) requireSameHash(`${path}, app hash of height ${version}`, recorded, appHash);
}

/** Every version from the first height on, where the log has them all; undefined where it has not, which is reported. */
async function recoverWhole(
  source: RecoverySource,
  last: LastCommit,
  oldestRecord: bigint,
  entries: readonly CheckpointEntry[],
): Promise<Recovered | undefined> {
  const from = `versions below height ${entries.at(-1)?.version} cannot be read any more`;
  if (oldestRecord !== source.initialVersion) {
    source.report({ kind: "historyLost", detail: `${from}: the log begins at height ${oldestRecord}` });
    return undefined;
  }
  try {
    const forest = new Forest(source.names, source.initialVersion);
    return { forest, entries, dropped: [], oldestRecord, replayed: await replay(source, forest, last) };
  } catch (cause) {
    // A torn end is taken back by the caller; everything else costs history alone, as long as a checkpoint leads to the last height.
    if (!(cause instanceof StoreError) || cause.code === 6 || (await isTornTail(source, last, cause))) throw cause;
    source.report({ kind: "historyLost", detail: `${from}: ${cause.message}: ${cause.detail}` });
    return undefined;
  }
}

/** Replays the records above the forest's version up to the last height. @returns the number of changes */
async function replay({ log, keepVersions, names, reach }: RecoverySource, forest: Forest, last: LastCommit): Promise<number> {
  const ahead = new Map<bigint, Promise<CommitRecord | undefined>>();
  let replayed = 0;
  for (let version = forest.nextVersion; version <= last.version; version += 1n) {
    for (let next = version; next <= last.version && next < version + readAhead; next += 1n) {
      if (ahead.has(next)) continue;
      const reading = log.record(next);
      // Awaited when its turn comes; until then a failure is nobody's yet.
      reading.catch(() => undefined);
      ahead.set(next, reading);
    }
    const record = await ahead.get(version);
    ahead.delete(version);
    if (record === undefined)
      throw new StoreError("corruptRecord", `cs/${version}: expected a record for each height to ${last.version}, got none`);
    for (const name of record.roots.keys()) requireKnown({ names }, name, version);
    reach("beforeReplay");
    forest.replay(record);
    forest.prune(version - keepVersions + 1n);
    for (const changes of record.changes.values()) replayed += changes.length;
  }
  requireSameHash(`meta/last, height ${last.version}`, last.appHash, forest.latest.appHash);
  return replayed;
}

/** The last durable height: as noted, or of the highest record when the note is damaged. */
async function findLast({ db, log, report }: RecoverySource): Promise<LastCommit | undefined> {
  let damage: StoreError | undefined;
  try {
    const last = await log.last();
    if (last !== undefined) return last;
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    damage = cause;
  }
  const highest = await findEdge(db, true);
  if (highest === undefined) {
    if (damage !== undefined) throw damage;
    return undefined;
  }
  const record = await log.record(highest);
  if (record === undefined) throw new StoreError("corruptRecord", `cs/${highest}: expected the highest record, got none`);
  report({ kind: "lastHealed", detail: `${damage?.detail ?? "meta/last: missing"}; took the highest record, height ${highest}` });
  return record;
}

/** Whether a failure comes from the last record alone: there damage can be taken back, anywhere else it must not be. */
async function isTornTail({ log }: RecoverySource, last: LastCommit, cause: unknown): Promise<boolean> {
  if (!(cause instanceof StoreError) || cause.code !== 13) return false;
  try {
    return (await log.record(last.version)) === undefined;
  } catch (damage) {
    return damage instanceof StoreError && damage.code === 13;
  }
}

/** The height before a torn one: its record, or the checkpoint of it; undefined when it was the first. */
async function findBefore(
  { log, initialVersion }: RecoverySource,
  torn: bigint,
  entries: readonly CheckpointEntry[],
): Promise<LastCommit | undefined> {
  if (torn === initialVersion) return undefined;
  const record = await log.record(torn - 1n);
  if (record !== undefined) return record;
  const entry = entries.find(({ version }) => version === torn - 1n);
  if (entry === undefined)
    throw new StoreError("corruptRecord", `cs/${torn - 1n}: expected a record below the damaged height ${torn}, got none`);
  return readCheckpoint(entry).at;
}

/** Removes checkpoints above the last height: the log lost its end, and what comes there again may be another block. */
async function dropBeyond({ report }: RecoverySource, last: LastCommit, found: readonly CheckpointEntry[]): Promise<CheckpointEntry[]> {
  const kept: CheckpointEntry[] = [];
  for (const entry of found) {
    if (entry.version <= last.version) {
      kept.push(entry);
    } else {
      await rm(entry.path, { force: true });
      report({ kind: "checkpointDropped", detail: `${entry.path}: above the last height ${last.version} of the log` });
    }
  }
  return kept;
}

/** The lowest or highest height that has a record. */
async function findEdge(db: Database, highest: boolean): Promise<bigint | undefined> {
  const key = await db.firstKey({ ...recordRange, reverse: highest });
  return key === undefined ? undefined : parseRecordKey(key);
}

function requireKnown({ names }: Pick<RecoverySource, "names">, name: string, version: bigint): void {
  if (names.includes(name)) return;
  throw new StoreError("unknownStore", `height ${version} has a store "${name}", expected one of ${names.join(", ")}`);
}

/** Of two failures the one that says more: a wrong root before damage, the first before the later. */
function preferred(first: unknown, second: unknown): unknown {
  if (first === undefined) return second;
  return second instanceof StoreError && second.code === 14 && !(first instanceof StoreError && first.code === 14) ? second : first;
}

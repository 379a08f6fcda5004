// Whether the flat values are what the state says, and making them so.

import { compareBytes, equalBytes } from "../encoding/bytes.ts";
import type { FailpointHook } from "./failpoint.ts";
import { encodeFlatRow, encodeFlatWatermark, FlatFollower, findFlatWatermark } from "./flatValues.ts";
import type { Forest, HeldStore } from "./forest.ts";
import type { StoreNotice } from "./recovery.ts";
import type { Database, DatabaseWrite } from "./rocks.ts";
import { flatPrefix } from "./rocksKeys.ts";
import type { RocksLog } from "./rocksLog.ts";

/** What an audit of the flat values found. */
export interface FlatAudit {
  /** The height that the rows stand for. */
  readonly version: bigint;
  /** Keys of the state at that height. */
  readonly keys: number;
  /** Rows that were missing, wrong or too many, and were rewritten. */
  readonly healed: number;
}

const writesPerBatch = 1000;

/** What the flat values are opened over. */
export interface FlatSource {
  readonly db: Database;
  readonly log: RocksLog;
  readonly forest: Forest;
  /** Lowest height in the log. */
  readonly oldestRecord: bigint;
  readonly reach: FailpointHook;
  readonly report: (notice: StoreNotice) => void;
  readonly fail: (cause: unknown) => void;
}

/** The follower of the flat values. They are compared with the state first when the log cannot lead from them to the last height. */
export async function openFlat({ db, log, forest, oldestRecord, reach, report, fail }: FlatSource): Promise<FlatFollower> {
  const last = forest.latest.version;
  if (last === 0n) return new FlatFollower(db, log, forest.initialVersion - 1n, reach, fail);
  const found = await findFlatWatermark(db);
  // Without a watermark nothing is known about the rows, unless the log is whole: then following it writes them all.
  const from = found ?? (oldestRecord === forest.initialVersion ? oldestRecord - 1n : undefined);
  if (from !== undefined && from + 1n >= oldestRecord && from <= last) return new FlatFollower(db, log, from, reach, fail);
  const { healed } = await auditFlatValues(db, forest, last);
  report({
    kind: "flatHealed",
    detail: `flat values of height ${found ?? "unknown"} compared with height ${last}: ${healed} rows rewritten`,
  });
  return new FlatFollower(db, log, last, reach, fail);
}

/**
 * Compares the flat values with the state at `version`, a kept version, and rewrites what differs. Nobody else may write flat values meanwhile.
 * @throws store/7 when the version is not kept
 */
export async function auditFlatValues(db: Database, forest: Forest, version: bigint): Promise<FlatAudit> {
  if (version < forest.initialVersion) return { version, keys: 0, healed: 0 };
  const held = forest.hold(version);
  try {
    let keys = 0;
    let healed = 0;
    const batch: DatabaseWrite[] = [];
    for (const store of held.stores) {
      for await (const write of compareStore(db, store)) {
        if (write === undefined) {
          keys += 1;
          continue;
        }
        healed += 1;
        batch.push(write);
        if (batch.length === writesPerBatch) await db.write(batch.splice(0), false);
      }
    }
    batch.push(encodeFlatWatermark(version));
    await db.write(batch, false);
    return { version, keys, healed };
  } finally {
    held.release();
  }
}

/** Walks rows and state side by side: undefined for each key of the state, and before it the write that a row needs. */
async function* compareStore(db: Database, { name, reader }: HeldStore): AsyncGenerator<DatabaseWrite | undefined, void, undefined> {
  const prefix = flatPrefix(name);
  const end = prefix.slice();
  end[end.length - 1] = 0x30; // the byte after the slash
  const rows = db.iterate({ start: prefix, end });
  let row = await rows.next();
  for (const [key, value] of reader.iterate()) {
    const wanted = encodeFlatRow(prefix, key, value);
    const [flatKey, sealed] = wanted;
    while (row.done !== true && compareBytes(row.value[0], flatKey) < 0) {
      yield [row.value[0], undefined];
      row = await rows.next();
    }
    if (row.done !== true && compareBytes(row.value[0], flatKey) === 0) {
      if (!equalBytes(row.value[1], sealed)) yield wanted;
      row = await rows.next();
    } else {
      yield wanted;
    }
    yield undefined;
  }
  for (; row.done !== true; row = await rows.next()) yield [row.value[0], undefined];
}

// Checkpoints: all trees at one height in one file, so that recovery replays only the heights behind it.

import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { ByteWriter } from "./byteStream.ts";
import { checkpointFormat, PageFramer, pageKind } from "./checkpointFile.ts";
import type { FailpointHook } from "./failpoint.ts";
import type { HeldForest } from "./forest.ts";
import { NodePage } from "./nodePage.ts";
import type { NodeWalk } from "./treeExport.ts";

const nodesPerTurn = 512;
const finalName = /^checkpoint-(\d{20})$/;

/** A checkpoint in a folder. */
export interface CheckpointEntry {
  readonly version: bigint;
  readonly path: string;
}

/** The finished checkpoints of a folder, newest first; none when it is missing. */
export async function findCheckpoints(folder: string): Promise<CheckpointEntry[]> {
  const entries: CheckpointEntry[] = [];
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const height = finalName.exec(name)?.[1];
    if (height !== undefined) entries.push({ version: BigInt(height), path: join(folder, name) });
  }
  return entries.sort((a, b) => (a.version > b.version ? -1 : 1));
}

/** {@link findCheckpoints}; the folder is made when missing, unfinished files are removed. */
export async function listCheckpoints(folder: string): Promise<CheckpointEntry[]> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) if (name.endsWith(".tmp")) await rm(join(folder, name), { force: true });
  return findCheckpoints(folder);
}

/**
 * Writes a checkpoint beside the running chain: at most 512 nodes per turn of the event loop, under a temporary name until it is synced.
 * @param isStopped asked between turns; a stopped write leaves nothing
 * @returns the entry, undefined when stopped
 */
export async function writeCheckpoint(
  folder: string,
  source: HeldForest,
  reach: FailpointHook,
  isStopped: () => boolean,
): Promise<CheckpointEntry | undefined> {
  const path = join(folder, `checkpoint-${source.version.toString().padStart(20, "0")}`);
  const temporary = `${path}.tmp`;
  const file = await open(temporary, "w");
  let isComplete = false;
  try {
    const framer = new PageFramer();
    for await (const content of encodePages(source)) {
      if (isStopped()) return undefined;
      reach("beforeCheckpointPage");
      await file.writeFile(framer.frame(content));
      reach("afterCheckpointPage");
    }
    reach("beforeSync");
    await file.sync();
    isComplete = true;
  } finally {
    await file.close();
    if (!isComplete) await rm(temporary, { force: true });
  }
  reach("beforeRename");
  await rename(temporary, path);
  reach("afterRename");
  await syncFolder(folder);
  reach("afterFolderSync");
  return { version: source.version, path };
}

async function* encodePages(source: HeldForest): AsyncGenerator<Uint8Array, void, undefined> {
  const header = new ByteWriter();
  header.byte(pageKind.header);
  header.byte(checkpointFormat);
  header.uint64(source.version);
  header.bytes(source.appHash);
  header.uvarint(source.roots.size);
  for (const [name, root] of source.roots) {
    header.text(name);
    header.bytes(root);
  }
  yield header.finish();
  let pages = 1;
  for (const [index, { nodes }] of source.stores.entries()) {
    for await (const page of encodeNodes(index, nodes)) {
      yield page;
      pages += 1;
    }
  }
  const end = new ByteWriter();
  end.byte(pageKind.end);
  end.uvarint(pages);
  yield end.finish();
}

async function* encodeNodes(index: number, nodes: NodeWalk): AsyncGenerator<Uint8Array, void, undefined> {
  let page: NodePage | undefined;
  let left = nodesPerTurn;
  for (let id = nodes.next(); id !== 0; id = nodes.next()) {
    page ??= new NodePage(index);
    page.add(nodes.memory, id);
    left -= 1;
    if (page.isFull) {
      yield page.finish();
      page = undefined;
    }
    if (left === 0) {
      await nextTurn();
      left = nodesPerTurn;
    }
  }
  if (page !== undefined) yield page.finish();
}

/** Makes a rename in `folder` survive a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

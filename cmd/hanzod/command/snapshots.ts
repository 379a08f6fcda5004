import { existsSync } from "node:fs";
import { Command } from "commander";
import { toHex } from "../../../app/encoding/bytes.ts";
import { exportShared } from "../../../app/statesync/exportShared.ts";
import { readSnapshot } from "../../../app/statesync/readSnapshot.ts";
import type { SnapshotFolder } from "../../../app/statesync/snapshotFolder.ts";
import type { SnapshotInfo } from "../../../app/statesync/snapshotInfo.ts";
import type { DurableCommitStore } from "../../../app/store/commitStore.ts";
import { StoreError } from "../../../app/store/storeError.ts";
import { CliError } from "../../shared/cliError.ts";
import type { Output } from "../../shared/output.ts";
import { showProgress } from "../../shared/progress.ts";
import { maxStateBytes } from "../app/openSnapshots.ts";
import type { Home } from "../node/home.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "./options.ts";
import { dumpCommand, loadCommand } from "./snapshotArchives.ts";
import { folderOf, noSnapshot, requireSnapshot, toResult, withSnapshot } from "./snapshotChoice.ts";
import { withStoppedStore } from "./stoppedStore.ts";

/** `hanzod snapshots …`: the snapshots of a node. */
export function snapshotsCommand(): Command {
  return new Command("snapshots")
    .description("snapshots of the state, from which other nodes begin")
    .addCommand(listCommand())
    .addCommand(exportCommand())
    .addCommand(dumpCommand())
    .addCommand(loadCommand())
    .addCommand(restoreCommand())
    .addCommand(deleteCommand());
}

function listCommand(): Command {
  return withCommonOptions(new Command("list"))
    .description("show the snapshots that there are, the newest first")
    .action((options: CommonOptions) => {
      const found = folderOf(homeOf(options)).list();
      const lines = found.map(
        (info) => `height ${info.height}  format ${info.format}  chunks ${info.chunkHashes.length}  ${toHex(info.hash)}`,
      );
      outputOf(options).result({ snapshots: found.map(toResult) }, found.length === 0 ? "no snapshots" : lines.join("\n"));
    });
}

function exportCommand(): Command {
  return withCommonOptions(new Command("export"))
    .description("make a snapshot of the last height of a stopped node")
    .action(async (options: CommonOptions) => {
      const home = homeOf(options);
      const folder = folderOf(home);
      // Opening a store makes its folder, and a home with one has begun its chain.
      if (!existsSync(home.data.app)) throw noState(home);
      const info = await withStoppedStore(home, (store) => {
        if (store.version === 0n) throw noState(home);
        const feed = store.openFeed();
        const written = exportShared(feed.open(), folder) ?? folder.find(store.version);
        feed.close();
        return written;
      });
      if (info !== undefined)
        outputOf(options).result(
          toResult(info),
          `a snapshot of height ${info.height} is in ${folder.path}, ${info.chunkHashes.length} chunks`,
        );
    });
}

function noState({ root }: Home): CliError {
  return new CliError(`${root} has no state`, { why: "its chain has made no block", next: `hanzod start --home ${root}` });
}

function deleteCommand(): Command {
  return withSnapshot(new Command("delete"))
    .description("remove the snapshot of a height")
    .action((height: bigint, _format: number, options: CommonOptions) => {
      const folder = folderOf(homeOf(options));
      if (!folder.remove(height)) throw noSnapshot(height, folder);
      outputOf(options).result({ deleted: height.toString() }, `the snapshot of height ${height} is removed`);
    });
}

function restoreCommand(): Command {
  return withSnapshot(new Command("restore"))
    .description("put a snapshot of this node's in place of a state that is lost; CometBFT goes on with its own blocks behind that height")
    .action(async (height: bigint, _format: number, options: CommonOptions) => {
      const home = homeOf(options);
      const folder = folderOf(home);
      const info = requireSnapshot(folder, height);
      const output = outputOf(options);
      const appHash = await withStoppedStore(home, (store, stores) => restore({ home, store, stores, folder, info, output }));
      output.result(
        { height: height.toString(), app_hash: toHex(appHash) },
        `the state of height ${height} is restored; its app hash is ${toHex(appHash)}, which block ${height + 1n} must name`,
      );
    });
}

interface RestoreParts {
  readonly home: Home;
  readonly store: DurableCommitStore;
  readonly stores: readonly string[];
  readonly folder: SnapshotFolder;
  readonly info: SnapshotInfo;
  readonly output: Output;
}

/** @returns the app hash of the state */
async function restore({ home, store, stores, folder, info, output }: RestoreParts): Promise<Uint8Array> {
  if (store.version !== 0n)
    throw new CliError(`${home.root} has a state of height ${store.version}`, {
      why: "a snapshot is never put over a state",
      next: `move ${home.data.app} away, and call this again`,
    });
  const progress = showProgress(output, "chunks", info.chunkHashes.length);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const index of info.chunkHashes.keys()) {
      // One that is missing makes the hash wrong.
      yield (await folder.chunk(info.height, info.format, index)) ?? new Uint8Array(0);
      progress.at(index + 1);
    }
  }
  try {
    const { trees, at } = await readSnapshot(info, chunks(), { stores, maxStateBytes: maxStateBytes() });
    await store.restore(trees, at);
    return at.appHash;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new CliError(`the snapshot of height ${info.height} is of no use`, {
      why: `${error.codespace}/${error.code} ${error.message}: ${error.detail}`,
      next: `hanzod snapshots delete ${info.height}`,
    });
  } finally {
    progress.end();
  }
}

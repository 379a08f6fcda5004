import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { constants, createGzip } from "node:zlib";
import { Command } from "commander";
import { archiveSnapshot, loadSnapshotArchive } from "../../../app/statesync/snapshotArchive.ts";
import { StoreError } from "../../../app/store/storeError.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { type Progress, showProgress } from "../../shared/progress.ts";
import { writeWholeFile } from "../../shared/wholeFile.ts";
import { maxStateBytes } from "../app/openSnapshots.ts";
import { requireHome } from "../node/home.ts";
import { acquireLock } from "../node/lock.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "./options.ts";
import { folderOf, requireSnapshot, toResult, withSnapshot } from "./snapshotChoice.ts";

/** `hanzod snapshots dump 1000`. */
export function dumpCommand(): Command {
  return withSnapshot(new Command("dump"))
    .description("write a snapshot into one file that `snapshots load` reads, the Cosmos SDK's, too")
    .option("-o, --output <file>", "archive to write (default: <height>-<format>.tar.gz)")
    .action(dump);
}

/** `hanzod snapshots load 1000-3.tar.gz`. */
export function loadCommand(): Command {
  return withCommonOptions(new Command("load"))
    .description("put the snapshot of an archive among those of a stopped node, each chunk compared with its hash")
    .argument("<archive>", "file that `snapshots dump` wrote, the Cosmos SDK's, too")
    .action(load);
}

async function dump(height: bigint, _format: number, options: CommonOptions & { readonly output?: string }): Promise<void> {
  const output = outputOf(options);
  const folder = folderOf(homeOf(options));
  const info = requireSnapshot(folder, height);
  const file = options.output ?? `${info.height}-${info.format}.tar.gz`;
  const progress = showProgress(output, "chunks", info.chunkHashes.length);
  try {
    // Fast rather than small, as in the SDK, whose chunks are packed already.
    await writeWholeFile(file, archiveSnapshot(folder, info, progress.at), createGzip({ level: constants.Z_BEST_SPEED }));
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw new CliError(`cannot write ${file}`, { why: reasonOf(cause), cause });
    throw new CliError(`the snapshot of height ${height} is damaged`, { why: told(cause), next: `hanzod snapshots delete ${height}` });
  } finally {
    progress.end();
  }
  const { size } = await stat(file);
  const next = `hanzod snapshots load ${file} --home OTHER`;
  output.result(
    { file, bytes: size, ...toResult(info), next },
    `the snapshot of height ${height} is in ${file}, ${info.chunkHashes.length} chunks, ${size} bytes\nnext: ${next}`,
  );
}

async function load(archive: string, options: CommonOptions): Promise<void> {
  const home = homeOf(options);
  const output = outputOf(options);
  await requireHome(home);
  const folder = folderOf(home);
  let progress: Progress | undefined;
  const onChunk = (done: number, all: number): void => {
    progress ??= showProgress(output, "chunks", all);
    progress.at(done);
  };
  const lock = await acquireLock(home.run.lock);
  try {
    const info = await loadSnapshotArchive(createReadStream(archive), folder, { maxBytes: maxStateBytes(), onChunk });
    progress?.end();
    const next = `hanzod snapshots restore ${info.height}`;
    output.result(
      { ...toResult(info), next },
      `the snapshot of height ${info.height} is in ${folder.path}, ${info.chunkHashes.length} chunks; its hashes say that it is whole, not that it is the chain's\nnext: ${next}, and compare the app hash that it tells with one that you trust`,
    );
  } catch (cause) {
    progress?.end();
    if (cause instanceof StoreError)
      throw new CliError(`${archive} is not taken`, { why: told(cause), next: "nothing of it stays: get the archive again" });
    throw new CliError(`${archive} cannot be loaded`, { why: reasonOf(cause), cause });
  } finally {
    await lock.release();
  }
}

function told({ codespace, code, message, detail }: StoreError): string {
  return `${codespace}/${code} ${message}: ${detail}`;
}

import { existsSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { toHex } from "../../../app/encoding/bytes.ts";
import { SnapshotFolder } from "../../../app/statesync/snapshotFolder.ts";
import type { SnapshotInfo } from "../../../app/statesync/snapshotInfo.ts";
import { snapshotFormat } from "../../../app/store/snapshotFormat.ts";
import { CliError } from "../../shared/cliError.ts";
import type { Home } from "../node/home.ts";
import { parseWholeNumber } from "../tx/txOptions.ts";
import { withCommonOptions } from "./options.ts";

/** Adds the arguments that name a snapshot, as the Cosmos SDK's commands have them, and the common options. */
export function withSnapshot(command: Command): Command {
  return withCommonOptions(command)
    .argument("<height>", "height of the snapshot", parseWholeNumber)
    .argument("[format]", `its format: ${snapshotFormat}, the only one that there is`, parseFormat);
}

/** The snapshots of a home. */
export function folderOf(home: Home): SnapshotFolder {
  return new SnapshotFolder(home.data.snapshots);
}

/** @throws CliError when there is no snapshot of that height */
export function requireSnapshot(folder: SnapshotFolder, height: bigint): SnapshotInfo {
  const info = folder.find(height);
  if (info === undefined) throw noSnapshot(height, folder);
  return info;
}

/** What is said of a height without a snapshot. */
export function noSnapshot(height: bigint, { path }: SnapshotFolder): CliError {
  return new CliError(`there is no snapshot of height ${height}`, {
    why: existsSync(path) ? `${path} has none` : `${path} is not there`,
    next: "hanzod snapshots list",
  });
}

/** A snapshot as `--json` shows it. */
export function toResult({ height, format, hash, chunkHashes }: SnapshotInfo): object {
  return { height: height.toString(), format, chunks: chunkHashes.length, hash: toHex(hash) };
}

function parseFormat(text: string): number {
  if (text !== String(snapshotFormat)) throw new InvalidArgumentError(`snapshots have format ${snapshotFormat}`);
  return snapshotFormat;
}

import { existsSync } from "node:fs";
import { Command } from "commander";
import { createHanzoApp } from "../../../app/hanzo.ts";
import { openCommitStore } from "../../../app/store/commitStore.ts";
import { CliError } from "../../shared/cliError.ts";
import { toJson } from "../../shared/output.ts";
import { keptVersions } from "../app/openApp.ts";
import { readAppConfig } from "../config/appConfig.ts";
import { chainOf } from "../config/chainOf.ts";
import { exportedGenesis } from "../genesis/exportedGenesis.ts";
import { findInitialHeight } from "../genesis/requireValidGenesis.ts";
import { type Home, requireHome } from "../node/home.ts";
import { acquireLock } from "../node/lock.ts";
import { writeDocument } from "../tx/txFile.ts";
import { parseWholeNumber } from "../tx/txOptions.ts";
import { type CommonOptions, homeOf, withCommonOptions } from "./options.ts";

type ExportOptions = CommonOptions & { readonly height?: bigint; readonly forZeroHeight?: boolean; readonly outputDocument?: string };

/** `hanzod export`. */
export function exportCommand(): Command {
  return withCommonOptions(new Command("export"))
    .description("write the state of a stopped node as the genesis file of a chain that goes on from it")
    .option("--height <n>", "state after this block (default: the last); the node keeps pruning-keep-recent of them", parseWholeNumber)
    .option("--for-zero-height", "as the beginning of a chain whose first block has height 1: heights in the state are counted from here")
    .option("--output-document <file>", "write it here instead of to standard output")
    .action(async (options: ExportOptions) => {
      const home = homeOf(options);
      await requireHome(home);
      writeDocument(toJson(await exportHome(home, options)), options.outputDocument);
    });
}

/** Reads the state under the home's lock, so that no node writes meanwhile. */
async function exportHome(home: Home, { height, forZeroHeight = false }: ExportOptions): Promise<object> {
  if (!existsSync(home.data.app)) throw noBlocks(home);
  const lock = await acquireLock(home.run.lock);
  try {
    const config = readAppConfig(home);
    const chain = chainOf(config);
    const store = await openCommitStore({
      path: home.data.app,
      stores: chain.stores,
      initialVersion: () => findInitialHeight(home.config.genesis),
      keepVersions: keptVersions(config),
    });
    try {
      const app = await createHanzoApp({ ...chain.app, store });
      if (app.height === 0n) throw noBlocks(home);
      const oldest = app.height - BigInt(store.stats().versions) + 1n;
      const wanted = height ?? app.height;
      if (wanted < oldest || wanted > app.height) throw notThere(wanted, oldest, app.height);
      return exportedGenesis(await app.exportChain({ height: wanted, forZeroHeight }));
    } finally {
      await store.close();
    }
  } finally {
    await lock.release();
  }
}

function noBlocks(home: Home): CliError {
  return new CliError(`${home.root} has no state`, { why: "its chain has made no block", next: `hanzod start --home ${home.root}` });
}

function notThere(height: bigint, oldest: bigint, last: bigint): CliError {
  return new CliError(`the state of height ${height} is not there`, {
    why: `the store has those of heights ${oldest} to ${last}`,
    next: "name one of them, or leave --height out for the last; pruning in config/app.toml says how many a running node keeps",
  });
}

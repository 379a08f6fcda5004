import { existsSync } from "node:fs";
import { Command } from "commander";
import { createHanzoApp, hanzoStores } from "../../../app/hanzo.ts";
import { openCommitStore } from "../../../app/store/commitStore.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { toJson } from "../../shared/output.ts";
import { keptVersions } from "../app/openApp.ts";
import { readAppConfig } from "../config/appConfig.ts";
import { exportedGenesis } from "../genesis/exportedGenesis.ts";
import { findInitialHeight } from "../genesis/requireValidGenesis.ts";
import { type Home, requireHome } from "../node/home.ts";
import { acquireLock } from "../node/lock.ts";
import { writeDocument } from "../tx/txFile.ts";
import { parseWholeNumber } from "../tx/txOptions.ts";
import { type CommonOptions, homeOf, withCommonOptions } from "./options.ts";

type ExportOptions = CommonOptions & { readonly height?: bigint; readonly outputDocument?: string };

/** `hanzod export`. */
export function exportCommand(): Command {
  return withCommonOptions(new Command("export"))
    .description("write the state of a stopped node as the genesis file of a chain that goes on from it")
    .option("--height <n>", "state after this block (default: the last); the node keeps pruning-keep-recent of them", parseWholeNumber)
    .option("--output-document <file>", "write it here instead of to standard output")
    .action(async (options: ExportOptions) => {
      const home = homeOf(options);
      await requireHome(home);
      writeDocument(toJson(await exportHome(home, options.height)), options.outputDocument);
    });
}

/** Reads the state under the home's lock, so that no node writes meanwhile. */
async function exportHome(home: Home, height: bigint | undefined): Promise<object> {
  if (!existsSync(home.data.app)) throw noBlocks(home);
  const lock = await acquireLock(home.run.lock);
  try {
    const store = await openCommitStore({
      path: home.data.app,
      stores: hanzoStores,
      initialVersion: await findInitialHeight(home.config.genesis),
      keepVersions: keptVersions(readAppConfig(home)),
    });
    try {
      const app = await createHanzoApp({ store });
      if (app.height === 0n) throw noBlocks(home);
      return exportedGenesis(await app.exportChain(height).catch((cause: unknown) => notKept(cause, height, app.height)));
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

function notKept(cause: unknown, height: bigint | undefined, last: bigint): never {
  throw new CliError(`the state at height ${height ?? last} is not kept`, {
    why: `${reasonOf(cause)}; the last height is ${last}`,
    next: "leave --height out, or raise pruning-keep-recent in config/app.toml before the chain gets there",
    cause,
  });
}

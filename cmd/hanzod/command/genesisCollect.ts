import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { readSmallFile } from "../../shared/smallFile.ts";
import { chainOfHome } from "../config/chainOf.ts";
import { findPeerId } from "../genesis/genTx.ts";
import { conflicts, type GenTxDocument, type GenTxProblem } from "../genesis/genTxProblems.ts";
import { type GenTxFacts, readGenTx } from "../genesis/readGenTx.ts";
import { readCometIdentity, setPersistentPeers } from "../node/cometConfig.ts";
import { genesisText, readGenesis, requireNotBegun, requireStillValid, requireValid, writeGenesis } from "./genesisFile.ts";
import { genTxFolder } from "./genesisGenTx.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "./options.ts";

type CollectOptions = CommonOptions & { readonly gentxDir?: string };

/** `hanzod genesis collect`: the validators' transactions go into the genesis file. */
export function collectCommand(): Command {
  return withCommonOptions(new Command("collect").alias("collect-gentxs"))
    .description("put the validators' transactions into the genesis file, and their addresses into persistent_peers")
    .option("--gentx-dir <dir>", "where they are, one file each, in the order of the files' names (default: config/gentx)")
    .action(async (options: CollectOptions) => {
      const home = homeOf(options);
      requireNotBegun(home);
      const path = home.config.genesis;
      const before = await readGenesis(path);
      const document = JSON.parse(await withoutTxs(path, before, options)) as GenTxDocument & { validators?: unknown };
      const files = readFolder(options.gentxDir ?? genTxFolder(home));
      const { txs, doubts } = collect(files, document);
      const { nodeId } = await readCometIdentity(home);
      const { peers, strangers } = peersOf(txs, nodeId);
      // From now on the transactions name the validators; CometBFT's own list would have to be the same.
      const changed = genesisText({
        ...document,
        validators: [],
        app_state: { ...document.app_state, genutil: { gen_txs: txs.map(({ json }) => json) } },
      });
      await requireStillValid(changed, "these transactions", "ask their authors for others", { chain: chainOfHome(home) });
      await writeGenesis(path, changed);
      await setPersistentPeers(home, peers);
      const warnings = [...doubts, ...strangers];
      outputOf(options).result(
        { path, validators: txs.map(({ operator, moniker }) => ({ operator, moniker })), peers, warnings },
        [
          ...txs.map(({ moniker, operator }) => `${operator}  ${JSON.stringify(moniker)}`),
          ...warnings.map((warning) => `warning: ${warning}`),
          `${path} has ${txs.length} validators; every node of the chain needs this very file`,
        ].join("\n"),
      );
    });
}

/** The genesis file without transactions of an earlier collection, which is replaced. @throws CliError when it is wrong otherwise */
async function withoutTxs(path: string, text: string, options: CollectOptions): Promise<string> {
  let document: { app_state?: { genutil?: unknown } };
  try {
    document = JSON.parse(text) as typeof document;
  } catch {
    document = {};
  }
  const { app_state: state } = document;
  const cleared = state === undefined ? text : genesisText({ ...document, app_state: { ...state, genutil: { gen_txs: [] } } });
  await requireValid(path, cleared, outputOf(options), { draft: true, chain: chainOfHome(homeOf(options)) });
  return cleared;
}

interface GenTxFile {
  readonly name: string;
  readonly text: string;
}

/** @throws CliError when there are none or one cannot be read */
function readFolder(folder: string): readonly GenTxFile[] {
  try {
    const names = readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
    if (names.length === 0) throw new Error("it has no .json files");
    return names.map((name) => ({ name, text: readSmallFile(join(folder, name)) }));
  } catch (cause) {
    throw new CliError(`cannot collect from ${folder}`, {
      why: reasonOf(cause),
      next: "hanzod genesis gentx KEY AMOUNT writes one; put the others' files beside it",
      cause,
    });
  }
}

/** @throws CliError with everything that is wrong with the files */
function collect(files: readonly GenTxFile[], document: GenTxDocument): { txs: readonly GenTxFacts[]; doubts: readonly string[] } {
  const txs: GenTxFacts[] = [];
  const wrong: string[] = [];
  const doubts: string[] = [];
  for (const { name, text } of files) {
    try {
      const tx = readGenTx(JSON.parse(text), document.chain_id);
      const found: readonly GenTxProblem[] = conflicts(tx, txs, document);
      for (const { detail, doubtful } of found) (doubtful ? doubts : wrong).push(`${name}: ${detail.slice(1)}`);
      txs.push(tx);
    } catch (cause) {
      wrong.push(`${name}: ${reasonOf(cause)}`);
    }
  }
  if (wrong.length > 0)
    throw new CliError("the transactions cannot be collected; nothing was written", {
      why: wrong.join("\n        "),
      next: "ask their authors for others, or take the files away",
    });
  return { txs, doubts };
}

/** The other nodes' addresses, sorted. A memo is anybody's text: what is no address goes nowhere. */
function peersOf(txs: readonly GenTxFacts[], ownId: string): { peers: readonly string[]; strangers: readonly string[] } {
  const peers: string[] = [];
  const strangers: string[] = [];
  for (const { memo, moniker } of txs) {
    const id = findPeerId(memo);
    if (id === undefined) strangers.push(`${JSON.stringify(moniker)} names no peer address; add the node to persistent_peers yourself`);
    else if (id !== ownId) peers.push(memo);
  }
  return { peers: [...new Set(peers)].sort(), strangers };
}

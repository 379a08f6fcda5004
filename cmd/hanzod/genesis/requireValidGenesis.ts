import { readFile } from "node:fs/promises";
import { type ChainProfile, chainProfile } from "../../../app/chainProfile.ts";
import { reasonOf } from "../../shared/cliError.ts";
import { NodeError } from "../node/nodeError.ts";
import { HEIGHT } from "./documentShape.ts";
import { findGenesisProblems, type GenesisProblem } from "./findGenesisProblems.ts";

/**
 * Tries a genesis file on a state in memory. Called before the first start: CometBFT keeps a copy of the file from then on, so a mistake
 * that shows only there could no longer be mended in the file.
 * @param path the genesis file
 * @param chain whose genesis it is, Hanzo Network when left out
 * @throws NodeError HZN-GENESIS naming line and field of the first mistake and what is wrong with it
 */
export async function requireValidGenesis(path: string, chain: ChainProfile = chainProfile()): Promise<void> {
  const [first, ...others] = await findGenesisProblems(await readText(path), { chain });
  if (first === undefined) return;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  throw invalid(path, `line ${first.line}: ${formatGenesisProblem(first)}${more}`);
}

/** `field: reason`. */
export function formatGenesisProblem({ path, reason }: GenesisProblem): string {
  return `${path === "" ? "" : `${path}: `}${reason}`;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw invalid(path, reasonOf(cause));
  }
}

function invalid(path: string, reason: string): NodeError {
  return new NodeError(
    "HZN-GENESIS",
    `${path} is no genesis of this chain: ${reason}`,
    `hanzod genesis validate ${path} names every mistake; mend them, or put the chain's own genesis.json in its place; nothing was started`,
  );
}

/**
 * The height of a chain's first block, as its genesis file says; 1 where the file is gone or says nothing that {@link requireValidGenesis}
 * accepts, so that a chain under way does not depend on it.
 */
export async function findInitialHeight(path: string): Promise<bigint> {
  try {
    const { initial_height: height } = JSON.parse(await readFile(path, "utf8")) as { readonly initial_height?: unknown };
    return typeof height === "string" && HEIGHT.test(height) ? BigInt(height) : 1n;
  } catch {
    return 1n;
  }
}

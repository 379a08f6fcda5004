import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import type { Output } from "../../shared/output.ts";
import { findGenesisProblems, type GenesisRules } from "../genesis/findGenesisProblems.ts";
import { formatGenesisProblem } from "../genesis/requireValidGenesis.ts";
import type { Home } from "../node/home.ts";
import { EXIT } from "../node/nodeError.ts";

/** The text of a genesis file. @throws CliError when it cannot be read */
export async function readGenesis(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new CliError(`cannot read ${path}`, { why: reasonOf(cause), next: "hanzod init makes a home with one", cause });
  }
}

/** Writes a document in one step. */
export async function writeGenesis(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, text, { mode: 0o644 });
  await rename(draft, path);
}

/** The text of a document, as every genesis file here is written. */
export function genesisText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Prints every mistake. @throws CliError (exit code 78) when there is one */
export async function requireValid(path: string, text: string, output: Output, rules: GenesisRules = {}): Promise<void> {
  const problems = await findGenesisProblems(text, rules);
  if (problems.length === 0) return;
  if (output.json) output.result({ path, valid: false, problems }, "");
  const lines = problems.map((problem) => `${path}:${problem.line}: ${formatGenesisProblem(problem)}`);
  throw new CliError(`${path} has ${problems.length === 1 ? "a mistake" : `${problems.length} mistakes`}`, {
    why: lines.join("\n        "),
    next: "mend the file, then: hanzod genesis validate",
    exitCode: EXIT.config,
  });
}

/** Nothing is written that a first start would refuse. @param advice what to do about it */
export async function requireStillValid(changed: string, what: string, advice: string, rules: GenesisRules = {}): Promise<void> {
  const problems = await findGenesisProblems(changed, rules);
  if (problems.length > 0)
    throw new CliError(`with ${what} the genesis file would be wrong; nothing was written`, {
      why: problems.map(formatGenesisProblem).join("\n        "),
      next: advice,
    });
}

/** A chain that has begun keeps its genesis: CometBFT has a copy of its own, and other nodes have the file. */
export function requireNotBegun(home: Home): void {
  if (existsSync(home.data.app))
    throw new CliError(`the chain of ${home.root} has begun`, {
      why: "its genesis file is fixed from the first start on; a changed one is refused (HZN-GENESIS)",
      next: "send coins with hanzod tx bank send, become a validator with hanzod tx staking create-validator",
    });
}

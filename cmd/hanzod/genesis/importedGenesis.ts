import { readFileSync } from "node:fs";
import { chainProfile } from "../../../app/chainProfile.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import type { AppConfig } from "../config/settings.ts";
import { findGenesisProblems } from "./findGenesisProblems.ts";
import { formatGenesisProblem } from "./requireValidGenesis.ts";
import { type ImportedGenesis, importSdkGenesis } from "./sdkGenesis.ts";

export type { ImportedGenesis } from "./sdkGenesis.ts";

/**
 * The genesis of a Cosmos SDK chain in a file, tried on a state in memory.
 * @param path undefined for none
 * @param rules `skip` names modules whose state may be left out, separated by commas; `draft` lets the file be without validators
 * @throws CliError with every mistake
 */
export async function readImportedGenesis(
  path: string | undefined,
  { skip = "", draft = false }: { readonly skip?: string | undefined; readonly draft?: boolean } = {},
): Promise<ImportedGenesis | undefined> {
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new CliError(`cannot read ${path}`, { why: reasonOf(cause), cause });
  }
  const imported = importSdkGenesis(text, skip.split(",").filter(Boolean));
  const problems = await findGenesisProblems(JSON.stringify(imported.document), { draft, chain: chainProfile(imported.choice) });
  if (problems.length > 0)
    throw new CliError(`a chain cannot begin with ${path}`, { why: problems.map(formatGenesisProblem).join("\n        ") });
  return imported;
}

/** Settings of a home of such a chain. No fee is asked for: prices are in this program's own denomination unless set. */
export function chainSettings({ choice: { modules, config } }: ImportedGenesis): Partial<AppConfig> {
  return {
    "minimum-gas-prices": "",
    "chain.modules": modules,
    "chain.bech32-prefix": config.bech32Prefix,
    "chain.base-denom": config.baseDenom,
    "chain.power-reduction": config.powerReduction.toString(),
  };
}

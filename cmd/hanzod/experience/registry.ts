import type { Command } from "commander";
import { Command as NewCommand } from "commander";
import type { Entry, Round } from "#proto/hanzo/experience/v1/types";
import { type ExperienceExtension, setupExperienceExtension } from "../../../app/client/experienceExtension.ts";
import { CliError } from "../../shared/cliError.ts";
import type { NodeClient } from "../client/nodeClient.ts";
import { type NodeOptions, nodeClientOf } from "../client/nodeOption.ts";
import { withCommonOptions } from "../command/options.ts";

/** The registry's queries, as commands ask them. */
export type Registry = ExperienceExtension["experience"];

/** The registry as a node sees it. What the node refuses is thrown as RefusedQuery, with codespace and code. */
export function registryOf(client: NodeClient): Registry {
  const queryAbci = async (path: string, data: Uint8Array): Promise<{ readonly value: Uint8Array; readonly height: number }> => {
    const { value, height } = await client.query(path, data);
    return { value, height: Number(height) };
  };
  return setupExperienceExtension({ queryAbci }).experience;
}

/** The registry of the node that the options name. */
export async function openRegistry(options: NodeOptions): Promise<Registry> {
  return registryOf(await nodeClientOf(options));
}

/** A command with `--home` and `--json`, and `--node`. */
export function registryCommand(name: string, description: string): Command {
  return withCommonOptions(new NewCommand(name)).description(description).option("--node <url>", "RPC of a node (default: the home's)");
}

/** An entry. @throws CliError when the node has none of that id */
export async function getEntry(registry: Registry, entryId: bigint): Promise<Entry> {
  const { entry } = await registry.entry(entryId);
  if (entry === undefined) throw new CliError(`the node answered without entry ${entryId}`);
  return entry;
}

/** A round. @throws CliError when the node has none of that id */
export async function getRound(registry: Registry, roundId: bigint): Promise<Round> {
  const { round } = await registry.round(roundId);
  if (round === undefined) throw new CliError(`the node answered without round ${roundId}`);
  return round;
}

/** A number of an entry or round. @throws CliError */
export function parseId(text: string, what: string): bigint {
  if (!/^[1-9]\d{0,18}$/.test(text)) throw new CliError(`"${text}" is no ${what}`, { why: "a whole number of at least 1 is expected" });
  return BigInt(text);
}

/** A shape such as `256x384`. @throws CliError */
export function parseShape(text: string): { readonly rows: number; readonly cols: number } {
  const [, rows = "", cols = ""] = /^(\d{1,3})[x×](\d{1,3})$/.exec(text) ?? [];
  if (rows === "") throw new CliError(`"${text}" is no shape`, { why: "rows x columns is expected", next: "--shape 256x384" });
  return { rows: Number(rows), cols: Number(cols) };
}

// A chain of the Cosmos SDK's modules, begun from an SDK genesis with the commands that people type.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hanzodOk, startHanzod } from "../cli/hanzod.ts";
import { waitForHeight } from "./rpc.ts";
import { SIMAPP, type SimappFacts, simappGenesis } from "./simappGenesis.ts";

/** A chain that runs. */
export interface Simapp {
  /** The home's folder. */
  readonly home: string;
  readonly rpc: string;
  readonly rest: string;
  /** Runs `hanzod` on the home, with its test keyring where the command has one. @returns standard output */
  command(...words: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** How it is run. */
export interface SimappOptions extends SimappFacts {
  readonly ports: { readonly rpc: number; readonly p2p: number; readonly rest: number; readonly grpc: number };
  /** Recovery phrase of the first account. */
  readonly operatorPhrase: string;
  /** Wait after each block, in milliseconds. */
  readonly blockMs: number;
}

/** Name of the operator's key in the home's test keyring. */
export const OPERATOR = "operator";
const KEYRING = ["--keyring-backend", "test"];
const SELF_DELEGATION = `3000000${SIMAPP.stake}`;

/** Begins a chain with one validator and waits for its second block. */
export async function startSimapp(options: SimappOptions): Promise<Simapp> {
  const folder = await mkdtemp(join(tmpdir(), "hz-simapp-"));
  const [home, file] = [join(folder, "home"), join(folder, "genesis.json")];
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  const command = (...words: readonly string[]): Promise<string> => {
    const [group = ""] = words;
    return hanzodOk([...words, "--home", home, ...(["keys", "tx"].includes(group) || words[1] === "gentx" ? KEYRING : [])]);
  };
  try {
    await writeFile(file, JSON.stringify(simappGenesis(options)));
    const ports = Object.entries(options.ports).flatMap(([name, port]) => [`--${name}-port`, String(port)]);
    await command("init", "simapp", "--no-validator", "--from-sdk-genesis", file, ...ports);
    await hanzodOk(["keys", "add", OPERATOR, "--recover", "--home", home, ...KEYRING], { input: `${options.operatorPhrase}\n` });
    await command("genesis", "gentx", OPERATOR, SELF_DELEGATION, "--ip", "127.0.0.1");
    await command("genesis", "collect");
    await pace(home, options.blockMs);
  } catch (error) {
    await remove();
    throw error;
  }
  const node = startHanzod(["start", "--home", home, "--quiet"]);
  const stop = async (): Promise<void> => {
    await node.end("SIGTERM");
    await remove();
  };
  const rpc = `http://127.0.0.1:${options.ports.rpc}`;
  await waitForHeight(rpc, 2).catch(async (error: unknown) => {
    await stop();
    throw new Error(`${String(error)}\n${node.stderr}`);
  });
  return { home, rpc, rest: `http://127.0.0.1:${options.ports.rest}`, command, stop };
}

async function pace(home: string, blockMs: number): Promise<void> {
  const path = join(home, "config", "config.toml");
  await writeFile(path, (await readFile(path, "utf8")).replace(/^timeout_commit = .*$/m, `timeout_commit = "${blockMs}ms"`));
}

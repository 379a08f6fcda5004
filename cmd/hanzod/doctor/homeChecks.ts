import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readCometIdentity } from "../node/cometConfig.ts";
import { type Home, requireHome } from "../node/home.ts";
import { NodeError } from "../node/nodeError.ts";
import { findRunning } from "../node/processIdentity.ts";
import { type DoctorCheck, type DoctorContext, error, type Finding, warning } from "./finding.ts";

/** Folder, keys and what ended processes left behind. */
export const checkHome: DoctorCheck = async ({ home }) => [
  ...(await modes(home)),
  ...(await keyFiles(home)),
  ...(await keyrings(home)),
  ...(await leftovers(home)),
];

/** A home that is none: nothing else can be looked at. */
export async function findMissingHome(home: Home): Promise<Finding | undefined> {
  try {
    await requireHome(home);
    return undefined;
  } catch (thrown) {
    // Open key files are told with all others.
    if (!(thrown instanceof NodeError) || thrown.code !== "HZN-NO-HOME") return undefined;
    return error("home.missing", thrown.message, "a node needs genesis.json, config.toml and node_key.json", thrown.next);
  }
}

async function modes(home: Home): Promise<Finding[]> {
  const mode = await modeOf(home.root);
  if (mode === undefined || (mode & 0o077) === 0) return [];
  return [
    warning(
      "home.mode",
      `${home.root} is open to other users (mode ${mode.toString(8)})`,
      "it holds keys and the node's socket",
      `chmod 700 ${home.root}`,
    ),
  ];
}

async function keyFiles(home: Home): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const file of [home.config.nodeKey, home.config.privValidatorKey]) {
    const mode = await modeOf(file);
    if (mode !== undefined && (mode & 0o077) !== 0)
      found.push(
        error(
          "keys.mode",
          `${file} can be read by others (mode ${mode.toString(8)})`,
          "whoever has it signs in this node's name; hanzod does not start",
          `chmod 600 ${file}`,
        ),
      );
  }
  try {
    await readCometIdentity(home);
  } catch (thrown) {
    if (thrown instanceof NodeError) found.push(error("keys.damaged", thrown.message, "the node cannot say who it is", thrown.next));
  }
  return found;
}

async function keyrings(home: Home): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const folder of [home.keyring.file, home.keyring.test]) {
    for (const name of ["", ...(await readdir(folder).catch((): string[] => []))]) {
      const path = join(folder, name);
      const mode = await modeOf(path);
      if (mode !== undefined && (mode & 0o077) !== 0)
        found.push(
          error(
            "keyring.mode",
            `${path} is open to others (mode ${mode.toString(8)})`,
            "it holds keys of accounts",
            `chmod ${name === "" ? "700" : "600"} ${path}`,
          ),
        );
    }
  }
  return found;
}

async function leftovers(home: Home): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [path, whose] of [
    [home.run.lock, "hanzod"],
    [home.run.cometPid, "CometBFT"],
  ] as const) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined && (await findRunning(text)) === undefined)
      found.push(
        warning(
          "run.stale",
          `${path} names a process of ${whose} that is gone`,
          "it was killed, or the machine lost power; the next start takes over and the store proves itself",
          `hanzod start --home ${home.root}`,
        ),
      );
  }
  const guard = `${home.run.lock}.takeover`;
  if ((await modeOf(guard)) !== undefined)
    found.push(error("run.takeover", `${guard} is left over`, "a process died while it took over the home; no other can", `rm ${guard}`));
  return found;
}

/** The home's keys in the clear on a chain that is worth something. */
export const checkTestKeyring: DoctorCheck = async ({ home }: DoctorContext) => {
  const names = await readdir(home.keyring.test).catch((): string[] => []);
  const chainId = await readFile(home.config.genesis, "utf8").then(
    (text) => /"chain_id"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? "",
    () => "",
  );
  if (names.length === 0 || /local|test|dev/.test(chainId)) return [];
  return [
    warning(
      "keyring.test",
      `${home.keyring.test} holds ${names.length} keys in the clear`,
      `the chain is ${chainId}, no local one`,
      "move them: hanzod keys add <name> --keyring-backend file",
    ),
  ];
};

async function modeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mode }) => mode & 0o777,
    () => undefined,
  );
}

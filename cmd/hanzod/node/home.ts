import { chmod, mkdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { NodeError } from "./nodeError.ts";

/** Where every file of a node lies. CometBFT uses the same folder as its own home, so its file names are kept. */
export interface Home {
  readonly root: string;
  readonly config: {
    readonly dir: string;
    /** Our settings. */
    readonly app: string;
    readonly client: string;
    /** CometBFT's settings. */
    readonly comet: string;
    readonly genesis: string;
    readonly nodeKey: string;
    readonly privValidatorKey: string;
  };
  readonly data: {
    readonly dir: string;
    /** The application's database. */
    readonly app: string;
    readonly privValidatorState: string;
    /** Where cosmovisor looks which upgrade the program waits for. */
    readonly upgradeInfo: string;
    readonly snapshots: string;
    /** Shards and aggregates by their content identifier. */
    readonly content: string;
  };
  readonly keyring: { readonly file: string; readonly test: string };
  readonly run: {
    readonly dir: string;
    readonly lock: string;
    readonly abciSocket: string;
    readonly cometPid: string;
    readonly cometBuild: string;
    /** The genesis file that was compared last. */
    readonly genesisSeen: string;
    /** The binary that was found and checked last. */
    readonly cometProof: string;
    readonly kernels: string;
  };
  readonly logs: { readonly dir: string; readonly comet: string };
}

/** Names the files under a home; touches nothing. @param root absolute or relative to the working folder. */
export function homeLayout(root: string): Home {
  const at = resolve(root);
  const config = join(at, "config");
  const data = join(at, "data");
  const run = join(at, "run");
  const logs = join(at, "logs");
  return {
    root: at,
    config: {
      dir: config,
      app: join(config, "app.toml"),
      client: join(config, "client.toml"),
      comet: join(config, "config.toml"),
      genesis: join(config, "genesis.json"),
      nodeKey: join(config, "node_key.json"),
      privValidatorKey: join(config, "priv_validator_key.json"),
    },
    data: {
      dir: data,
      app: join(data, "app"),
      privValidatorState: join(data, "priv_validator_state.json"),
      upgradeInfo: join(data, "upgrade-info.json"),
      snapshots: join(data, "snapshots"),
      content: join(data, "content"),
    },
    keyring: { file: join(at, "keyring-file"), test: join(at, "keyring-test") },
    run: {
      dir: run,
      lock: join(run, "hanzod.lock"),
      abciSocket: join(run, "abci.sock"),
      cometPid: join(run, "cometbft.pid"),
      cometBuild: join(run, "cometbft.build"),
      genesisSeen: join(run, "genesis.seen"),
      cometProof: join(run, "cometbft.proof.json"),
      kernels: join(run, "kernels.json"),
    },
    logs: { dir: logs, comet: join(logs, "cometbft.log") },
  };
}

/**
 * Chooses the home: `--home`, else `HANZO_HOME`, else `~/.hanzod`.
 *
 * @param flag value of `--home`, if given.
 * @param environment normally `process.env`.
 */
export function resolveHome(flag: string | undefined, environment: Readonly<Record<string, string | undefined>>): Home {
  const named = flag ?? environment["HANZO_HOME"];
  return homeLayout(named === undefined || named === "" ? join(homedir(), ".hanzod") : named);
}

/** Folders that every home has. A keyring's folder is made with its first key. */
function foldersOf(home: Home): readonly string[] {
  return [home.root, home.config.dir, home.data.dir, home.run.dir, home.logs.dir];
}

/** Files that nobody but the owner may read: whoever has them can sign in the node's name. */
function secretsOf(home: Home): readonly string[] {
  return [home.config.nodeKey, home.config.privValidatorKey];
}

/**
 * Makes the folders of a home, readable by the owner alone. Existing folders keep their content.
 *
 * @throws NodeError HZN-HOME when a folder cannot be made.
 */
export async function createHome(home: Home): Promise<void> {
  for (const folder of foldersOf(home)) {
    try {
      await makeFolder(folder);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new NodeError("HZN-HOME", `cannot make the folder ${folder}: ${reason}`, "choose a folder you can write to with --home");
    }
  }
  // mkdir leaves an existing folder's mode alone; the root alone decides who gets in.
  await chmod(home.root, 0o700);
}

/**
 * Checks that a home is complete and that its secrets are private.
 *
 * @throws NodeError HZN-NO-HOME when it was never initialised, HZN-MODES when others may read a key.
 */
export async function requireHome(home: Home): Promise<void> {
  for (const file of [home.config.genesis, home.config.comet, home.config.nodeKey]) {
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined && !found.isFile())
      throw new NodeError(
        "HZN-NO-HOME",
        `${file} is no file`,
        `move it away; the file of that name belongs there, as hanzod init makes it`,
      );
    if (found === undefined) {
      throw new NodeError("HZN-NO-HOME", `${home.root} is not the home of a node: ${file} is missing`, `hanzod init --home ${home.root}`);
    }
  }
  for (const file of secretsOf(home)) {
    const mode = await modeOf(file);
    if (mode !== undefined && (mode & 0o077) !== 0) {
      throw new NodeError("HZN-MODES", `${file} can be read by others (mode ${mode.toString(8)})`, `chmod 600 ${file}`);
    }
  }
}

/** Makes a folder and those above it. Not with mkdir's own recursion: on file systems that answer ENOENT to a write (/proc) it never returns. */
async function makeFolder(folder: string): Promise<void> {
  if ((await modeOf(folder)) !== undefined) return;
  await makeFolder(dirname(folder));
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    // Several homes under one folder are made at the same time.
    if ((await modeOf(folder)) === undefined) throw error;
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? undefined : found.mode & 0o777;
}

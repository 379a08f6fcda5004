import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { rename, stat, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { promisify } from "node:util";
import { reasonOf } from "../../shared/cliError.ts";
import { readSmallFile } from "../../shared/smallFile.ts";
import { createHome, type Home } from "./home.ts";
import { NodeError } from "./nodeError.ts";
import { editToml, findTomlValue, type TomlValue } from "./tomlEdit.ts";

const run = promisify(execFile);

/** The settings of CometBFT that a node chooses; everything else keeps CometBFT's default. */
export interface CometSettings {
  /** Name shown to peers. Default: the machine's. */
  readonly moniker?: string;
  /** Where the application listens: `unix:///…` or `tcp://…`. */
  readonly abciAddress: string;
  readonly rpc: {
    /** Default 127.0.0.1: the RPC also takes unsafe and costly requests. */
    readonly host?: string;
    readonly port: number;
    /** Web pages that may call the RPC. Default none; `["*"]` for local chains. */
    readonly corsAllowedOrigins?: readonly string[];
  };
  readonly p2p: {
    /** Default 127.0.0.1. */
    readonly host?: string;
    readonly port: number;
    /** Address that peers are told, `host:port`. */
    readonly externalAddress?: string;
    /** `<node id>@host:port` each. */
    readonly persistentPeers?: readonly string[];
    /** True allows private addresses and several nodes per address, which CometBFT refuses by default. Default false. */
    readonly localNetwork?: boolean;
  };
  /** Wait after a block before the next begins, in milliseconds. Default 1000. */
  readonly timeoutCommitMs?: number;
  /** False makes blocks only when there are transactions. Default true. */
  readonly createEmptyBlocks?: boolean;
  /** Transactions held. Default 5000. */
  readonly mempoolSize?: number;
  /** Whether CometBFT indexes transactions for its own tx_search, which wallets use on the RPC port. Default "kv". */
  readonly txIndexer?: "kv" | "null";
  /** Port of CometBFT's metrics; off when left out. */
  readonly prometheusPort?: number;
}

/**
 * Longest wait of a message for others to share a write with, and of a node before it looks again for what a peer lacks. Proposals and votes wait
 * for both, three times a block: with CometBFT's 100 ms each that is most of what a block takes beyond `timeout_commit`. Its later releases have
 * 10 ms for the first, too. Nodes with other values make one network.
 */
const FLUSH_THROTTLE = "10ms";
const GOSSIP_SLEEP = "25ms";

/** Who a node is among its peers and validators. */
export interface CometIdentity {
  /** 40 hexadecimal digits in lower case, as in a peer's address. */
  readonly nodeId: string;
  /** The validator's address, 20 bytes. */
  readonly validatorAddress: Uint8Array;
  /** The validator's ed25519 public key, 32 bytes. */
  readonly validatorPublicKey: Uint8Array;
}

/**
 * Makes the CometBFT part of a home with CometBFT's own `init`: keys, settings and validator state. Existing files are kept, so a
 * second call changes no key. The genesis file that `init` writes belongs to a chain of its own and is removed again.
 *
 * @param binary path of the CometBFT binary.
 * @throws NodeError HZN-COMET-INIT when the binary fails.
 */
export async function initCometHome(binary: string, home: Home): Promise<CometIdentity> {
  await createHome(home);
  const hadGenesis = await exists(home.config.genesis);
  try {
    await run(binary, ["init", "--home", home.root], { env: cometEnvironment(process.env), timeout: 60_000 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NodeError("HZN-COMET-INIT", `CometBFT could not initialise ${home.root}: ${reason}`, `${binary} init --home ${home.root}`);
  }
  if (!hadGenesis) await unlink(home.config.genesis);
  return readCometIdentity(home);
}

/** Writes settings into config.toml by key, keeping its comments. */
export async function writeCometConfig(home: Home, settings: CometSettings): Promise<void> {
  const text = readComet(home);
  await replaceFile(home.config.comet, editToml(text, tomlOf(settings)));
}

/** Writes the peers that a node keeps connected to, `<node id>@host:port` each. */
export async function setPersistentPeers(home: Home, peers: readonly string[]): Promise<void> {
  await replaceFile(home.config.comet, editToml(readComet(home), new Map([["p2p.persistent_peers", peers.join(",")]])));
}

/** Where a node without blocks finds a state to begin with. */
export interface StateSyncSettings {
  /** RPC addresses of nodes that are asked for headers, at least two; `http://host:port` or `host:port`. */
  readonly rpcServers: readonly string[];
  /** A block that is known to be the chain's. */
  readonly trustHeight: bigint;
  /** Its hash, hexadecimal. */
  readonly trustHash: string;
  /** How long ago it may be, as CometBFT writes it: `168h0m0s`. It must be shorter than unbonding takes. */
  readonly trustPeriod?: string;
  /** How long peers are asked for snapshots, at least five seconds. CometBFT's own when left out. */
  readonly discoveryTime?: string;
}

/** Makes CometBFT begin with a snapshot of its peers, or with undefined with the first block. It looks at this only while it has no blocks. */
export async function setStateSync(home: Home, settings: StateSyncSettings | undefined): Promise<void> {
  const values = new Map<string, TomlValue>([["statesync.enable", settings !== undefined]]);
  if (settings !== undefined) {
    values.set("statesync.rpc_servers", settings.rpcServers.join(","));
    values.set("statesync.trust_height", settings.trustHeight);
    values.set("statesync.trust_hash", settings.trustHash.toUpperCase());
    if (settings.trustPeriod !== undefined) values.set("statesync.trust_period", settings.trustPeriod);
    if (settings.discoveryTime !== undefined) values.set("statesync.discovery_time", settings.discoveryTime);
  }
  await replaceFile(home.config.comet, editToml(readComet(home), values));
}

/** The text of config.toml. @throws NodeError HZN-CONFIG when it cannot be read */
function readComet(home: Home): string {
  try {
    return readSmallFile(home.config.comet);
  } catch (cause) {
    throw new NodeError("HZN-CONFIG", `${home.config.comet} cannot be read: ${reasonOf(cause)}`, "hanzod init makes a home");
  }
}

/** Reads one key, for example `rpc.laddr`. @throws NodeError HZN-CONFIG when it is absent. */
export async function getCometSetting(home: Home, key: string): Promise<string> {
  const value = findTomlValue(readComet(home), key);
  if (value === undefined)
    throw new NodeError("HZN-CONFIG", `${home.config.comet} has no key ${key}`, `add it, or make a new home with hanzod init`);
  return value;
}

/**
 * Reads host and port of a listener from config.toml.
 *
 * @param key `rpc.laddr` or `p2p.laddr`.
 * @throws NodeError HZN-CONFIG when the value is no `tcp://host:port`.
 */
export async function getCometListener(
  home: Home,
  key: "rpc.laddr" | "p2p.laddr",
): Promise<{ readonly host: string; readonly port: number }> {
  const text = await getCometSetting(home, key);
  const parts = /^tcp:\/\/(.+):([0-9]{1,5})$/.exec(text);
  const port = Number(parts?.[2]);
  if (parts?.[1] === undefined || port < 1 || port > 65_535) {
    throw new NodeError(
      "HZN-CONFIG",
      `${home.config.comet}: ${key} is "${text}"`,
      `write it as tcp://host:port with a port from 1 to 65535`,
    );
  }
  return { host: parts[1].replace(/^\[(.*)\]$/, "$1"), port };
}

/** Reads node id and validator key from the key files. @throws NodeError HZN-NO-HOME when they are missing or damaged. */
export async function readCometIdentity(home: Home): Promise<CometIdentity> {
  const nodeKey = keyBytes(await readJson(home.config.nodeKey), "priv_key", home.config.nodeKey);
  const publicKey = keyBytes(await readJson(home.config.privValidatorKey), "pub_key", home.config.privValidatorKey);
  // An ed25519 key file holds seed and public key; id and address are the first 20 bytes of the public key's SHA-256.
  const nodeId = createHash("sha256").update(nodeKey.subarray(32)).digest().subarray(0, 20);
  const address = createHash("sha256").update(publicKey).digest().subarray(0, 20);
  return { nodeId: nodeId.toString("hex"), validatorAddress: new Uint8Array(address), validatorPublicKey: publicKey };
}

/** The environment for CometBFT: without `CMT…` variables, which would silently override its config.toml. */
export function cometEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(CMT|TM)(_|HOME)/.test(name)));
}

function tomlOf(settings: CometSettings): ReadonlyMap<string, TomlValue> {
  const { rpc, p2p } = settings;
  const values: [string, TomlValue][] = [
    ["proxy_app", settings.abciAddress],
    ["abci", "socket"],
    ["moniker", settings.moniker ?? hostname()],
    ["rpc.laddr", `tcp://${rpc.host ?? "127.0.0.1"}:${rpc.port}`],
    ["rpc.cors_allowed_origins", rpc.corsAllowedOrigins ?? []],
    ["p2p.laddr", `tcp://${p2p.host ?? "127.0.0.1"}:${p2p.port}`],
    ["p2p.external_address", p2p.externalAddress ?? ""],
    ["p2p.persistent_peers", (p2p.persistentPeers ?? []).join(",")],
    ["p2p.allow_duplicate_ip", p2p.localNetwork ?? false],
    ["p2p.addr_book_strict", !(p2p.localNetwork ?? false)],
    ["p2p.flush_throttle_timeout", FLUSH_THROTTLE],
    ["consensus.timeout_commit", `${settings.timeoutCommitMs ?? 1000}ms`],
    ["consensus.peer_gossip_sleep_duration", GOSSIP_SLEEP],
    ["consensus.create_empty_blocks", settings.createEmptyBlocks ?? true],
    ["mempool.size", BigInt(settings.mempoolSize ?? 5000)],
    ["tx_index.indexer", settings.txIndexer ?? "kv"],
    ["instrumentation.prometheus", settings.prometheusPort !== undefined],
  ];
  if (settings.prometheusPort !== undefined)
    values.push(["instrumentation.prometheus_listen_addr", `127.0.0.1:${settings.prometheusPort}`]);
  return new Map(values);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(readSmallFile(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NodeError(
      "HZN-NO-HOME",
      `cannot read ${path}: ${reason}`,
      "restore the file from a backup, or make a new home with hanzod init",
    );
  }
}

/** The bytes of `{"<field>": {"type": "…Ed25519", "value": "<base64>"}}`. */
function keyBytes(file: unknown, field: "priv_key" | "pub_key", path: string): Uint8Array {
  const key: unknown = typeof file === "object" && file !== null ? Reflect.get(file, field) : undefined;
  const value: unknown = typeof key === "object" && key !== null ? Reflect.get(key, "value") : undefined;
  const bytes = typeof value === "string" ? new Uint8Array(Buffer.from(value, "base64")) : new Uint8Array();
  const expected = field === "priv_key" ? 64 : 32;
  if (bytes.length !== expected) {
    throw new NodeError(
      "HZN-NO-HOME",
      `${path}: ${field} has ${bytes.length} bytes, an ed25519 key has ${expected}`,
      "restore the file from a backup",
    );
  }
  return bytes;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** Replaces a file in one step, so that a crash leaves the old one or the new one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}

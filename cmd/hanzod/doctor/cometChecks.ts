import { readToml } from "../config/appToml.ts";
import { findClosestName } from "../config/closestName.ts";
import { readCometIdentity } from "../node/cometConfig.ts";
import { type DoctorCheck, error, type Finding, warning } from "./finding.ts";
import { isPublic } from "./settingChecks.ts";

type Settings = ReadonlyMap<string, unknown>;

/** A value of config.toml that does harm with this application, and why. */
interface Pitfall {
  readonly check: string;
  readonly severity: Finding["severity"];
  when(settings: Settings): boolean;
  readonly what: string;
  readonly why: string;
  readonly next: string;
}

const isOpen = (settings: Settings, key: string): boolean => isPublic({ host: hostOf(text(settings, key)) });

/** One row per pitfall. */
const PITFALLS: readonly Pitfall[] = [
  {
    check: "comet.abci",
    severity: "error",
    when: (settings) => text(settings, "abci") !== "socket",
    what: "abci is not socket",
    why: "the application speaks ABCI on a socket only",
    next: 'set abci = "socket" in config.toml',
  },
  {
    check: "comet.unsafe",
    severity: "error",
    when: (settings) => settings.get("rpc.unsafe") === true && isOpen(settings, "rpc.laddr"),
    what: "unsafe calls of the RPC are open to everybody",
    why: "rpc.unsafe is true and rpc.laddr is public: anybody can change the peers and write profiles",
    next: "set unsafe = false in [rpc] of config.toml",
  },
  {
    check: "comet.cors",
    severity: "warning",
    when: (settings) => list(settings, "rpc.cors_allowed_origins").includes("*") && isOpen(settings, "rpc.laddr"),
    what: "any web page may call the public RPC",
    why: "rpc.cors_allowed_origins has * and rpc.laddr is public",
    next: "name the pages that may in cors_allowed_origins of config.toml",
  },
  {
    check: "comet.statesync",
    severity: "error",
    when: (settings) =>
      settings.get("statesync.enable") === true &&
      (text(settings, "statesync.rpc_servers") === "" || text(settings, "statesync.trust_hash") === ""),
    what: "state sync is on and has nobody to trust",
    why: "rpc_servers or trust_hash in [statesync] of config.toml is empty: CometBFT does not start so",
    next: "hanzod statesync enable --rpc <address>,<address>, or hanzod statesync disable",
  },
  {
    check: "comet.indexer",
    severity: "warning",
    when: (settings) => text(settings, "tx_index.indexer") === "null",
    what: "CometBFT indexes no transactions",
    why: "wallets that use the RPC port wait for tx_search and time out",
    next: 'set indexer = "kv" in [tx_index] of config.toml',
  },
  {
    check: "comet.responses",
    severity: "warning",
    when: (settings) => settings.get("storage.discard_abci_responses") === true,
    what: "CometBFT throws results of blocks away",
    why: "explorers and relayers ask for block_results",
    next: "set discard_abci_responses = false in [storage] of config.toml",
  },
  {
    check: "comet.mempool",
    severity: "error",
    when: (settings) => ["nop", "app"].includes(text(settings, "mempool.type")),
    what: "CometBFT's mempool takes no transactions",
    why: 'mempool.type is "nop" or "app", which are for applications with a mempool of their own',
    next: 'set type = "flood" in [mempool] of config.toml',
  },
  {
    check: "comet.recheck",
    severity: "warning",
    when: (settings) => settings.get("mempool.recheck") === false,
    what: "waiting transactions are not looked at again",
    why: "mempool.recheck is false: those that a block made invalid stay, fill the mempool and blocks",
    next: "set recheck = true in [mempool] of config.toml",
  },
  {
    check: "comet.address-book",
    severity: "warning",
    when: (settings) => settings.get("p2p.addr_book_strict") === false && isOpen(settings, "p2p.laddr"),
    what: "private addresses are taken for those of peers",
    why: "p2p.addr_book_strict is false and p2p.laddr is public: made for networks on one machine",
    next: "set addr_book_strict = true and allow_duplicate_ip = false in [p2p] of config.toml",
  },
  {
    check: "comet.unreachable",
    severity: "warning",
    when: (settings) =>
      !isOpen(settings, "p2p.laddr") && peersOf(settings).some((peer) => isPublic({ host: hostOf(peer.split("@")[1] ?? "") })),
    what: "peers cannot connect to this node",
    why: "p2p.laddr is an address of this machine alone, and persistent_peers are elsewhere",
    next: 'set laddr = "tcp://0.0.0.0:26656" in [p2p] of config.toml',
  },
];

/** The settings of CometBFT. */
export const checkComet: DoctorCheck = async ({ home, comet, machine }) => {
  const mend = `compare ${home.config.comet} with the one of a new home`;
  if (comet === undefined)
    return [error("comet.unreadable", `${home.config.comet} is no valid TOML`, "CometBFT does not start with it", mend)];
  const found = PITFALLS.filter((pitfall) => pitfall.when(comet)).map(
    ({ check, severity, what, why, next }): Finding => ({ check, severity, what, why, next }),
  );
  found.push(...(await peerFindings(comet, home)), ...signerFindings(comet));
  const standard = await machine
    .cometBinary()
    .then((binary) => machine.defaultCometConfig(binary))
    .catch(() => undefined);
  const known = standard === undefined ? undefined : readToml("config.toml of a new home", standard);
  if (known !== undefined && !("where" in known))
    found.push(
      ...unknownKeys(
        comet,
        known.map(({ key }) => key),
      ),
    );
  return found;
};

function unknownKeys(comet: Settings, known: readonly string[]): Finding[] {
  const found = [...comet.keys()]
    .filter((key) => !known.includes(key))
    .map((key) => {
      const near = findClosestName(key, known);
      return warning(
        "comet.unknown-key",
        `config.toml: CometBFT has no setting ${key} and ignores it`,
        near === undefined ? "it may be of another release" : `did you mean ${near}?`,
        "delete the line, or correct the name",
      );
    });
  const missing = ["rpc.laddr", "p2p.laddr"].filter((key) => !comet.has(key));
  for (const key of missing)
    found.push(
      error(
        "comet.missing-key",
        `config.toml has no ${key}`,
        "hanzod asks CometBFT there",
        `add ${key.split(".")[1]} to [${key.split(".")[0]}]`,
      ),
    );
  return found;
}

async function peerFindings(comet: Settings, home: Parameters<typeof readCometIdentity>[0]): Promise<Finding[]> {
  const found: Finding[] = [];
  const own = await readCometIdentity(home).then(
    ({ nodeId }) => nodeId,
    () => undefined,
  );
  for (const peer of [...peersOf(comet), ...splitPeers(text(comet, "p2p.seeds"))]) {
    if (!/^[0-9a-f]{40}@[^\s@]+:\d{1,5}$/.test(peer))
      found.push(
        error(
          "comet.peer",
          `${JSON.stringify(peer)} is no peer`,
          "<40 hexadecimal digits>@host:port is expected; CometBFT does not start",
          "ask the peer's operator for: cometbft show-node-id",
        ),
      );
    else if (own !== undefined && peer.startsWith(own))
      found.push(
        warning(
          "comet.self",
          "the node is told to connect to itself",
          `${peer} has its own id`,
          "take it out of persistent_peers in config.toml",
        ),
      );
  }
  return found;
}

function signerFindings(comet: Settings): Finding[] {
  const remote = text(comet, "priv_validator_laddr");
  if (remote === "") return [];
  return [
    warning(
      "comet.signer",
      `blocks are signed by whoever connects to ${remote}`,
      "CometBFT waits for it, and ignores priv_validator_key.json: a copy of the same key there can sign twice",
      "keep the key in the signer alone, and the address on this machine or in a private network",
    ),
  ];
}

function peersOf(settings: Settings): string[] {
  return splitPeers(text(settings, "p2p.persistent_peers"));
}

function splitPeers(value: string): string[] {
  return value
    .split(",")
    .map((peer) => peer.trim())
    .filter((peer) => peer !== "");
}

function text(settings: Settings, key: string): string {
  const value = settings.get(key);
  return typeof value === "string" ? value : "";
}

function list(settings: Settings, key: string): readonly unknown[] {
  const value = settings.get(key);
  return Array.isArray(value) ? value : [];
}

function hostOf(address: string): string {
  return (
    address
      .replace(/^[a-z]+:\/\//, "")
      .replace(/:\d+$/, "")
      .replace(/^\[(.*)\]$/, "$1") || "127.0.0.1"
  );
}

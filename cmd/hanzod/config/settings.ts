import { BACKENDS } from "#kernels";
import { DEFAULT_GRPC_LIMITS as GRPC } from "../../../app/api/grpcLimits.ts";
import { DEFAULT_HTTP_LIMITS as HTTP } from "../../../app/api/httpLimits.ts";
import { HANZO_CHOICE, MODULE_SETS } from "../../../app/chainProfile.ts";
import { MAX_BLOCK_BYTES } from "../../../app/content/contentStore.ts";
import { CHAIN, DEFAULT_MIN_GAS_PRICES, DEFAULT_QUERY_GAS_LIMIT } from "../../../app/hanzo.ts";
import { DEFAULT_QUERY_DEADLINE_MS } from "../../../app/threads/queryPool.ts";
import { COMET_BUILDS, DEFAULT_COMET_BUILD } from "../node/cometBuild.ts";
import {
  bech32Prefix,
  choice,
  choices,
  count,
  countText,
  denom,
  eventNames,
  flag,
  gasPrices,
  heights,
  hostPort,
  listener,
  logLevels,
  optionalFolder,
  optionalListener,
  powerOfTen,
  type SettingKind,
} from "./settingKind.ts";

/** One setting of a node. */
export interface Setting<T> {
  readonly kind: SettingKind<T>;
  /** What counts when no flag, variable or file says otherwise. */
  readonly initial: T;
  /** What it does, in one sentence without a full stop: comment in the file, cell in docs/operators/home.md, help of the flag. */
  readonly summary: string;
  /** True when SIGHUP applies a change to a running node; others wait for the next start. */
  readonly live: boolean;
}

/** Each thread has a heap of its own; no node has more cores than that to spare. */
const MAX_QUERY_WORKERS = 64;
/** Ten minutes: nobody waits longer for an answer. */
const MAX_DEADLINE_MS = 600_000;
const MAX_TIMEOUT_S = 3600;
/** As much as one message of the consensus engine. */
const MAX_MESSAGE_BYTES = 128 * 1024 * 1024;
const MAX_CALLS_SET = 65_536;

/**
 * Every setting of `config/app.toml` by its key, in the order of the file: keys without a section first, then section by section. Names are
 * those of the Cosmos SDK where it has the same thing. This table alone makes the file, the flags `--<key>`, the variables `HANZOD_<KEY>`, the
 * table in docs/operators/home.md and the type {@link AppConfig}.
 */
export const SETTINGS = {
  "minimum-gas-prices": setting(
    gasPrices,
    DEFAULT_MIN_GAS_PRICES,
    "least price of a unit of gas that this node's mempool takes; empty takes all",
  ),
  pruning: setting(
    choice(["default", "nothing", "everything", "custom"]),
    "custom",
    "versions kept in memory for queries and proofs of the past: 128, all (memory and the time of a start grow with the chain), 2, or what pruning-keep-recent says",
  ),
  "pruning-keep-recent": setting(count(1), 128, "versions kept with pruning = custom, in memory"),
  "min-retain-blocks": setting(
    count(0),
    0,
    "blocks that CometBFT keeps at least; older ones are removed, and who joins cannot fetch them here; 0 keeps all",
  ),
  "halt-height": setting(count(0), 0, "the node stops after it has committed this height; 0 never"),
  "halt-time": setting(
    count(0),
    0,
    "the node stops after it has committed a block of this time or later, in seconds since 1970-01-01 UTC; 0 never",
  ),
  "unsafe-skip-upgrades": setting(
    heights,
    [],
    "heights at which a planned upgrade is let pass without it; only where all validators agreed to",
  ),
  "inv-check-period": setting(count(0), 0, "blocks between two checks of every invariant, a broken one stops the node; 0 never checks"),
  "comet-build": setting(
    choice(COMET_BUILDS),
    DEFAULT_COMET_BUILD,
    "which build of CometBFT runs: stock as released, or hanzo: the same node with an ABCI client that does not spin",
  ),
  "index-events": setting(
    eventNames,
    [],
    "attributes of events by which transactions can be searched, such as transfer.recipient; an empty list takes all",
  ),
  "query-workers": setting(
    count(0, MAX_QUERY_WORKERS),
    1,
    "threads that answer queries and simulations on the committed state, so that they never delay a block; 0 answers them between blocks",
  ),
  "query-gas-limit": setting(
    count(0),
    DEFAULT_QUERY_GAS_LIMIT,
    "most gas of one query, counted as in transactions, beyond which it fails with ResourceExhausted; 0 for no limit",
  ),
  "query-deadline-ms": setting(
    count(100, MAX_DEADLINE_MS),
    DEFAULT_QUERY_DEADLINE_MS,
    "milliseconds after which a query in a thread fails with DeadlineExceeded; of no effect with query-workers = 0",
  ),
  "signature-worker": setting(flag, true, "whether a thread verifies signatures ahead of need; results and gas do not depend on it"),
  "log-level": setting(logLevels, "info", "what is logged: debug, info, warn, error or none, also by part: info,store:debug", true),
  "log-format": setting(choice(["plain", "json"]), "plain", "lines for people or one JSON object per line"),
  "api.enable": setting(flag, true, "whether REST, health and metrics are served"),
  "api.swagger": setting(flag, true, "whether a page at /swagger/ shows the API to people"),
  "api.address": setting(listener, { host: "127.0.0.1", port: 1317 }, "where; a public API belongs behind a proxy that limits requests"),
  "api.max-open-connections": setting(
    count(1, 1_000_000),
    HTTP.maxConnections,
    "connections of clients at a time; further ones are closed",
  ),
  "api.rpc-read-timeout": setting(
    count(1, MAX_TIMEOUT_S),
    HTTP.readTimeoutMs / 1000,
    "seconds within which a request must have come in whole; a connection without one is closed after as long",
  ),
  "api.rpc-write-timeout": setting(
    count(0, MAX_TIMEOUT_S),
    HTTP.writeTimeoutMs / 1000,
    "seconds that a client has to take an answer, at most twice as many, before its connection is closed; 0 for no end",
  ),
  "api.rpc-max-body-bytes": setting(
    count(1024, MAX_MESSAGE_BYTES),
    HTTP.maxBodyBytes,
    "largest body of a request in bytes; a transaction is a third larger in JSON",
  ),
  "api.max-calls": setting(
    count(1, MAX_CALLS_SET),
    HTTP.maxCalls,
    "queries of REST and gRPC-web under way at a time; further ones fail with ResourceExhausted",
  ),
  "api.enabled-unsafe-cors": setting(flag, false, "whether any web page may call it; true with --local"),
  "grpc.enable": setting(flag, true, "whether gRPC is served"),
  "grpc.address": setting(hostPort, { host: "localhost", port: 9090 }, "where, without encryption"),
  "grpc.max-open-connections": setting(
    count(1, 1_000_000),
    GRPC.maxConnections,
    "connections of clients at a time; further ones are closed",
  ),
  "grpc.max-concurrent-streams": setting(count(1, 10_000), GRPC.maxStreams, "calls of one connection at a time; further ones are refused"),
  "grpc.max-calls": setting(
    count(1, MAX_CALLS_SET),
    GRPC.maxCalls,
    "queries of gRPC under way at a time; further ones fail with ResourceExhausted",
  ),
  "grpc.max-recv-msg-size": setting(countText(1024, MAX_MESSAGE_BYTES), GRPC.maxReceiveBytes, "largest request in bytes"),
  "grpc.max-send-msg-size": setting(countText(1024, 2 ** 31 - 1), GRPC.maxSendBytes, "largest answer in bytes"),
  "grpc.read-timeout": setting(
    count(1, MAX_TIMEOUT_S),
    GRPC.readTimeoutMs / 1000,
    "seconds within which a request must have come in whole, and a new connection must have begun one; six times as long later",
  ),
  "grpc.write-timeout": setting(
    count(0, MAX_TIMEOUT_S),
    GRPC.writeTimeoutMs / 1000,
    "seconds that a client has to take an answer before its connection is closed; 0 for no end",
  ),
  "chain.modules": setting(
    choice(MODULE_SETS),
    HANZO_CHOICE.modules,
    "what the chain is made of: hanzo, or sdk for the Cosmos SDK's modules alone, as init --from-sdk-genesis sets it; the same on all nodes, for good",
  ),
  "chain.bech32-prefix": setting(bech32Prefix, CHAIN.bech32Prefix, "how addresses begin; the same on all nodes of the chain, for good"),
  "chain.base-denom": setting(denom, CHAIN.baseDenom, "denomination of stake; the same on all nodes of the chain, for good"),
  "chain.power-reduction": setting(
    powerOfTen,
    CHAIN.powerReduction.toString(),
    "units of stake to one of a validator's power; the same on all nodes of the chain, for good",
  ),
  "kernels.backends": setting(
    choices(BACKENDS),
    [],
    "backends that may compute aggregates of experience, in the order in which they are tried; an empty list tries all; the result is the same on each",
  ),
  "kernels.modules": setting(
    optionalFolder,
    "",
    "folder whose node_modules has the optional libraries of backends; empty for this program's own",
  ),
  "tx-index.events": setting(flag, true, "whether events are indexed for searches; transactions are found by hash and height either way"),
  "tx-index.keep-recent": setting(count(0), 0, "blocks whose transactions can be found; 0 for all"),
  "state-sync.snapshot-interval": setting(
    count(0),
    0,
    "blocks between two snapshots of the state, from which other nodes begin; 0 makes none",
  ),
  "state-sync.snapshot-keep-recent": setting(count(0), 2, "snapshots that stay, the oldest is removed first; 0 keeps all"),
  "experience.content-enable": setting(
    flag,
    true,
    "whether revealed shards and aggregates are kept by their identifier after the state has dropped them, and served at /hanzo/experience/content/",
  ),
  "experience.content-max-bytes": setting(
    count(MAX_BLOCK_BYTES),
    1024 * 1024 * 1024,
    "most bytes of all that is kept so, in data/content; the least recently used goes first",
  ),
  "telemetry.enabled": setting(flag, true, "whether /metrics is served"),
  "telemetry.address": setting(
    optionalListener,
    "none",
    "where metrics and health are served instead of on api.address, for instance with api.enable = false",
  ),
  "health.max-block-age": setting(count(0), 60, "seconds since the last block after which /readyz says no; 0 for any"),
  "health.ready-while-catching-up": setting(flag, false, "whether /readyz says yes while the node fetches old blocks"),
} as const;

/** Key of a setting: `halt-height`, `api.address`. */
export type SettingKey = keyof typeof SETTINGS;

/** The values of all settings, by key. */
export type AppConfig = { readonly [K in SettingKey]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never };

/** Every key, in the order of the file. */
export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[];

/** A setting by its key, for code that handles all of them alike. */
export function settingOf(key: SettingKey): Setting<unknown> {
  return SETTINGS[key] as Setting<unknown>;
}

/** Keys that the SDK's app.toml has and that mean nothing here, by reason. A key of a section stands for all of it. */
export const FOREIGN_KEYS: Readonly<Record<string, string>> = {
  "pruning-interval": "versions are pruned at every block",
  "inter-block-cache": "the state is in memory",
  "iavl-cache-size": "the state is in memory",
  "iavl-disable-fastnode": "the state is in memory",
  "app-db-backend": "there is one database",
  "telemetry.service-name": "metrics begin with hanzo_",
  "telemetry.prometheus-retention-time": "metrics are read when they are asked for",
  "telemetry.enable-hostname": "Prometheus adds the instance",
  "telemetry.enable-hostname-label": "Prometheus adds the instance",
  "telemetry.enable-service-label": "Prometheus adds the job",
  "telemetry.global-labels": "labels belong into Prometheus' scrape configuration",
  "grpc.skip-check-header": "gRPC calls are not looked into",
  "grpc-web": "gRPC-web is served on api.address",
  mempool: "the mempool is CometBFT's: config.toml, section mempool",
  streaming: "there is no streaming",
};

/** Name of a setting's environment variable: `api.enable` is `HANZOD_API_ENABLE`. */
export function variableOf(key: SettingKey): string {
  return `HANZOD_${key.toUpperCase().replaceAll(/[.-]/g, "_")}`;
}

function setting<T>(kind: SettingKind<T>, initial: NoInfer<T>, summary: string, live = false): Setting<T> {
  return { kind, initial, summary, live };
}

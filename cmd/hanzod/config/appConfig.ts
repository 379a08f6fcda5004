import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify, TomlError } from "smol-toml";
import { DEFAULT_MIN_GAS_PRICES } from "../../../app/hanzo.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import type { Home } from "../node/home.ts";
import { EXIT } from "../node/nodeError.ts";

/** The node's own settings (`config/app.toml`). Key names are the Cosmos SDK's. */
export interface AppConfig {
  /** Least price of a unit of gas that the node's mempool accepts, as decimal coins: `0.025aai`. Empty accepts any. */
  readonly minimumGasPrices: string;
  /** Versions kept for queries and proofs. */
  readonly pruningKeepRecent: number;
  readonly api: {
    readonly enable: boolean;
    readonly host: string;
    readonly port: number;
    /** Any web page may call the REST API. */
    readonly enabledUnsafeCors: boolean;
  };
}

/** What a new home starts with. */
export const DEFAULT_APP_CONFIG: AppConfig = {
  minimumGasPrices: DEFAULT_MIN_GAS_PRICES,
  pruningKeepRecent: 128,
  api: { enable: true, host: "127.0.0.1", port: 1317, enabledUnsafeCors: false },
};

const HEADING = "# Settings of hanzod. An unknown key is an error. Flags of a command go before what stands here.\n\n";

/** Writes the settings of a home. */
export function writeAppConfig(home: Home, config: AppConfig): void {
  const { api } = config;
  const document = {
    "minimum-gas-prices": config.minimumGasPrices,
    "pruning-keep-recent": config.pruningKeepRecent,
    api: { enable: api.enable, address: `tcp://${api.host}:${api.port}`, "enabled-unsafe-cors": api.enabledUnsafeCors },
  };
  writeFileSync(home.config.app, HEADING + stringify(document), { mode: 0o644 });
}

/** Reads the settings of a home. @throws CliError naming file, line and what was expected */
export function readAppConfig(home: Home): AppConfig {
  const path = home.config.app;
  let table: Record<string, unknown>;
  try {
    table = parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const line = cause instanceof TomlError ? ` at line ${cause.line}` : "";
    throw new CliError(`${path} cannot be read${line}`, {
      why: reasonOf(cause).split("\n")[0] ?? "",
      next: "mend the line, or make a new home with hanzod init",
      exitCode: EXIT.config,
      cause,
    });
  }
  const reader = createTableReader(path, table);
  const api = createTableReader(path, reader.table("api"), "api.");
  const listener = /^tcp:\/\/(.+):(\d{1,5})$/.exec(api.text("address"));
  if (listener === null)
    throw new CliError(`${path}: api.address is "${api.text("address")}"`, { why: "tcp://host:port is expected", exitCode: EXIT.config });
  const config: AppConfig = {
    minimumGasPrices: reader.text("minimum-gas-prices"),
    pruningKeepRecent: reader.count("pruning-keep-recent"),
    api: {
      enable: api.flag("enable"),
      host: listener[1] ?? "",
      port: Number(listener[2]),
      enabledUnsafeCors: api.flag("enabled-unsafe-cors"),
    },
  };
  reader.finish();
  api.finish();
  return config;
}

interface TableReader {
  text(key: string): string;
  flag(key: string): boolean;
  count(key: string): number;
  table(key: string): Record<string, unknown>;
  /** @throws CliError when a key was never asked for */
  finish(): void;
}

function createTableReader(path: string, table: Record<string, unknown>, prefix = ""): TableReader {
  const seen = new Set<string>();
  const take = <T>(key: string, type: string, accept: (value: unknown) => value is T): T => {
    seen.add(key);
    const value = table[key];
    if (!accept(value))
      throw new CliError(`${path}: ${prefix}${key} is ${JSON.stringify(value) ?? "missing"}`, {
        why: `${type} is expected`,
        exitCode: EXIT.config,
      });
    return value;
  };
  return {
    text: (key) => take(key, "text", (value) => typeof value === "string"),
    flag: (key) => take(key, "true or false", (value) => typeof value === "boolean"),
    count: (key) =>
      take(key, "a whole number of at least 1", (value): value is number => Number.isSafeInteger(value) && Number(value) >= 1),
    table: (key) =>
      take(
        key,
        "a table",
        (value): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value),
      ),
    finish() {
      const unknown = Object.keys(table).filter((key) => !seen.has(key));
      if (unknown.length > 0)
        throw new CliError(`${path}: unknown key ${prefix}${unknown.join(`, ${prefix}`)}`, {
          why: `known keys are ${[...seen].map((key) => prefix + key).join(", ")}`,
          exitCode: EXIT.config,
        });
    },
  };
}

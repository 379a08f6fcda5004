import { Command } from "commander";
import { reasonOf } from "../../shared/cliError.ts";
import { stopSignal } from "../../shared/stopSignal.ts";
import { runNode } from "../app/runNode.ts";
import { readAppConfig } from "../config/appConfig.ts";
import type { SettingFlags } from "../config/resolveSettings.ts";
import { settingFlagsOf, withSettingFlags } from "../config/settingFlags.ts";
import { type AppConfig, SETTING_KEYS, settingOf } from "../config/settings.ts";
import { followBlocks } from "../job/followBlocks.ts";
import { type LogLevels, parseLogLevels } from "../log/levels.ts";
import { createNodeLogger, type NodeLogger } from "../log/nodeLogger.ts";
import type { NodeLog } from "../node/comet.ts";
import type { CometBuild } from "../node/cometBuild.ts";
import { wantedRelease } from "../node/cometRelease.ts";
import { type Home, requireHome } from "../node/home.ts";
import type { RunningNode } from "../node/supervisor.ts";
import { type CommonOptions, homeOf, withCommonOptions } from "./options.ts";

type StartOptions = CommonOptions & { readonly comet?: string; readonly abci?: string; readonly quiet?: boolean };

/** `hanzod start`: runs the node until Ctrl-C or SIGTERM, with CometBFT as a child or beside it. */
export function startCommand(): Command {
  const start = withSettingFlags(withCommonOptions(new Command("start")))
    .description("run the node of a home, CometBFT included, until Ctrl-C")
    .option("--comet <how>", 'path of a CometBFT binary, or "external" when you run it yourself against --abci')
    .option("--abci <address>", "where the application listens for CometBFT: unix:///path or tcp://host:port")
    .option("--quiet", "no line per block")
    .action((options: StartOptions) => startNode(homeOf(options), options, settingFlagsOf(start)));
  return start;
}

async function startNode(home: Home, options: StartOptions, flags: SettingFlags): Promise<void> {
  await requireHome(home);
  const signal = stopSignal();
  const config = readAppConfig(home, { flags });
  const logger = createNodeLogger({
    format: options.json === true ? "json" : config["log-format"],
    levels: levelsOf(config),
    secrets: [process.env["HANZOD_PASSPHRASE"] ?? ""],
    write: (line) => void process.stderr.write(line),
  });
  // Since SIGHUP means reload, a terminal that is gone shows as a stream that cannot be written: then the node stops in order.
  process.stderr.once("error", () => {
    process.stderr.on("error", () => undefined);
    process.emit("SIGTERM", "SIGTERM");
  });
  const reload = (): void => reloadSettings(home, flags, config, logger);
  process.on("SIGHUP", reload);
  try {
    const node = await runNode(home, {
      log: logger.log,
      signal,
      flags,
      ...(options.comet === undefined ? {} : { comet: options.comet }),
      ...(options.abci === undefined ? {} : { abci: options.abci }),
    });
    logger.log("info", describeStart(home, node));
    if (options.quiet !== true) followBlocks(node.endpoints.rpc, (line) => logger.log("info", line), node.exited);
    process.exitCode = (await node.exited).exitCode;
  } finally {
    process.off("SIGHUP", reload);
  }
}

/** Reads app.toml again and applies what a running node can change. A file with a mistake changes nothing. */
function reloadSettings(home: Home, flags: SettingFlags, before: AppConfig, { log, setLevels }: NodeLogger): void {
  try {
    const config = readAppConfig(home, { flags });
    setLevels(levelsOf(config));
    const late = SETTING_KEYS.filter((key) => !settingOf(key).live && JSON.stringify(config[key]) !== JSON.stringify(before[key]));
    log(
      "warn",
      `settings read again; log-level is ${config["log-level"]}${late.length === 0 ? "" : `; at the next start: ${late.join(", ")}`}`,
    );
  } catch (thrown) {
    log("error", `settings stay as they were: ${reasonOf(thrown)}`);
  }
}

/** Levels of the log by part. CONTRACT: the setting's kind has checked the text. */
function levelsOf(config: AppConfig): LogLevels {
  const levels = parseLogLevels(config["log-level"]);
  if (levels === undefined) throw new Error(`checked levels expected, got ${config["log-level"]}`);
  return levels;
}

/** What runs now and, where CometBFT is somebody else's, what to do next and in which order to stop. */
function describeStart(home: Home, { cometBuild, endpoints: { abci, rpc } }: RunningNode): string {
  if (cometBuild !== "external") return `node of ${home.root} runs: RPC ${rpc}, ${describeComet(cometBuild)}. Ctrl-C stops it.`;
  const comet = `cometbft start --home ${home.root} --abci socket --proxy_app ${abci}`;
  return `the application of ${home.root} waits for CometBFT at ${abci}. Next: ${comet}. To stop: CometBFT first, then this with Ctrl-C.`;
}

/** Says which CometBFT runs. */
function describeComet(build: CometBuild | "external"): string {
  return build === "external" ? "CometBFT run by somebody else" : `CometBFT ${wantedRelease().version} (${build} build)`;
}

/** A node log that prints warnings and errors, and what a person wants to know of the rest. */
export function logTo(print: (text: string) => void): NodeLog {
  return (level, text) => {
    // An error of the node says itself that it is one.
    if (level === "warn" || level === "error") print(text.startsWith(`${level} `) ? text : `${level}: ${text}`);
  };
}

import { findBlockTime } from "../../../app/runtime/txIndex.ts";
import { cometBinary } from "../command/cometBinary.ts";
import { readAppConfig } from "../config/appConfig.ts";
import type { SettingFlags } from "../config/resolveSettings.ts";
import type { AppConfig } from "../config/settings.ts";
import type { NodeLog } from "../node/comet.ts";
import { type Home, requireHome } from "../node/home.ts";
import { type OpenedApp, type RunningNode, startNode } from "../node/supervisor.ts";
import { type HaltPoint, haltError, haltingApp, isPastHalt } from "./haltingApp.ts";
import { type OpenedHanzo, openApp } from "./openApp.ts";
import { restStarter } from "./restStarter.ts";

/** How a node is run besides what its home says. */
export interface RunOptions {
  readonly log: NodeLog;
  readonly signal?: AbortSignal;
  /** Path of a binary, or "external". */
  readonly comet?: string;
  readonly abci?: string;
  /** Settings that go before app.toml and variables. */
  readonly flags?: SettingFlags;
}

/** Starts the node of a home with the settings of its app.toml. */
export async function runNode(home: Home, options: RunOptions): Promise<RunningNode> {
  await requireHome(home);
  const config = readAppConfig(home, { flags: options.flags ?? {} });
  const comet = options.comet === "external" ? "external" : { binary: options.comet ?? (await cometBinary()) };
  const shared: { app?: OpenedHanzo } = {};
  const halted = new AbortController();
  return startNode({
    home,
    comet,
    ...(options.abci === undefined ? {} : { abciAddress: options.abci }),
    openApp: async () => {
      const opened = await openApp(home, config, options.log);
      shared.app = opened;
      return haltWhereTold(opened, haltPointOf(config), (height) => {
        options.log("warn", `height ${height} is committed and the node halts, as its settings say`);
        halted.abort();
      });
    },
    apis: config["api.enable"] ? [restStarter(home, config, () => shared.app)] : [],
    log: options.log,
    signal: options.signal === undefined ? halted.signal : AbortSignal.any([options.signal, halted.signal]),
  });
}

function haltPointOf(config: AppConfig): HaltPoint {
  return { height: config["halt-height"], timeSeconds: config["halt-time"] };
}

/** @throws NodeError HZN-HALT when the chain is there already */
async function haltWhereTold(opened: OpenedHanzo, point: HaltPoint, reached: (height: bigint) => void): Promise<OpenedApp> {
  const { app, store } = opened;
  const lastTimeNs = (await findBlockTime(store, app.height)) ?? 0n;
  if (isPastHalt(point, app.height, lastTimeNs)) {
    await opened.close();
    throw haltError(point, app.height);
  }
  return { app: haltingApp(app, point, () => reached(app.height)), close: () => opened.close() };
}

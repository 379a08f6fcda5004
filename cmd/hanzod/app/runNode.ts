import type { Application } from "../../../app/runtime/application.ts";
import { findBlockTime } from "../../../app/runtime/txIndex.ts";
import { within } from "../../../app/threads/within.ts";
import { chosenCometBuild, cometOf } from "../command/cometBinary.ts";
import { readAppConfig } from "../config/appConfig.ts";
import { chainOf } from "../config/chainOf.ts";
import type { SettingFlags } from "../config/resolveSettings.ts";
import type { AppConfig } from "../config/settings.ts";
import type { NodeLog } from "../node/comet.ts";
import type { CometBuild } from "../node/cometBuild.ts";
import { type Home, requireHome } from "../node/home.ts";
import { type RunningNode, startNode } from "../node/supervisor.ts";
import { collectingAfterBlocks } from "./collectAfterBlocks.ts";
import { grpcStarter } from "./grpcStarter.ts";
import { type HaltPoint, haltError, haltingApp, isPastHalt } from "./haltingApp.ts";
import { keepingContent } from "./keepContent.ts";
import { openNodeContent } from "./nodeContent.ts";
import { createNodeWatch } from "./nodeWatch.ts";
import { type OpenedHanzo, openApp, storeRefusal } from "./openApp.ts";
import { type QueryAnswerer, restStarter } from "./restStarter.ts";
import { returningMemory } from "./returnMemory.ts";
import { findOwnSigner, guardSigning } from "./signingGuard.ts";
import { stopAtUpgrades } from "./upgradeStop.ts";

/** Longest wait at a stop for what blocks revealed to be kept, in milliseconds. */
const KEEP_PATIENCE_MS = 5_000;

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
  const { log } = options;
  const config = readAppConfig(home, { flags: options.flags ?? {} });
  const shared: { opened?: OpenedHanzo; answerer?: QueryAnswerer } = {};
  const content = chainOf(config).choice.modules === "hanzo" ? openNodeContent(home, config, log) : undefined;
  const watch = await createNodeWatch(
    home,
    config,
    log,
    () => shared.opened,
    () => content?.facts(),
  );
  const comet =
    options.comet === "external"
      ? "external"
      : { ...(await cometOf(home, options.comet, wantedBuild(config, options))), onStart: () => watch.cometStarted() };
  // A CometBFT that somebody else runs may keep its signer's state elsewhere.
  const signer = comet === "external" ? undefined : await findOwnSigner(home);
  const halted = new AbortController();
  return startNode({
    home,
    comet,
    ...(options.abci === undefined ? {} : { abciAddress: options.abci }),
    openApp: async (fail) => {
      const opened = await openApp(home, config, log, { ...watch.app, refuted: fail });
      const keeping = content === undefined ? undefined : keepingContent(opened.app, content);
      const unhurried = collectingAfterBlocks(returningMemory(watch.observe(keeping?.app ?? opened.app)));
      const observed = stopAtUpgrades(unhurried, home.data.upgradeInfo, log);
      const guarded = signer === undefined ? observed : guardSigning(observed, signer);
      const app = await haltWhereTold(home, opened, haltPointOf(config), guarded, (height) => {
        log("warn", `height ${height} is committed and the node halts, as its settings say`);
        halted.abort();
      });
      shared.opened = opened;
      shared.answerer = {
        app,
        queries: opened.queries === undefined ? undefined : watch.observeThreads(opened.queries),
        get chainId() {
          return opened.app.chainId;
        },
      };
      return {
        app,
        async close() {
          delete shared.opened;
          // What is not kept by then is asked for again after the next start.
          if (keeping !== undefined)
            await within(keeping.settled(), KEEP_PATIENCE_MS, "the keeping of content").catch((error: unknown) =>
              log("warn", String(error)),
            );
          await opened.close();
        },
      };
    },
    apis: [
      ...watch.servers,
      ...(config["api.enable"] ? [restStarter(home, config, () => shared.answerer, watch.pages, content?.blobs)] : []),
      ...(config["grpc.enable"] ? [grpcStarter(config, () => shared.answerer)] : []),
    ],
    log,
    signal: options.signal === undefined ? halted.signal : AbortSignal.any([options.signal, halted.signal]),
  });
}

/** The build that a flag, else `COMETBFT_BUILD`, else app.toml names; none where `COMETBFT_BIN` names the binary itself. */
function wantedBuild(config: AppConfig, { flags }: RunOptions): CometBuild | undefined {
  if (flags?.["comet-build"] !== undefined) return config["comet-build"];
  return chosenCometBuild() ?? ((process.env["COMETBFT_BIN"] ?? "") === "" ? config["comet-build"] : undefined);
}

function haltPointOf(config: AppConfig): HaltPoint {
  return { height: config["halt-height"], timeSeconds: config["halt-time"] };
}

/** @throws NodeError HZN-HALT when the chain is there already, HZN-STORE when the store does not say */
async function haltWhereTold(
  home: Home,
  { app: { height }, store, close }: OpenedHanzo,
  point: HaltPoint,
  app: Application,
  reached: (height: bigint) => void,
): Promise<Application> {
  try {
    if (isPastHalt(point, height, (await findBlockTime(store, height)) ?? 0n)) throw haltError(point, height);
  } catch (thrown) {
    await close();
    throw storeRefusal(home.data.app, thrown);
  }
  return haltingApp(app, point, reached);
}

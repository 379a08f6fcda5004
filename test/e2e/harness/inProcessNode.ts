import { openApp } from "../../../cmd/hanzod/app/openApp.ts";
import { restStarter } from "../../../cmd/hanzod/app/restStarter.ts";
import { cometBinary } from "../../../cmd/hanzod/command/cometBinary.ts";
import { readAppConfig } from "../../../cmd/hanzod/config/appConfig.ts";
import { type RunningNode, startNode } from "../../../cmd/hanzod/node/supervisor.ts";
import { GrammarChecker } from "../../harness/abciGrammar.ts";
import type { ChainHome } from "./chainHome.ts";

/** A node in this process, watched. */
export interface InProcessNode {
  readonly node: RunningNode;
  readonly grammar: GrammarChecker;
  /** The state machine, for looking at state and invariants from the inside. */
  readonly app: Awaited<ReturnType<typeof openApp>>["app"];
  /** Every warning and error that the node logged. */
  readonly log: readonly string[];
}

/**
 * Starts the node of a home inside the test, with CometBFT as a child and the grammar checker on the ABCI connections.
 * @param abciAddress `tcp://…`; the home's unix socket when left out
 */
export async function startInProcess({ home }: ChainHome, abciAddress?: string): Promise<InProcessNode> {
  const config = readAppConfig(home);
  const grammar = new GrammarChecker();
  const log: string[] = [];
  const found: { opened?: Awaited<ReturnType<typeof openApp>> } = {};
  const note = (level: string, text: string): void => {
    if (level !== "info") log.push(`${level}: ${text}`);
  };
  const node = await startNode({
    home,
    comet: { binary: await cometBinary() },
    openApp: async () => {
      found.opened = await openApp(home, config, note);
      return found.opened;
    },
    apis: [restStarter(home, config, () => found.opened && { ...found.opened, chainId: found.opened.app.chainId })],
    ...(abciAddress === undefined ? {} : { abciAddress }),
    observer: grammar,
    log: note,
  });
  if (found.opened === undefined) throw new Error("the application was not opened");
  return { node, grammar, app: found.opened.app, log };
}

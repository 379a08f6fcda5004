import { Command } from "commander";
import { stopSignal } from "../../shared/stopSignal.ts";
import { runNode } from "../app/runNode.ts";
import { settingFlagsOf, withSettingFlags } from "../config/settingFlags.ts";
import { followBlocks } from "../job/followBlocks.ts";
import type { NodeLog } from "../node/comet.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "./options.ts";

/** `hanzod start`: runs the node until Ctrl-C or SIGTERM, with CometBFT as a child or beside it. */
export function startCommand(): Command {
  const start = withSettingFlags(withCommonOptions(new Command("start")))
    .description("run the node of a home, CometBFT included, until Ctrl-C")
    .option("--comet <how>", 'path of a CometBFT binary, or "external" when you run it yourself against --abci')
    .option("--abci <address>", "where the application listens for CometBFT: unix:///path or tcp://host:port")
    .option("--quiet", "no line per block")
    .action(async (options: CommonOptions & { comet?: string; abci?: string; quiet?: boolean }) => {
      const home = homeOf(options);
      const output = outputOf(options);
      const node = await runNode(home, {
        log: logTo(output.note),
        signal: stopSignal(),
        flags: settingFlagsOf(start),
        ...(options.comet === undefined ? {} : { comet: options.comet }),
        ...(options.abci === undefined ? {} : { abci: options.abci }),
      });
      output.note(`node of ${home.root} runs: RPC ${node.endpoints.rpc}. Ctrl-C stops it.`);
      if (options.quiet !== true) followBlocks(node.endpoints.rpc, output.note, node.exited);
      process.exitCode = (await node.exited).exitCode;
    });
  return start;
}

/** A node log that prints warnings and errors, and what a person wants to know of the rest. */
export function logTo(print: (text: string) => void): NodeLog {
  return (level, text) => {
    // An error of the node says itself that it is one.
    if (level !== "info") print(text.startsWith(`${level} `) ? text : `${level}: ${text}`);
  };
}

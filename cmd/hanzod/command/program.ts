import { Command } from "commander";
import { hanzoVersion } from "../../../app/hanzo.ts";
import { chainInfoCommand } from "./chainInfo.ts";
import { cometCommand } from "./comet.ts";
import { completionCommand, completionValuesCommand } from "./completion.ts";
import { configCommand } from "./config.ts";
import { demoCommand } from "./demo.ts";
import { devCommand } from "./dev.ts";
import { doctorCommand } from "./doctor.ts";
import { exportCommand } from "./export.ts";
import { genesisCommand } from "./genesis.ts";
import { hmmCommand } from "./hmm.ts";
import { initCommand } from "./init.ts";
import { keysCommand } from "./keys.ts";
import { localnetCommand } from "./localnet.ts";
import { queryCommand } from "./query.ts";
import { selftestCommand } from "./selftest.ts";
import { simCommand } from "./sim.ts";
import { startCommand } from "./start.ts";
import { statusCommand } from "./status.ts";
import { testnetCommand } from "./testnet.ts";
import { txCommand } from "./tx.ts";
import { versionCommand } from "./version.ts";

/** The whole command tree; completion and documentation are read off it. */
export function createProgram(): Command {
  const program = new Command("hanzod")
    .description("Node and wallet of the Hanzo Network.")
    .version(hanzoVersion.version, "--version", "print the version of this build")
    .showHelpAfterError()
    .addHelpText(
      "after",
      "\nFirst steps:\n  hanzod init --local      make a local chain\n  hanzod start             run it\n  hanzod hmm pools         look at the market",
    );
  program.addCommand(initCommand());
  program.addCommand(startCommand());
  program.addCommand(devCommand());
  program.addCommand(localnetCommand());
  program.addCommand(demoCommand());
  program.addCommand(testnetCommand());
  program.addCommand(configCommand());
  program.addCommand(doctorCommand());
  program.addCommand(genesisCommand());
  program.addCommand(exportCommand());
  program.addCommand(cometCommand());
  program.addCommand(keysCommand());
  program.addCommand(txCommand());
  program.addCommand(queryCommand());
  program.addCommand(hmmCommand());
  program.addCommand(statusCommand());
  program.addCommand(chainInfoCommand());
  program.addCommand(selftestCommand());
  program.addCommand(simCommand());
  program.addCommand(versionCommand());
  program.addCommand(completionCommand(program));
  program.addCommand(completionValuesCommand(), { hidden: true });
  return program;
}

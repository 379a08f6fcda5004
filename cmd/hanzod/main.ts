#!/usr/bin/env -S node --max-semi-space-size=64
import { Command, CommanderError } from "commander";
import { AbciAddressError } from "../../app/abci/address.ts";
import { hanzoVersion } from "../../app/hanzo.ts";
import { CliError, reasonOf } from "../shared/cliError.ts";
import { toJson } from "../shared/output.ts";
import { chainInfoCommand } from "./command/chainInfo.ts";
import { cometCommand } from "./command/comet.ts";
import { completionCommand, completionValuesCommand } from "./command/completion.ts";
import { configCommand } from "./command/config.ts";
import { demoCommand } from "./command/demo.ts";
import { devCommand } from "./command/dev.ts";
import { doctorCommand } from "./command/doctor.ts";
import { exportCommand } from "./command/export.ts";
import { genesisCommand } from "./command/genesis.ts";
import { hmmCommand } from "./command/hmm.ts";
import { initCommand } from "./command/init.ts";
import { keysCommand } from "./command/keys.ts";
import { localnetCommand } from "./command/localnet.ts";
import { queryCommand } from "./command/query.ts";
import { selftestCommand } from "./command/selftest.ts";
import { simCommand } from "./command/sim.ts";
import { startCommand } from "./command/start.ts";
import { statusCommand } from "./command/status.ts";
import { testnetCommand } from "./command/testnet.ts";
import { txCommand } from "./command/tx.ts";
import { versionCommand } from "./command/version.ts";
import { EXIT, NodeError } from "./node/nodeError.ts";

/** The whole command tree; completion and documentation are read off it. */
function createProgram(): Command {
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
  catchUsageErrors(program, process.argv.includes("--json"));
  return program;
}

function report(thrown: unknown): number {
  const json = process.argv.includes("--json");
  if (thrown instanceof CommanderError) {
    // Help and version are no errors; of an error the text is written by commander already, unless it was to be JSON.
    if (json && thrown.exitCode !== 0) process.stderr.write(`${toJson(usageError(thrown))}\n`);
    return thrown.exitCode;
  }
  if (thrown instanceof NodeError) {
    process.stderr.write(json ? `${toJson({ error: thrown.message, code: thrown.code, next: thrown.next })}\n` : `${thrown.format()}\n`);
    return thrown.exitCode;
  }
  const failure = thrown instanceof AbciAddressError ? unusableAddress(thrown) : thrown;
  if (failure instanceof CliError) {
    const { message, why, next } = failure;
    const lines = [`error: ${message}`, ...(why === "" ? [] : [`  why:  ${why}`]), ...(next === "" ? [] : [`  next: ${next}`])];
    process.stderr.write(json ? `${toJson({ error: message, ...failure.refusal, why, next })}\n` : `${lines.join("\n")}\n`);
    return failure.exitCode;
  }
  process.stderr.write(`error: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : reasonOf(thrown)}\n`);
  return 1;
}

/** A mistake on the command line in the form of all other errors: the words are checked like a message, so the code is that of a bad request. */
function usageError({ message, code }: CommanderError): object {
  // Of a group of commands without a word behind it commander shows the help, and says so.
  const error = code === "commander.help" ? "a command is expected, got none" : message.replace(/^error: /, "");
  return { error, codespace: "sdk", code: 18, why: code, next: "hanzod … --help tells what the command takes" };
}

/** Errors of commander come back here from every command; under `--json` its own words stay away. */
function catchUsageErrors(command: Command, json: boolean): void {
  command.exitOverride();
  if (json) command.configureOutput({ outputError: () => undefined, writeErr: () => undefined }).showHelpAfterError(false);
  for (const child of command.commands) catchUsageErrors(child, json);
}

/** `--abci` names something that cannot be listened on: a mistake of the caller, not a defect. */
function unusableAddress(cause: AbciAddressError): CliError {
  return new CliError("the application cannot listen for CometBFT", {
    why: cause.message,
    next: "hanzod start --abci unix:///path/to.sock or --abci tcp://host:port; without --abci the home's own socket is used",
    exitCode: EXIT.config,
    cause,
  });
}

// Whoever reads the output may have seen enough (`hanzod … | head`): what runs is stopped in order, as by SIGTERM.
process.stdout.once("error", (error: NodeJS.ErrnoException) => {
  process.stdout.on("error", () => undefined);
  if (!process.emit("SIGTERM", "SIGTERM")) process.exit(error.code === "EPIPE" ? 0 : 1);
});

try {
  await createProgram().parseAsync();
} catch (thrown) {
  process.exitCode = report(thrown);
}

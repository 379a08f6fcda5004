// The command line: words in, a command run, its errors told.
import { type Command, CommanderError } from "commander";
import { AbciAddressError } from "../../app/abci/address.ts";
import { isAnythingLeft } from "../../app/threads/within.ts";
import { CliError, reasonOf } from "../shared/cliError.ts";
import { endProcess } from "../shared/endProcess.ts";
import { toJson } from "../shared/output.ts";
import { createProgram } from "./command/program.ts";
import { translateSdkSpellings } from "./command/sdkSpellings.ts";
import { EXIT, NodeError } from "./node/nodeError.ts";

/** The help of the command that was written wrong. */
let help = "hanzod --help";

function report(thrown: unknown, json: boolean): number {
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
  return { error, codespace: "sdk", code: 18, why: code, next: help };
}

/** Errors of commander come back here from every command, and name the help that is worth reading; under `--json` its own words stay away. */
function catchUsageErrors(command: Command, json: boolean, path = command.name()): void {
  command.exitOverride();
  const noteHelp = (): void => {
    help = `${path} --help`;
  };
  if (json) command.configureOutput({ outputError: noteHelp, writeErr: noteHelp }).showHelpAfterError(false);
  else command.showHelpAfterError(`  next: ${path} --help`);
  for (const child of command.commands) catchUsageErrors(child, json, `${path} ${child.name()}`);
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

/** Whoever reads the output may have seen enough (`hanzod … | head`): what runs is stopped in order, as by SIGTERM. */
function stopWithoutReader(): void {
  process.stdout.once("error", (error: NodeJS.ErrnoException) => {
    process.stdout.on("error", () => undefined);
    if (!process.emit("SIGTERM", "SIGTERM")) process.exit(error.code === "EPIPE" ? 0 : 1);
  });
}

/** Runs the command that the words of the command line name, to its end; its exit code becomes the process's. Never rejects. */
export async function run(line: readonly string[] = process.argv.slice(2)): Promise<void> {
  stopWithoutReader();
  const words = translateSdkSpellings([...line]);
  const json = words.includes("--json");
  try {
    const program = await createProgram(words);
    catchUsageErrors(program, json);
    await program.parseAsync(words, { from: "user" });
  } catch (thrown) {
    process.exitCode = report(thrown, json);
  }
  if (isAnythingLeft()) endProcess();
}

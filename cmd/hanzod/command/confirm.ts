import { createInterface } from "node:readline/promises";
import { CliError } from "../../shared/cliError.ts";

/** Asks at the terminal, on standard error. @throws CliError when the answer is no, or there is no terminal to ask at */
export async function confirm(what: string): Promise<void> {
  if (!process.stdin.isTTY) throw new CliError(`${what}: not confirmed`, { why: "there is no terminal to ask at", next: "add --yes" });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${what}? [y/N] `);
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new CliError(`${what}: not confirmed`, { why: "the answer was not yes" });
  } finally {
    terminal.close();
  }
}

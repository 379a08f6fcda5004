import { Argument, Command } from "commander";
import { completionScript, SHELLS, type Shell } from "../completion/completionScript.ts";
import { readWordTree } from "../completion/wordTree.ts";

/** `hanzod completion bash|zsh|fish`. @param program the whole command tree, read when the command runs */
export function completionCommand(program: Command): Command {
  return new Command("completion")
    .description("print a completion script: `source <(hanzod completion bash)`, or `hanzod completion fish | source`")
    .addArgument(new Argument("<shell>", "bash, zsh or fish").choices(SHELLS))
    .action((shell: Shell) => void process.stdout.write(completionScript(shell, program.name(), readWordTree(program))));
}

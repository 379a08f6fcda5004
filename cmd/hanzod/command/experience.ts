import { Command } from "commander";
import { aggregateCommand } from "../experience/aggregateCommand.ts";
import { exportCommand, fetchCommand, importCommand } from "../experience/contentCommands.ts";
import { diffCommand } from "../experience/diffCommand.ts";
import { packCommand } from "../experience/packCommand.ts";
import { slashCommand } from "../experience/slashCommand.ts";
import { statusCommand } from "../experience/statusCommand.ts";
import { revealCommand, submitCommand } from "../experience/submitCommands.ts";
import { verifyCommand } from "../experience/verifyCommand.ts";
import { voteCommand } from "../experience/voteCommand.ts";

/** `hanzod experience …`: shared learning for people. Every message and query is under `tx experience` and `q experience`, too. */
export function experienceCommand(): Command {
  const experience = new Command("experience").description(
    "shared learning: pack priors, submit and reveal them, vote, recompute, keep what was revealed",
  );
  const commands = [
    statusCommand(),
    packCommand(),
    submitCommand(),
    revealCommand(),
    verifyCommand(),
    voteCommand(),
    slashCommand(),
    aggregateCommand(),
    diffCommand(),
    fetchCommand(),
    exportCommand(),
    importCommand(),
  ];
  for (const command of commands) experience.addCommand(command);
  return experience;
}

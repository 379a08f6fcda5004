import { Command } from "commander";

/** `hanzod dev`. */
export function devCommand(): Command {
  return new Command("dev");
}

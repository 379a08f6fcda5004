import { Command } from "commander";

/** `hanzod testnet`. */
export function testnetCommand(): Command {
  return new Command("testnet");
}

// Which chain the words of a command are about. A process runs one command, and a command has one home.
import { existsSync } from "node:fs";
import type { ChainProfile } from "../../../app/chainProfile.ts";
import { CHAIN } from "../../../app/hanzo.ts";
import type { ChainConfig } from "../../../app/sdk/index.ts";
import type { Home } from "../node/home.ts";

let profile: ChainProfile | undefined;

/** Prefix, denomination and power reduction that a command reads and prints: those of its home's chain, Hanzo Network's without one. */
export const commandChain = (): ChainConfig => profile?.choice.config ?? CHAIN;

/** Everything about that chain; undefined where there is no home. */
export const commandProfile = (): ChainProfile | undefined => profile;

/** Makes a command speak of the chain of a home. Called once, before the command runs. @param home need not exist */
export async function speakOf(home: Home): Promise<void> {
  if (!existsSync(home.config.app)) return;
  // Loaded only where there is a home: settings know all modules.
  const { chainOfHome } = await import("./chainOf.ts");
  profile = chainOfHome(home);
}

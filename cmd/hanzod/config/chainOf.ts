import { existsSync } from "node:fs";
import { type ChainProfile, chainProfile } from "../../../app/chainProfile.ts";
import { CHAIN } from "../../../app/hanzo.ts";
import type { Home } from "../node/home.ts";
import { resolveAppConfig } from "./appConfig.ts";
import type { AppConfig } from "./settings.ts";

/** The chain that a node's settings are for. */
export function chainOf(config: AppConfig): ChainProfile {
  return chainProfile({
    modules: config["chain.modules"],
    config: {
      ...CHAIN,
      bech32Prefix: config["chain.bech32-prefix"],
      baseDenom: config["chain.base-denom"],
      powerReduction: BigInt(config["chain.power-reduction"]),
    },
  });
}

/** The chain of a home; Hanzo Network where there is none yet. Mistakes in its settings are told where all of them are read. */
export function chainOfHome(home: Home): ChainProfile {
  return existsSync(home.config.app) ? chainOf(resolveAppConfig(home).config) : chainProfile();
}

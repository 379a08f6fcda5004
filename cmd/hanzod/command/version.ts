import { Command } from "commander";
import { hanzoVersion } from "../../../app/hanzo.ts";
import { DEFAULT_COMET_BUILD } from "../node/cometBuild.ts";
import { wantedRelease } from "../node/cometRelease.ts";
import { chosenCometBuild } from "./cometBinary.ts";
import { type CommonOptions, outputOf } from "./options.ts";

/** `hanzod version`. */
export function versionCommand(): Command {
  return new Command("version")
    .description("versions of this build and of what it needs")
    .option("--json", "print the result as JSON")
    .action((options: CommonOptions) => {
      const versions = {
        hanzod: hanzoVersion.version,
        cometbft: wantedRelease().version,
        cometbftBuild: chosenCometBuild() ?? DEFAULT_COMET_BUILD,
        abci: "2.0.0",
        node: process.version,
      };
      outputOf(options).result(
        versions,
        Object.entries(versions)
          .map(([name, version]) => `${name.padEnd(13)} ${version}`)
          .join("\n"),
      );
    });
}

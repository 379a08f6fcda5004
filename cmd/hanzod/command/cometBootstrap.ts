import { Command } from "commander";
import { toHex } from "../../../app/encoding/bytes.ts";
import { CliError } from "../../shared/cliError.ts";
import type { CometBuild } from "../node/cometBuild.ts";
import { getCometSetting } from "../node/cometConfig.ts";
import type { Home } from "../node/home.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "./options.ts";
import { withStoppedStore } from "./stoppedStore.ts";

/** Runs a command of CometBFT on a home. */
type RunComet = (home: Home, name: string, words: readonly string[], build: CometBuild) => Promise<void>;

/** `hanzod comet bootstrap-state`: CometBFT's released program has no such command; this repository's build of it has. */
export function bootstrapStateCommand(runComet: RunComet): Command {
  return withCommonOptions(new Command("bootstrap-state"))
    .description("begin CometBFT's data with the state that the store has, proven by a light client, without the blocks before it")
    .action(async (options: CommonOptions) => {
      const home = homeOf(options);
      const output = outputOf(options);
      const { height, appHash } = await withStoppedStore(home, async (store) => {
        if (store.version === 0n)
          throw new CliError(`${home.root} has no state`, {
            why: "CometBFT begins with the store's",
            next: "hanzod snapshots restore HEIGHT",
          });
        if ((await getCometSetting(home, "statesync.rpc_servers")) === "")
          throw new CliError("nobody is named whom the light client may ask", {
            why: "[statesync] of config.toml has no rpc_servers",
            next: `hanzod statesync enable --rpc http://a.example:26657,http://b.example:26657 --home ${home.root}`,
          });
        const at = { height: store.version, appHash: toHex(store.appHash) };
        output.note(`asking for the header of height ${at.height}, which must lead to app hash ${at.appHash}`);
        await runComet(home, "bootstrap-state", ["--height", String(at.height), "--app-hash", at.appHash], "hanzo");
        return at;
      });
      const next = `hanzod start --home ${home.root}`;
      output.result(
        { height: height.toString(), app_hash: appHash, next },
        `CometBFT begins behind height ${height}, whose app hash ${appHash} is the chain's\nnext: ${next}`,
      );
    });
}

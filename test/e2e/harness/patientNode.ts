import { readFile, writeFile } from "node:fs/promises";
import { readAppConfig, writeAppConfig } from "../../../cmd/hanzod/config/appConfig.ts";
import type { Home } from "../../../cmd/hanzod/node/home.ts";
import { editToml } from "../../../cmd/hanzod/node/tomlEdit.ts";

/** Lets the queries of a node take a minute: on a machine that is starved five seconds pass before a thread has its turn. */
export async function makePatient(home: Home): Promise<void> {
  writeAppConfig(home, { ...readAppConfig(home), "query-deadline-ms": 60_000 });
  // CometBFT ends a connection whose answer takes longer than this.
  const settings = new Map([["rpc.timeout_broadcast_tx_commit", "60s"]]);
  await writeFile(home.config.comet, editToml(await readFile(home.config.comet, "utf8"), settings));
}

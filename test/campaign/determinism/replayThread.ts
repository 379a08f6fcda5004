// The file of the query threads beside a replay: the seeded chain's state machine.

import { descriptors } from "../../../app/descriptorImage.ts";
import { createHanzoApp } from "../../../app/hanzo.ts";
import { serveQueries } from "../../../app/threads/queryThread.ts";
import { seededConfig } from "./seededChain.ts";

/** Where this file is. */
export const REPLAY_THREAD_FILE = new URL(import.meta.url);

await serveQueries(async ({ store, log }) => ({
  app: await createHanzoApp({ store, minGasPrices: "", chain: await seededConfig(), log }),
  descriptors: descriptors(),
}));

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { after, describe, it } from "node:test";
import { openApp } from "../../../cmd/hanzod/app/openApp.ts";
import { readAppConfig } from "../../../cmd/hanzod/config/appConfig.ts";
import { GetTxsEventRequest } from "../../../proto/gen/cosmos/tx/v1beta1/service.ts";
import { RequestQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { type ChainHome, createChainHome } from "../../e2e/harness/chainHome.ts";

const homes: ChainHome[] = [];
after(() => Promise.all(homes.map((home) => home.remove())));

const search = RequestQuery.fromPartial({
  path: "/cosmos.tx.v1beta1.Service/GetTxsEvent",
  data: GetTxsEventRequest.encode(GetTxsEventRequest.fromPartial({ query: "transfer.recipient='nobody'" })).finish(),
});

/** An application opened with this app.toml: its answer to a search by an event, and the threads that it started. */
async function openedWith(appToml: string): Promise<{ readonly log: string; readonly workers: readonly string[] }> {
  const chain = await createChainHome();
  homes.push(chain);
  await writeFile(chain.home.config.app, appToml);
  const workers: string[] = [];
  const config = readAppConfig(chain.home, { environment: {} });
  const opened = await openApp(chain.home, config, () => undefined, { workerStarted: (worker) => void workers.push(worker) });
  try {
    return { log: (await opened.app.query(search)).log, workers };
  } finally {
    await opened.close();
  }
}

describe("an application opened with the settings of a home", () => {
  for (const [name, appToml, searched, workers] of [
    ["one query thread and one for signatures", "", true, ["signature", "query"]],
    ["three query threads", "query-workers = 3\nsignature-worker = false", true, ["query", "query", "query"]],
    ["no threads", "query-workers = 0\nsignature-worker = false", true, []],
    ["no index of events, with a thread", "signature-worker = false\n[tx-index]\nevents = false", false, ["query"]],
    ["no index of events, without", "query-workers = 0\nsignature-worker = false\n[tx-index]\nevents = false", false, []],
  ] as const)
    it(`has ${name}`, async () => {
      const opened = await openedWith(appToml);
      assert.deepEqual(opened.workers, workers);
      // Without an index of its own the engine is asked, which does not run here.
      if (searched) assert.equal(opened.log, "");
      else assert.match(opened.log, /code = Unavailable/);
    });
});

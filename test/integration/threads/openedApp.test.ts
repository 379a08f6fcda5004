import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { after, describe, it } from "node:test";
import { openApp } from "../../../cmd/hanzod/app/openApp.ts";
import { readAppConfig } from "../../../cmd/hanzod/config/appConfig.ts";
import { ConfigResponse } from "../../../proto/gen/cosmos/base/node/v1beta1/query.ts";
import { GetTxsEventRequest } from "../../../proto/gen/cosmos/tx/v1beta1/service.ts";
import { RequestQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { type ChainHome, createChainHome } from "../../e2e/harness/chainHome.ts";

const homes: ChainHome[] = [];
after(() => Promise.all(homes.map((home) => home.remove())));

const search = RequestQuery.fromPartial({
  path: "/cosmos.tx.v1beta1.Service/GetTxsEvent",
  data: GetTxsEventRequest.encode(GetTxsEventRequest.fromPartial({ query: "transfer.recipient='nobody'" })).finish(),
});

/** What an application that was opened with some app.toml shows. */
interface Opened {
  /** Of its answer to a search by an event, asked four times at once. */
  readonly log: string;
  /** Threads that it started. */
  readonly workers: readonly string[];
  readonly config: ConfigResponse;
}

async function openedWith(appToml: string): Promise<Opened> {
  const chain = await createChainHome();
  homes.push(chain);
  await writeFile(chain.home.config.app, appToml);
  const workers: string[] = [];
  const config = readAppConfig(chain.home, { environment: {} });
  const opened = await openApp(chain.home, config, () => undefined, { workerStarted: (worker) => void workers.push(worker) });
  try {
    const { value } = await opened.app.query(RequestQuery.fromPartial({ path: "/cosmos.base.node.v1beta1.Service/Config" }));
    const [found] = await Promise.all(Array.from({ length: 4 }, () => opened.app.query(search)));
    return { log: found?.log ?? "", workers, config: ConfigResponse.decode(value) };
  } finally {
    await opened.close();
  }
}

for (const [name, appToml, expected] of [
  ["by default", "", ["128", "1", 0n]],
  ["with pruning = default", 'pruning = "default"\nhalt-height = 9', ["128", "1", 9n]],
  ["with pruning = everything", 'pruning = "everything"\nquery-workers = 0', ["2", "1", 0n]],
  ["with pruning = custom", "pruning-keep-recent = 7\nhalt-height = 12", ["7", "1", 12n]],
] as const)
  it(`the node's configuration as queries show it is that of app.toml ${name}`, async () => {
    const { config } = await openedWith(appToml);
    assert.deepEqual([config.pruningKeepRecent, config.pruningInterval, config.haltHeight], expected);
  });

describe("an application opened with the settings of a home", () => {
  for (const [name, appToml, searched, workers] of [
    ["one query thread, and none for signatures before there are any", "", true, ["query"]],
    ["as many query threads as queries, three at most", "query-workers = 3\nsignature-worker = false", true, ["query", "query", "query"]],
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

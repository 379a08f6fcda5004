import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { after, test } from "node:test";
import { toHex } from "../../../app/encoding/bytes.ts";
import { type OpenedHanzo, openApp } from "../../../cmd/hanzod/app/openApp.ts";
import { readAppConfig } from "../../../cmd/hanzod/config/appConfig.ts";
import { type GenesisDocument, initChainRequest } from "../../../cmd/hanzod/genesis/initChainRequest.ts";
import type { Home } from "../../../cmd/hanzod/node/home.ts";
import { RequestFinalizeBlock, RequestQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { type ChainHome, createChainHome } from "../../e2e/harness/chainHome.ts";

const homes: ChainHome[] = [];
after(() => Promise.all(homes.map((home) => home.remove())));

/** A home whose genesis file begins at the given height. */
async function homeAt(initialHeight: string): Promise<{ readonly home: Home; readonly genesis: GenesisDocument }> {
  const chain = await createChainHome();
  homes.push(chain);
  const { home } = chain;
  const genesis = { ...(JSON.parse(await readFile(home.config.genesis, "utf8")) as GenesisDocument), initial_height: initialHeight };
  await writeFile(home.config.genesis, JSON.stringify(genesis));
  return { home, genesis };
}

const open = (home: Home): Promise<OpenedHanzo> => openApp(home, readAppConfig(home), () => undefined);

test("a chain begins at the height of its genesis file, and goes on from there when its node starts again", async () => {
  const { home, genesis } = await homeAt("7");
  const first = await open(home);
  first.app.initChain(initChainRequest(genesis));
  await assert.rejects(async () => first.app.finalizeBlock(RequestFinalizeBlock.fromPartial({ height: 1n })), /block 7 expected, got 1/);
  const { appHash } = await first.app.finalizeBlock(RequestFinalizeBlock.fromPartial({ height: 7n }));
  await first.app.commit();
  const { code, height } = await first.app.query(RequestQuery.fromPartial({ path: "/cosmos.bank.v1beta1.Query/Params" }));
  assert.deepEqual([code, height], [0, 7n]);
  await first.close();

  const second = await open(home);
  const info = second.app.info({} as never);
  assert.deepEqual([info.lastBlockHeight, toHex(info.lastBlockAppHash)], [7n, toHex(appHash)]);
  await second.app.finalizeBlock(RequestFinalizeBlock.fromPartial({ height: 8n }));
  await second.app.commit();
  assert.equal(second.app.height, 8n);
  await second.close();
});

test("a genesis file with a height that is none is refused before the store is made, and may be mended", async () => {
  for (const wrong of ["0", "-3", "seven", "07"]) {
    const { home, genesis } = await homeAt(wrong);
    await assert.rejects(open(home), /initial_height: a height from 1 on in quotes expected/);
    assert.equal(existsSync(home.data.app), false);
    if (wrong !== "seven") continue;
    await writeFile(home.config.genesis, JSON.stringify({ ...genesis, initial_height: "3" }));
    const opened = await open(home);
    opened.app.initChain(initChainRequest({ ...genesis, initial_height: "3" }));
    await opened.app.finalizeBlock(RequestFinalizeBlock.fromPartial({ height: 3n }));
    await opened.close();
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DevBlock } from "../../../cmd/hanzod/dev/devBlock.ts";
import { devRpcMethods } from "../../../cmd/hanzod/dev/devRpcMethods.ts";
import { type OpenDevChain, openDevChain } from "../../../cmd/hanzod/dev/openDevChain.ts";
import { createRpcParams } from "../../../cmd/hanzod/dev/rpcParams.ts";

async function open(blocks: DevBlock[] = []): Promise<OpenDevChain> {
  return openDevChain({
    chainId: "dev-1",
    onBlock: (block) => void blocks.push(block),
    onFatal: (error) => {
      throw error;
    },
  });
}

test("blocks follow each other with rising times, linked headers and the state of the block before", async () => {
  const { chain, close } = await open();
  const first = await chain.makeBlock();
  const second = await chain.makeBlock();
  assert.deepEqual([first.header.height, second.header.height], [1n, 2n]);
  assert.deepEqual(second.header.lastBlockId, first.blockId);
  assert.deepEqual(second.header.appHash, first.response.appHash);
  const nanos = ({ header }: DevBlock): bigint => (header.time?.seconds ?? 0n) * 1_000_000_000n + BigInt(header.time?.nanos ?? 0);
  assert.ok(nanos(second) > nanos(first));
  await close();
});

test("a transaction that fails its checks is refused and makes no block", async () => {
  const blocks: DevBlock[] = [];
  const { chain, close } = await open(blocks);
  await chain.makeBlock();
  const { code, codespace } = await chain.submit(new Uint8Array([1, 2, 3]));
  assert.deepEqual([codespace, code], ["sdk", 2]);
  await new Promise((wake) => setTimeout(wake, 30));
  assert.equal(blocks.length, 1);
  await close();
});

test("the RPC refuses heights and hashes that are not there in CometBFT's words", async () => {
  const { chain, close } = await open();
  await chain.makeBlock();
  const { block, tx, tx_search: search } = devRpcMethods(chain);
  assert.ok(block !== undefined && tx !== undefined && search !== undefined);
  await assert.rejects(block(createRpcParams({ height: "9" })), /height 9 must be less than or equal to the current blockchain height 1/);
  await assert.rejects(tx(createRpcParams({ hash: Buffer.alloc(32).toString("base64") })), /not found/);
  assert.deepEqual(await search(createRpcParams({ query: `tx.hash='${"0".repeat(64)}'` })), { txs: [], total_count: "0" });
  await close();
});

test("parameters come from JSON and from URLs, and nonsense is refused by name", () => {
  const url = createRpcParams({ path: '"/app/version"', data: "0x0a", height: '"5"', prove: "true" });
  assert.deepEqual([url.text("path"), [...url.hex("data")], url.height(), url.flag("prove")], ["/app/version", [10], 5n, true]);
  const absent = createRpcParams({ height: "0" });
  assert.deepEqual([absent.height(), absent.text("path"), absent.integer("page")], [undefined, "", undefined]);
  assert.throws(() => createRpcParams({ height: "-1" }).height(), /parameter height: a whole number/);
  assert.throws(() => createRpcParams({ tx: "%%" }).bytes("tx"), /parameter tx: base64/);
  assert.throws(() => createRpcParams({ path: {} }).text("path"), /parameter path: a text/);
  assert.equal(createRpcParams(JSON.parse('{"__proto__": {"path": "x"}}') as Record<string, unknown>).text("path"), "");
});

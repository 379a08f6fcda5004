import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { DevBlock } from "../../../cmd/hanzod/dev/devBlock.ts";
import { devRpcMethods, type RpcMethod } from "../../../cmd/hanzod/dev/devRpcMethods.ts";
import { searchBlocks } from "../../../cmd/hanzod/dev/devSearch.ts";
import { type OpenDevChain, openDevChain } from "../../../cmd/hanzod/dev/openDevChain.ts";
import { createRpcParams } from "../../../cmd/hanzod/dev/rpcParams.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { Header } from "../../../proto/gen/tendermint/types/types.ts";
import { type TestAccount, testAccounts } from "../../harness/accounts.ts";
import { message, signTx } from "../../harness/signTx.ts";

interface Found {
  readonly txs: readonly { readonly height: string }[];
  readonly total_count: string;
}

const TRANSFERS = 5;
let opened: OpenDevChain;
let accounts: readonly TestAccount[];
let search: (params: Readonly<Record<string, unknown>>) => Promise<Found>;

/** One transfer per block, from the first account to the second and third by turns. */
before(async () => {
  opened = await openDevChain({
    chainId: "dev-1",
    blockTimeMs: 1_000_000,
    onBlock: () => undefined,
    onFatal: (error) => {
      throw error;
    },
  });
  const { chain } = opened;
  await chain.makeBlock();
  accounts = await testAccounts(3, "hanzo");
  const [from, ...others] = accounts;
  assert.ok(from);
  for (let sequence = 0; sequence < TRANSFERS; sequence++) {
    const to = others[sequence % others.length];
    assert.ok(to);
    const send = { fromAddress: from.address, toAddress: to.address, amount: [{ denom: "aai", amount: String(10 + sequence) }] };
    const signers = [{ account: from, accountNumber: 0n, sequence: BigInt(sequence) }];
    const tx = await signTx([message(MsgSend, send)], { chainId: "dev-1", signers, fee: [], gas: 400_000n });
    const { code, log } = await chain.submit(tx);
    assert.equal(code, 0, log);
    await chain.makeBlock();
  }
  const method = devRpcMethods(chain)["tx_search"] as RpcMethod;
  search = async (params) => (await method(createRpcParams(params))) as Found;
});
after(() => opened.close());

const heights = ({ txs }: Found): string => txs.map(({ height }) => height).join(" ");

describe("tx_search of a development chain", () => {
  it("knows the whole query language", async () => {
    const [from, second] = accounts;
    const rows: readonly (readonly [query: string, heights: string])[] = [
      [`message.sender='${from?.address}'`, "2 3 4 5 6"],
      [`transfer.recipient='${second?.address}'`, "2 4 6"],
      [`transfer.recipient='${second?.address}' AND transfer.amount='12aai'`, "4"],
      [`transfer.recipient='${second?.address}' AND transfer.amount='11aai'`, ""],
      ["transfer.amount CONTAINS '1' AND tx.height>=3 AND tx.height<5", "3 4"],
      ["transfer.amount EXISTS AND tx.height>4", "5 6"],
      ["tm.event='Tx' AND tx.height=3", "3"],
      ["tx.height='3'", "3"],
      ["tx.height>99", ""],
      ["message.action='/cosmos.bank.v1beta1.MsgSend' AND tx.height<=2", "2"],
    ];
    for (const [query, expected] of rows) assert.equal(heights(await search({ query })), expected, query);
  });

  it("orders and pages as CometBFT does", async () => {
    const query = "tx.height>0";
    assert.deepEqual(await search({ query, per_page: "2", page: "3" }).then((found) => [heights(found), found.total_count]), ["6", "5"]);
    assert.equal(heights(await search({ query, order_by: "desc", per_page: 2 })), "6 5");
    assert.equal(heights(await search({ query, per_page: "0" })), "2 3 4 5 6");
    assert.equal(heights(await search({ query: `"${query}"`, order_by: '"asc"' })), "2 3 4 5 6");
  });

  it("fails as CometBFT does", async () => {
    const query = "tx.height>0";
    await assert.rejects(search({ query, page: "4", per_page: "2" }), { message: "page should be within [1, 3] range, given 4" });
    await assert.rejects(search({ query, page: "0" }), { message: "page should be within [1, 1] range, given 0" });
    await assert.rejects(search({ query: "tx.height>99", page: "-1" }), { message: "page should be within [1, 1] range, given -1" });
    await assert.rejects(search({ query, order_by: "up" }), { message: "expected order_by to be either `asc` or `desc` or empty" });
    await assert.rejects(search({ query: `a.b='${"x".repeat(512)}'` }), { message: "maximum query length exceeded" });
    await assert.rejects(search({ query: "garbage" }), /=, <, <=, >, >=, CONTAINS or EXISTS expected at character 7 of the query/);
    await assert.rejects(search({ query: "" }), /name of an attribute/);
  });
});

describe("block_search of a development chain", () => {
  const event = (type: string, key: string, value: string) => ({ type, attributes: [{ key, value, index: true }] });
  const block = (height: bigint, ...events: readonly object[]) =>
    ({
      header: Header.fromPartial({ height }),
      blockId: { hash: new Uint8Array(0), partSetHeader: undefined },
      txs: [],
      response: { events },
    }) as unknown as DevBlock;
  const blocks = [
    block(1n),
    block(2n, event("swept", "pool", "gpu"), event("swept", "amount", "7")),
    block(3n, event("swept", "pool", "disk")),
    block(4n, event("swept", "pool", "gpu"), event("closed", "pool", "gpu")),
  ];
  const found = (params: Readonly<Record<string, unknown>>): string => {
    const answer = searchBlocks({ blocks }, createRpcParams(params)) as {
      readonly blocks: readonly { readonly block: { readonly header: { readonly height: string } } }[];
    };
    return answer.blocks.map(({ block: { header } }) => header.height).join(" ");
  };

  it("finds blocks by height and by what they emitted, newest first", () => {
    assert.equal(found({ query: "block.height>=2" }), "4 3 2");
    assert.equal(found({ query: "block.height=3" }), "3");
    assert.equal(found({ query: "swept.pool='gpu'" }), "4 2");
    assert.equal(found({ query: "swept.pool EXISTS AND block.height<4", order_by: "asc" }), "2 3");
    assert.equal(found({ query: "swept.amount>6" }), "2");
    assert.equal(found({ query: "swept.pool='gpu' AND closed.pool='gpu'" }), "");
    assert.equal(found({ query: "tx.height=3" }), "");
    assert.equal(found({ query: "block.height>0", per_page: "3", page: "2" }), "1");
  });

  it("fails as CometBFT does", () => {
    assert.throws(() => found({ query: "block.height>0", page: "2" }), { message: "page should be within [1, 1] range, given 2" });
    assert.throws(() => found({ query: "block.height>0", order_by: "up" }), /expected order_by/);
    assert.throws(() => found({ query: "block.height" }), /expected at character 12/);
  });
});

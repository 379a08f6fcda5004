// The module of docs/MODULES.md on the whole state machine: what its author gets without writing it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { MsgSign, MsgUpdateParams, QueryLineRequest, QueryLineResponse, QueryParamsResponse } from "#proto/example/guestbook/v1/guestbook";
import { schema } from "#proto/example/schema";
import { fromBase64 } from "../../app/encoding/bytes.ts";
import { createDescriptors } from "../../app/encoding/descriptors.ts";
import { hanzoModules } from "../../app/hanzo.ts";
import { auth } from "../../modules/auth/index.ts";
import { bank } from "../../modules/bank/index.ts";
import { moduleAccount } from "../harness/accounts.ts";
import { createBench } from "../harness/moduleBench.ts";
import { message } from "../harness/signTx.ts";
import { createTestChain, type TestChain } from "../harness/testChain.ts";
import { guestbook } from "./guestbook/index.ts";

const app = { modules: [...hanzoModules, guestbook], descriptors: createDescriptors(fromBase64(schema)) };
const linesOf = (path: string): number =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n").length;

let chain: TestChain;
let signer: TestChain["accounts"][number];
before(async () => {
  chain = await createTestChain({ app, accounts: 1 });
  await chain.deliver();
  const [first] = chain.accounts;
  assert.ok(first !== undefined);
  signer = first;
});

describe("a module written by the guide", () => {
  it("is small", () => {
    assert.ok(linesOf("test/example/guestbook/index.ts") <= 60);
    assert.ok(linesOf("test/example/proto/example/guestbook/v1/guestbook.proto") <= 40);
  });
  it("runs on the bench of unit tests, without the rest of the chain", () => {
    const bench = createBench({ modules: [auth, bank, guestbook] });
    bench.init("bank", { balances: [{ address: bench.account("ann"), coins: [{ denom: "atest", amount: "5000" }] }] });
    bench.send("/example.guestbook.v1.MsgSign", { signer: bench.account("ann"), text: "hello" });
    assert.throws(
      () => bench.send("/example.guestbook.v1.MsgSign", { signer: bench.account("bob"), text: "hello" }),
      /spendable balance 0atest is smaller than 1000atest/,
    );
    assert.throws(() => bench.query("/example.guestbook.v1.Query/Line", { signer: bench.account("bob") }), /has not signed/);
    assert.deepEqual(bench.broken(), []);
  });
  it("takes a signed transaction, moves money, emits its event and answers its query", async () => {
    const tx = await chain.sign([message(MsgSign, { signer: signer.address, text: "hello" })], [signer]);
    assert.equal(chain.check(tx).code, 0);
    const { txResults } = await chain.deliver(tx);
    assert.equal(txResults[0]?.code, 0, txResults[0]?.log);
    const event = txResults[0]?.events.find(({ type }) => type === "example.guestbook.v1.EventSigned");
    assert.deepEqual(
      event?.attributes.map(({ key, value }) => [key, value]),
      [
        ["price", '"1000"'],
        ["signer", `"${signer.address}"`],
        ["msg_index", "0"],
      ],
    );
    assert.equal(await chain.balance(moduleAccount("guestbook", "hanzo")), 1000n);
    const answer = await chain.query("/example.guestbook.v1.Query/Line", QueryLineRequest.encode({ signer: signer.address }).finish());
    assert.deepEqual(QueryLineResponse.decode(answer.value), { line: { text: "hello", height: chain.app.height } });
    assert.deepEqual(chain.app.brokenInvariants(), []);
  });
  it("has the amino name of its proto file", () => {
    assert.equal(app.descriptors.getMessage("example.guestbook.v1.MsgSign").aminoName, "example/guestbook/Sign");
  });
  it("refuses a bad message before it costs a fee", async () => {
    const tx = await chain.sign([message(MsgSign, { signer: signer.address, text: "" })], [signer]);
    const { code, codespace, log } = chain.check(tx);
    assert.deepEqual([code, codespace], [2, "guestbook"]);
    assert.match(log, /1 to 140 characters expected, got 0: text cannot be a line/);
  });
  it("says NotFound as every query does", async () => {
    const { code, codespace, log } = await chain.query(
      "/example.guestbook.v1.Query/Line",
      QueryLineRequest.encode({ signer: moduleAccount("hmm", "hanzo") }).finish(),
    );
    assert.deepEqual([code, codespace], [22, "sdk"]);
    assert.match(log, /^rpc error: code = NotFound desc = hanzo1\S+ has not signed: key not found$/);
  });
  it("has governed parameters", async () => {
    const { value } = await chain.query("/example.guestbook.v1.Query/Params");
    assert.deepEqual(QueryParamsResponse.decode(value), { params: { price: "1000" } });
    const tx = await chain.sign([message(MsgUpdateParams, { authority: signer.address, params: { price: "1" } })], [signer]);
    const { txResults } = await chain.deliver(tx);
    assert.deepEqual([txResults[0]?.codespace, txResults[0]?.code], ["gov", 13]);
  });
  it("is exported to a genesis file and comes back", async () => {
    const exported = chain.app.exportGenesis();
    assert.deepEqual(exported["guestbook"], { params: { price: "1000" }, lines: [[signer.address, { text: "hello", height: "2" }]] });
    const again = await createTestChain({ app, accounts: 1, appState: exported });
    await again.deliver();
    // Other modules do their work in the new chain's first block.
    assert.deepEqual(again.app.exportGenesis()["guestbook"], exported["guestbook"]);
  });
});

// The registry on the whole state machine: signed transactions, what they refuse, and a state that comes back from its genesis in every stage.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { createNodeKernels } from "../../../app/experience/kernelThread.ts";
import { createHanzoApp, hanzoStores } from "../../../app/hanzo.ts";
import type { App } from "../../../app/runtime/app.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { exportedGenesis } from "../../../cmd/hanzod/genesis/exportedGenesis.ts";
import { type GenesisDocument, initChainRequest } from "../../../cmd/hanzod/genesis/initChainRequest.ts";
import {
  QueryEntryRequest,
  QueryEntryResponse,
  QueryRoundRequest,
  QueryRoundResponse,
} from "../../../proto/gen/hanzo/experience/v1/query.ts";
import {
  MsgCommitVote,
  MsgRegisterSchema,
  MsgReveal,
  MsgRevealVote,
  MsgSetDomainOpen,
  MsgSlash,
  MsgSubmit,
} from "../../../proto/gen/hanzo/experience/v1/tx.ts";
import type { Entry, Round } from "../../../proto/gen/hanzo/experience/v1/types.ts";
import { SMALL, schemaOf, shardOf, sourceRowOf, type TestShard, testMatrix } from "../../harness/experienceBench.ts";
import { message } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";
import { smallRegistry } from "./smallRegistry.ts";

const kernels = createNodeKernels({ prefer: ["reference"] });
after(() => kernels.close());

async function openChain(params: object = {}): Promise<TestChain> {
  const chain = await createTestChain({
    accounts: 6,
    staked: true,
    market: true,
    appState: { experience: smallRegistry(params) },
    app: { kernels },
  });
  await chain.deliver();
  return chain;
}

type Codec = Parameters<typeof message>[0] & { fromPartial(value: object): object };

/** Sends one message in a block. @returns "0" or codespace/code, and the log */
async function send(chain: TestChain, account: number, codec: unknown, value: object): Promise<{ code: string; log: string }> {
  const signer = chain.accounts[account];
  assert.ok(signer);
  const tx = await chain.sign([message(codec as Codec, value)], [signer], { gas: 5_000_000n });
  const { txResults } = await chain.deliver(tx);
  const [result] = txResults;
  assert.ok(result);
  return { code: result.code === 0 ? "0" : `${result.codespace}/${result.code}`, log: result.log };
}

const addressOf = (chain: TestChain, account: number): string => chain.accounts[account]?.address ?? "";
const submission = (chain: TestChain, account: number, { cid, merkleRoot, sourceRoot }: TestShard, change: object = {}): object => ({
  submitter: addressOf(chain, account),
  schema: "small",
  domain: "default",
  cid,
  merkleRoot,
  sourceRoot,
  ...change,
});

async function entryOf(chain: TestChain, entryId: bigint): Promise<Entry> {
  const { value, log } = await chain.query("/hanzo.experience.v1.Query/Entry", QueryEntryRequest.encode({ entryId }).finish());
  const { entry } = QueryEntryResponse.decode(value);
  assert.ok(entry, log);
  return entry;
}

async function roundOf(chain: TestChain, roundId: bigint): Promise<Round> {
  const { value, log } = await chain.query("/hanzo.experience.v1.Query/Round", QueryRoundRequest.encode({ roundId }).finish());
  const { round } = QueryRoundResponse.decode(value);
  assert.ok(round, log);
  return round;
}

async function importInto(document: string): Promise<App> {
  const genesis = JSON.parse(document) as GenesisDocument;
  const store = createMemoryCommitStore({ stores: hanzoStores, initialVersion: BigInt(genesis.initial_height) });
  const app = await createHanzoApp({ store, minGasPrices: "", kernels });
  app.initChain(initChainRequest(genesis));
  return app;
}

/** The registry's state but for the beacons, which are roots of the whole state: those of a chain that begins anew are others. */
function withoutBeacons(app: App): unknown {
  const { rounds, ...rest } = app.exportGenesis()["experience"] as { readonly rounds: readonly object[] };
  return { ...rest, rounds: rounds.map((round) => ({ ...round, beacon: "" })) };
}

/** Empty blocks until the one before a height is committed. */
async function until(chain: TestChain, height: bigint): Promise<void> {
  while (chain.app.height < height - 1n) await chain.deliver();
}

describe("a submission is refused", () => {
  const [one, two] = [shardOf(testMatrix(1)), shardOf(testMatrix(2))];
  const text = new TextEncoder();
  const cases: readonly (readonly [name: string, change: object, code: string, log: RegExp])[] = [
    ["of an unknown schema", { schema: "v9" }, "experience/4", /got "v9"/],
    ["of a schema that is no identifier", { schema: "V 1" }, "experience/5", /a-z, 0-9/],
    ["of an unknown domain", { domain: "none" }, "experience/7", /got "none"/],
    ["with a CID of another codec (dag-cbor)", { cid: Uint8Array.of(1, 0x71, ...one.cid.subarray(2)) }, "experience/15", /01551220/],
    ["with a CID of another hash", { cid: Uint8Array.of(1, 0x55, 0x13, ...one.cid.subarray(3)) }, "experience/15", /01551220/],
    ["with a CID of version 0", { cid: one.cid.subarray(2) }, "experience/15", /36 bytes, got 34/],
    ["with the text of a CID", { cid: text.encode("b".repeat(59)) }, "experience/15", /36 bytes, got 59/],
    ["with a short row root", { merkleRoot: one.merkleRoot.subarray(1) }, "experience/15", /merkle_root: expected 32/],
    ["without a source root", { sourceRoot: new Uint8Array(0) }, "experience/15", /source_root: expected 32/],
    ["with one root for both", { sourceRoot: one.merkleRoot }, "experience/15", /differ/],
    ["with parents that do not exist", { parents: [7n] }, "experience/17", /that exist, got 7/],
    ["with parents in another order", { parents: [2n, 1n] }, "experience/17", /rising/],
    ["with more than 64 parents", { parents: Array.from({ length: 65 }, (_, i) => BigInt(i + 1)) }, "experience/17", /at most 64/],
    ["for more bond than the submitter wants to pay", { maxBond: "24999" }, "experience/18", /got 25000/],
    // The mempool names the field; a block says no more of bytes that are no transaction.
    ["with a limit that is no number", { maxBond: "0x10" }, "sdk/2", /^tx parse error$/],
  ];
  it("with the reason, and pays its fee", async () => {
    const chain = await openChain();
    for (const [name, change, code, log] of cases) {
      const result = await send(chain, 0, MsgSubmit, submission(chain, 0, one, change));
      assert.equal(result.code, code, `${name}: ${result.log}`);
      assert.match(result.log, log, name);
    }
    assert.equal((await send(chain, 0, MsgSubmit, submission(chain, 0, one, { maxBond: "25000" }))).code, "0");
    for (const [name, change] of [
      ["the same", {}],
      ["the same CID", { merkleRoot: two.merkleRoot, sourceRoot: two.sourceRoot }],
      ["the same row root", { cid: two.cid, sourceRoot: two.sourceRoot }],
      ["the same source root", { cid: two.cid, merkleRoot: two.merkleRoot }],
      ["the row root as source root", { cid: two.cid, merkleRoot: two.merkleRoot, sourceRoot: one.merkleRoot }],
    ] as const)
      assert.equal((await send(chain, 1, MsgSubmit, submission(chain, 1, one, change))).code, "experience/16", name);
  });
  it("where the round is full, the submitter has too many, the account is poor, the domain closed, or the round past its commits", async () => {
    const chain = await openChain({ maxShards: 3, maxEntriesPerSubmitter: 2, commitBlocks: 8n });
    const shards = Array.from({ length: 5 }, (_, i) => shardOf(testMatrix(i)));
    assert.equal((await send(chain, 0, MsgSubmit, submission(chain, 0, shards[0] as TestShard))).code, "0");
    assert.equal((await send(chain, 0, MsgSubmit, submission(chain, 0, shards[1] as TestShard))).code, "0");
    assert.equal((await send(chain, 0, MsgSubmit, submission(chain, 0, shards[2] as TestShard))).code, "experience/32");
    assert.equal((await send(chain, 1, MsgSubmit, submission(chain, 1, shards[2] as TestShard))).code, "0");
    assert.equal((await send(chain, 1, MsgSubmit, submission(chain, 1, shards[3] as TestShard))).code, "experience/14");
    await until(chain, (await roundOf(chain, 1n)).commitEnd);
    const late = await send(chain, 1, MsgSubmit, submission(chain, 1, shards[3] as TestShard));
    assert.equal(late.code, "experience/11");
    assert.match(late.log, /got reveal until height \d+/);
    const poor = await openChain({ bond: (10n ** 25n).toString() });
    assert.equal((await send(poor, 0, MsgSubmit, submission(poor, 0, one))).code, "sdk/5");
  });
  it("to the governed messages from anybody else", async () => {
    const chain = await openChain();
    const schema = schemaOf("v2", SMALL);
    assert.equal((await send(chain, 0, MsgRegisterSchema, { authority: addressOf(chain, 0), schema })).code, "gov/13");
    const close = { authority: addressOf(chain, 0), schema: "small", domain: "default", open: false };
    assert.equal((await send(chain, 0, MsgSetDomainOpen, close)).code, "gov/13");
  });
});

describe("a reveal is refused", () => {
  const one = shardOf(testMatrix(1));
  const last = one.shard.length - 1;
  const changed = (at: number, value: number): Uint8Array => one.shard.with(at, value);
  const zeroRow = (): Uint8Array => {
    const bytes = one.shard.slice();
    bytes[last] = 0;
    return bytes;
  };
  const cases: readonly (readonly [name: string, change: object, code: string, log: RegExp])[] = [
    ["of nothing", { shard: new Uint8Array(0) }, "experience/22", /1 to 12544 bytes/],
    ["one byte short", { shard: one.shard.subarray(1) }, "experience/22", /length/],
    ["one byte long", { shard: Uint8Array.of(...one.shard, 0) }, "experience/22", /length/],
    ["longer than any schema", { shard: new Uint8Array(12_545) }, "experience/22", /1 to 12544 bytes, got 12545/],
    ["with a scale code of 154", { shard: changed(last, 154) }, "experience/22", /scale code|expected 0 to 153, got 154/],
    ["with a scale code of 255", { shard: changed(last, 255) }, "experience/22", /got 255/],
    ["with signs in a row that abstains", { shard: zeroRow() }, "experience/22", /zero row|no sign/],
    ["with one sign flipped", { shard: changed(0, (one.shard[0] as number) ^ 1) }, "experience/22", /cid: expected b/],
    ["of another entry", { shard: shardOf(testMatrix(2)).shard }, "experience/22", /cid: expected b/],
    ["of an entry that does not exist", { entryId: 9n }, "experience/19", /got 9/],
  ];
  it("with the reason, by strangers, twice, out of its stage, and without a commit", async () => {
    const chain = await openChain({ revealBlocks: 30n });
    assert.equal(
      (await send(chain, 0, MsgReveal, { submitter: addressOf(chain, 0), entryId: 1n, shard: one.shard })).code,
      "experience/19",
    );
    await send(chain, 0, MsgSubmit, submission(chain, 0, one));
    const reveal = { submitter: addressOf(chain, 0), entryId: 1n, shard: one.shard };
    assert.equal((await send(chain, 0, MsgReveal, reveal)).code, "experience/11");
    await until(chain, (await roundOf(chain, 1n)).commitEnd);
    for (const [name, change, code, log] of cases) {
      const result = await send(chain, 0, MsgReveal, { ...reveal, ...change });
      assert.equal(result.code, code, `${name}: ${result.log}`);
      assert.match(result.log, log, name);
    }
    assert.equal((await send(chain, 1, MsgReveal, { ...reveal, submitter: addressOf(chain, 1) })).code, "experience/20");
    assert.equal((await send(chain, 0, MsgReveal, reveal)).code, "0");
    assert.equal((await send(chain, 0, MsgReveal, reveal)).code, "experience/21");
  });
  it("where the block has taken enough bytes, and taken in the next", async () => {
    const chain = await openChain({ maxBlockBytes: 12_544n, revealBlocks: 300n, maxShards: 64 });
    await send(chain, 0, MsgSubmit, submission(chain, 0, one));
    await until(chain, (await roundOf(chain, 1n)).commitEnd);
    // Shards of the small schema: a hundred of them do not fit. A proof or a refused reveal leaves no bytes behind.
    const reveal = { submitter: addressOf(chain, 0), entryId: 1n, shard: one.shard };
    assert.equal((await send(chain, 0, MsgReveal, reveal)).code, "0");
  });
  it("of all zeros only where it was not committed: a prior of nothing abstains, weighs nothing, and has its bond back", async () => {
    const chain = await openChain();
    const nothing = shardOf(new Int16Array(SMALL.rows * SMALL.cols));
    assert.ok(nothing.shard.every((byte) => byte === 0));
    await send(chain, 0, MsgSubmit, submission(chain, 0, nothing));
    await until(chain, (await roundOf(chain, 1n)).commitEnd);
    assert.equal((await send(chain, 0, MsgReveal, { submitter: addressOf(chain, 0), entryId: 1n, shard: nothing.shard })).code, "0");
    const round = await roundOf(chain, 1n);
    await until(chain, round.challengeEnd + 2n);
    const entry = await entryOf(chain, 1n);
    assert.equal(entry.stake, "0", "an account without stake");
    assert.equal(entry.weight, 0);
    assert.equal(entry.refund, "25000");
  });
});

describe("votes and challenges in transactions", () => {
  it("come from the operator of the validator, and from anybody who pays for a false proof", async () => {
    const chain = await openChain();
    const one = shardOf(testMatrix(1));
    await send(chain, 0, MsgSubmit, submission(chain, 0, one));
    await until(chain, (await roundOf(chain, 1n)).commitEnd);
    await send(chain, 0, MsgReveal, { submitter: addressOf(chain, 0), entryId: 1n, shard: one.shard });
    const round = await roundOf(chain, 1n);
    const before = await chain.balance(addressOf(chain, 2));
    const sourceRow = sourceRowOf(one.matrix, 0);
    const slash = { challenger: addressOf(chain, 2), entryId: 1n, sourceRow };
    const both = await send(chain, 2, MsgSlash, { ...slash, shard: { shard: one.shard } });
    assert.equal(both.code, "experience/28");
    assert.equal((await send(chain, 2, MsgSlash, { challenger: addressOf(chain, 2), entryId: 1n })).code, "experience/28");
    assert.equal(
      (await send(chain, 2, MsgSlash, { ...slash, sourceRow: { ...sourceRow, path: [new Uint8Array(31)] } })).code,
      "experience/28",
    );
    assert.equal((await send(chain, 2, MsgSlash, slash)).code, "0");
    const fees = 4n * 5_000_000_000_000n;
    assert.equal(await chain.balance(addressOf(chain, 2)), before - fees - 1000n, "a false proof costs the stake");
    await until(chain, round.revealEnd);
    const vote = { voter: addressOf(chain, 1), roundId: 1n, hash: new Uint8Array(32) };
    assert.equal((await send(chain, 1, MsgCommitVote, vote)).code, "experience/24");
    assert.equal((await send(chain, 1, MsgCommitVote, { ...vote, hash: new Uint8Array(33) })).code, "experience/27");
    const shown = { voter: addressOf(chain, 1), roundId: 1n, scores: [{ entryId: 1n, quality: 1 }], salt: new Uint8Array(32) };
    await until(chain, round.voteEnd);
    assert.equal((await send(chain, 1, MsgRevealVote, shown)).code, "experience/26");
  });
});

describe("a chain that begins from an export", () => {
  it("has the same state in every stage of a round, and goes on with the same roots", async () => {
    const one = shardOf(testMatrix(1));
    const other = shardOf(testMatrix(2));
    const chain = await openChain({ revealBlocks: 5n });
    await send(chain, 0, MsgSubmit, submission(chain, 0, one));
    await send(chain, 1, MsgSubmit, submission(chain, 1, other, { parents: [1n] }));
    await until(chain, (await roundOf(chain, 1n)).commitEnd);
    await send(chain, 0, MsgReveal, { submitter: addressOf(chain, 0), entryId: 1n, shard: one.shard });
    const { challengeEnd } = await roundOf(chain, 1n);
    const stages = new Set<number>();
    while (chain.app.height < challengeEnd + 2n) {
      const { stage } = await roundOf(chain, 1n);
      stages.add(stage);
      const document = JSON.stringify(exportedGenesis(await chain.app.exportChain()));
      const [copy, other] = [await importInto(document), await importInto(document)];
      const { appHash } = await copy.finalizeBlock(chain.nextBlock());
      assert.deepEqual((await other.finalizeBlock(chain.nextBlock())).appHash, appHash);
      await copy.commit();
      await chain.deliver();
      assert.deepEqual(withoutBeacons(copy), withoutBeacons(chain.app), `after stage ${stage}`);
      assert.deepEqual(copy.brokenInvariants(), []);
    }
    assert.ok(stages.size >= 6, `${[...stages]}`);
  });
});

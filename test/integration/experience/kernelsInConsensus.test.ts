// Aggregates in blocks: a node that was never told of a round computes it, and one whose backend errs stops.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createNodeKernels, type NodeKernels } from "../../../app/experience/kernelThread.ts";
import { createHanzoApp, hanzoStores } from "../../../app/hanzo.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { QueryRoundRequest, QueryRoundResponse } from "../../../proto/gen/hanzo/experience/v1/query.ts";
import { MsgReveal, MsgSubmit } from "../../../proto/gen/hanzo/experience/v1/tx.ts";
import { type Round, RoundStage } from "../../../proto/gen/hanzo/experience/v1/types.ts";
import { SMALL, shardOf, testMatrix } from "../../harness/experienceBench.ts";
import { message } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";
import { smallRegistry } from "./smallRegistry.ts";

const threads: NodeKernels[] = [];
function kernelsOf(options: Parameters<typeof createNodeKernels>[0]): NodeKernels {
  const kernels = createNodeKernels(options);
  threads.push(kernels);
  return kernels;
}
after(async () => {
  for (const kernels of threads) await kernels.close();
});

async function roundOf(chain: TestChain): Promise<Round> {
  const { value } = await chain.query("/hanzo.experience.v1.Query/Round", QueryRoundRequest.encode({ roundId: 1n }).finish());
  const { round } = QueryRoundResponse.decode(value);
  assert.ok(round);
  return round;
}

/** A chain whose next block applies the aggregate of two entries of accounts that have staked. */
async function beforeAggregate(kernels: NodeKernels): Promise<{ chain: TestChain; store: ReturnType<typeof createMemoryCommitStore> }> {
  const store = createMemoryCommitStore({ stores: hanzoStores, initialVersion: 1n });
  const chain = await createTestChain({ accounts: 3, staked: true, appState: { experience: smallRegistry() }, app: { kernels, store } });
  await chain.deliver();
  const submitter = (i: number): string => chain.accounts[i]?.address ?? "";
  const shards = [shardOf(testMatrix(1)), shardOf(testMatrix(2))];
  const signed = (i: number, what: ReturnType<typeof message>): Promise<Uint8Array> =>
    chain.sign([what], [chain.accounts[i] as TestChain["accounts"][number]], { gas: 5_000_000n });
  const place = { schema: "small", domain: "default", parents: [], maxBond: "" };
  await chain.deliver(
    ...(await Promise.all(
      shards.map(({ cid, merkleRoot, sourceRoot }, i) =>
        signed(i, message(MsgSubmit, { submitter: submitter(i), ...place, cid, merkleRoot, sourceRoot })),
      ),
    )),
  );
  const { commitEnd, applyHeight } = await roundOf(chain);
  while (chain.app.height < commitEnd - 1n) await chain.deliver();
  await chain.deliver(
    ...(await Promise.all(
      shards.map(({ shard }, i) => signed(i, message(MsgReveal, { submitter: submitter(i), entryId: BigInt(i + 1), shard }))),
    )),
  );
  while (chain.app.height < applyHeight - 1n) await chain.deliver();
  assert.equal((await roundOf(chain)).stage, RoundStage.ROUND_STAGE_AGGREGATE);
  return { chain, store };
}

test("a node that starts again behind the end of the votes computes the round anew, with the same root", async () => {
  const { chain, store } = await beforeAggregate(kernelsOf({ prefer: ["wasm"] }));
  const fresh = kernelsOf({ prefer: ["reference"] });
  const again = await createHanzoApp({ store, minGasPrices: "", kernels: fresh });
  assert.equal(again.height, chain.app.height);
  const block = chain.nextBlock();
  const { appHash } = await again.finalizeBlock(block);
  assert.deepEqual((await chain.app.finalizeBlock(block)).appHash, appHash);
  assert.equal(fresh.figures().computed, 1);
});

test("a node whose backend errs in one number stops with a report, before anything is committed", async () => {
  const { chain } = await beforeAggregate(kernelsOf({ prefer: ["wasm"], fault: 2 * SMALL.cols + 3 }));
  const { height } = chain.app;
  await assert.rejects(
    chain.deliver(),
    /backend wasm \(.*\) differs from the reference: aggregate: row 2, column 3: expected -?\d+, got -?\d+\. Choose another one in \[kernels\] of app\.toml/,
  );
  assert.equal(chain.app.height, height);
});

test("a port that hands out something else than it computed is caught by the state machine", async () => {
  const kernels = kernelsOf({ prefer: ["reference"] });
  for (const [change, text] of [
    [
      { shard: (bytes: Uint8Array) => bytes.with(0, (bytes[0] as number) ^ 1) },
      /shard is not that of the matrix: row 0: expected \d+, got \d+/,
    ],
    [{ sourceRoot: (bytes: Uint8Array) => bytes.with(0, (bytes[0] as number) ^ 1) }, /source root is not that of the matrix/],
    [{ hash: (bytes: Uint8Array) => bytes.with(31, (bytes[31] as number) ^ 1) }, /matrix hash is not that of the matrix: byte 31/],
  ] as const) {
    const lying: NodeKernels = {
      ...kernels,
      result(id, input) {
        const result = kernels.result(id, input);
        const [[field, edit]] = Object.entries(change) as [["shard" | "sourceRoot" | "hash", (bytes: Uint8Array) => Uint8Array]];
        return { ...result, [field]: edit(result[field]) };
      },
    };
    const { chain } = await beforeAggregate(lying);
    await assert.rejects(chain.deliver(), text);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Application } from "../../../app/runtime/application.ts";
import { fakeApplication } from "./fakeApplication.ts";
import { kinds, withServer } from "./withServer.ts";

test("a defect in checkTx or query is an answer with code 1 and the connection lives", async () => {
  const broken = (): never => {
    throw new TypeError("undefined is not a function");
  };
  await withServer(
    { checkTx: broken, query: async () => broken(), listSnapshots: broken, loadSnapshotChunk: broken },
    async ({ client, failures, log }) => {
      client.send({ checkTx: {} });
      client.send({ query: { data: Uint8Array.of(8) } });
      client.send({ listSnapshots: {} });
      client.send({ loadSnapshotChunk: {} });
      client.send({ flush: {} });
      const [check, query, list, chunk, flush] = await client.receive(5);
      assert.deepEqual([check?.checkTx?.code, check?.checkTx?.codespace], [1, "sdk"]);
      assert.match(check?.checkTx?.log ?? "", /undefined is not a function/);
      assert.deepEqual([query?.query?.code, query?.query?.height, query?.query?.key[0]], [1, 1n, 8]);
      assert.deepEqual(list?.listSnapshots?.snapshots, []);
      assert.equal(chunk?.loadSnapshotChunk?.chunk.length, 0);
      assert.notEqual(flush?.flush, undefined);
      assert.deepEqual(failures, []);
      assert.equal(log.filter((line) => line.startsWith("error")).length, 4);
    },
  );
});

test("a defect in a consensus call is an exception and stops everything", async () => {
  const calls: string[] = [];
  for (const method of [
    "info",
    "initChain",
    "prepareProposal",
    "processProposal",
    "finalizeBlock",
    "commit",
    "extendVote",
    "verifyVoteExtension",
  ] as const) {
    const app: Partial<Application> = {
      [method]: () => {
        throw new Error("out of step");
      },
      checkTx: (request) => {
        calls.push(method);
        return fakeApplication().checkTx(request);
      },
    };
    await withServer(app, async ({ client, failures }) => {
      client.send({ [method]: {} });
      client.send({ checkTx: {} });
      const [answer] = await client.receive(1);
      assert.equal(answer?.exception?.error, `${method}: out of step`, method);
      assert.deepEqual(
        failures.map((failure) => failure.method),
        [method],
      );
    });
  }
  assert.deepEqual(calls, [], "nothing reached the application after the failure");
});

test("errors that call themselves fatal and an exhausted stack stop the node from any call", async () => {
  const recurse = (depth: number): number => recurse(depth + 1) + 1;
  const causes: readonly (readonly [label: string, cause: () => never])[] = [
    [
      "fatal error",
      () => {
        throw Object.assign(new Error("disk gone"), { fatal: true });
      },
    ],
    [
      "stack",
      () => {
        recurse(0);
        throw new Error("unreachable");
      },
    ],
  ];
  for (const [label, cause] of causes) {
    await withServer({ checkTx: cause }, async ({ client, failures }) => {
      client.send({ checkTx: {} });
      assert.deepEqual(kinds(await client.receive(1)), ["exception"], label);
      assert.equal(failures.length, 1, label);
    });
  }
});

test("an answer that cannot be encoded counts as a failure of its call", async () => {
  const wrong = { txs: [1n] } as unknown as ReturnType<Application["prepareProposal"]>;
  await withServer({ prepareProposal: () => wrong }, async ({ client, failures }) => {
    client.send({ prepareProposal: {} });
    assert.deepEqual(kinds(await client.receive(1)), ["exception"]);
    assert.equal(failures[0]?.method, "prepareProposal");
  });
});

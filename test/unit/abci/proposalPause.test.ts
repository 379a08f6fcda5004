import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { ResponseCheckTx, ResponseFinalizeBlock, ResponseProcessProposal } from "#proto/tendermint/abci/types";
import type { Application } from "../../../app/runtime/application.ts";
import { connectClient, type TestClient } from "./client.ts";
import { withServer } from "./withServer.ts";

/** Time for what was sent to arrive; the clock of the server stands still. */
const arrive = (
  (real) => (): Promise<void> =>
    new Promise((wake) => real(wake, 30))
)(setTimeout);

const CHECK = { checkTx: { tx: Uint8Array.of(1) } };

/** Runs a test with the connections of mempool and consensus, and the order of the calls that the application gets. */
async function withConnections(
  body: (setup: { readonly mempool: TestClient; readonly consensus: TestClient; readonly calls: string[] }) => Promise<void>,
): Promise<void> {
  const calls: string[] = [];
  const told = <T>(name: string, answer: T): T => {
    calls.push(name);
    return answer;
  };
  const app: Partial<Application> = {
    checkTx: () => told("check", ResponseCheckTx.fromPartial({})),
    processProposal: () => told("proposal", ResponseProcessProposal.fromPartial({ status: 1 })),
    finalizeBlock: () => told("block", ResponseFinalizeBlock.fromPartial({ appHash: Uint8Array.of(1) })),
  };
  await withServer(app, async ({ client: mempool, server }) => {
    const consensus = await connectClient(server.address);
    try {
      mempool.send(CHECK);
      await mempool.receive(1);
      mock.timers.enable({ apis: ["setTimeout"] });
      await body({ mempool, consensus, calls });
    } finally {
      mock.timers.reset();
      consensus.end();
    }
  });
}

async function propose(consensus: TestClient, kind: "prepareProposal" | "processProposal"): Promise<void> {
  consensus.send({ [kind]: {} });
  await consensus.receive(1);
}

test("a transaction that comes between a proposal and its block is checked behind the block", async () => {
  for (const kind of ["prepareProposal", "processProposal"] as const) {
    await withConnections(async ({ mempool, consensus, calls }) => {
      await propose(consensus, kind);
      mempool.send(CHECK);
      await arrive();
      consensus.send({ finalizeBlock: {} });
      await mempool.receive(1);
      assert.deepEqual(calls.slice(-2), ["block", "check"]);
    });
  }
});

test("a proposal that no block follows holds transactions for a tenth of a second", async () => {
  await withConnections(async ({ mempool, consensus, calls }) => {
    await propose(consensus, "processProposal");
    mempool.send(CHECK);
    mempool.send({ flush: {} });
    await arrive();
    mock.timers.tick(99);
    await arrive();
    assert.deepEqual(calls, ["check", "proposal"]);
    mock.timers.tick(1);
    await mempool.receive(2);
    assert.deepEqual(calls, ["check", "proposal", "check"]);
    // And once it is over, it is over.
    mempool.send(CHECK);
    await mempool.receive(1);
  });
});

test("what no transaction comes from is answered during the pause", async () => {
  await withConnections(async ({ mempool, consensus, calls }) => {
    await propose(consensus, "processProposal");
    mempool.send(CHECK);
    consensus.send({ query: {} });
    consensus.send({ processProposal: {} });
    await consensus.receive(2);
    assert.deepEqual(calls, ["check", "proposal", "proposal"]);
    consensus.send({ finalizeBlock: {} });
    await mempool.receive(1);
  });
});

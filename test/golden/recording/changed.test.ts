// What the selftest says of other recordings than the one it was made with.
import assert from "node:assert/strict";
import { test } from "node:test";
import { restCases } from "../../../cmd/hanzod/selftest/recording/judgeRest.ts";
import { createRecordedNode } from "../../../cmd/hanzod/selftest/recording/recordedNode.ts";
import { COMPARED_PARTS, type RecordedRest, type Recording } from "../../../cmd/hanzod/selftest/recording/recording.ts";
import { countVerdicts, failuresOf } from "../../../cmd/hanzod/selftest/recording/report.ts";
import { judgeChanged, renamed, stirred } from "../../harness/changedRecording.ts";
import { recording } from "../../harness/recordedCases.ts";

const { rest, abci, signing, tx, checktx } = recording;
assert.ok(rest && abci?.grpc && signing && tx && checktx);

test("a recording in another order, with gaps, is answered alike", async () => {
  const changed: Recording = {
    ...recording,
    rest: { ...rest, requests: stirred(rest.requests, 7) },
    // Answers of gRPC point to those of ABCI: only their order changes.
    abci: { ...abci, abci_query: stirred(abci.abci_query, 10_000), grpc: stirred(abci.grpc ?? [], 5) },
    signing: { ...signing, cases: stirred(signing.cases, 4) },
    tx: { ...tx, txs: stirred(tx.txs, 10_000) },
    checktx: { ...checktx, cases: stirred(checktx.cases, 4) },
  };
  const sections = await judgeChanged(changed, COMPARED_PARTS);
  assert.deepEqual(failuresOf(sections), []);
  assert.ok(countVerdicts(sections).same > 350);
});

test("a recording of another prefix and other denominations is answered alike", async () => {
  // A broadcast that was refused names the hash of a transaction that was never committed.
  const isBroadcast = ({ path, method = "" }: { readonly path: string; readonly method?: string }): boolean =>
    path.endsWith("/BroadcastTx") || (method === "POST" && path.endsWith("/txs"));
  const changed = renamed({
    ...recording,
    rest: { ...rest, requests: rest.requests.filter((request) => !isBroadcast(request)) },
    abci: { ...abci, grpc: (abci.grpc ?? []).filter((call) => !isBroadcast(call)) },
  });
  assert.match(JSON.stringify(changed), /planet1.*stone/);
  const sections = await judgeChanged(changed, ["rest", "abci"]);
  assert.deepEqual(failuresOf(sections), []);
  assert.ok(countVerdicts(sections).same > 260);
});

/** Replaces the first element that fits by a changed one. */
function changeOne<T>(list: readonly T[], fits: (one: T) => boolean, change: (one: T) => T): readonly T[] {
  const at = list.findIndex(fits);
  assert.ok(at >= 0);
  return list.map((one, index) => (index === at ? change(one) : one));
}

test("whatever is wrong in a recording fails, by name, and nothing else does", async () => {
  const at = (path: string) => (request: { readonly path: string; readonly status: number }) => request.path === path;
  const account = rest.requests.find(({ status, path }) => status === 404 && path.includes("/accounts/"))?.path ?? "";
  let requests = changeOne(rest.requests, at("/cosmos/bank/v1beta1/params"), (one) => ({ ...one, status: 404 }));
  requests = changeOne(requests, at(account), (one) => ({
    ...one,
    headers: { ...one.headers, "grpc-metadata-x-cosmos-block-height": "175" },
  }));
  requests = changeOne(requests, at("/cosmos/auth/v1beta1/params"), (one) => ({ ...one, body: { params: { tx_sig_limit: "7" } } }));
  requests = changeOne(requests, at("/nope"), (one) => ({ ...one, status: 404 }));
  requests = changeOne(requests, at("/cosmos/bank/v1beta1/balances/test"), (one) => ({
    ...one,
    body: { code: 3, message: "other", details: [] },
  }));
  const changed: Recording = {
    ...recording,
    rest: { ...rest, requests },
    abci: {
      ...abci,
      abci_query: changeOne(
        abci.abci_query,
        ({ code }) => code === 22,
        (one) => ({ ...one, log: (one.log ?? "").replace("NotFound", "Internal") }),
      ),
      grpc: changeOne(
        abci.grpc ?? [],
        ({ status }) => status === 5,
        (one) => ({ ...one, status: 2 }),
      ),
    },
    signing: {
      ...signing,
      cases: changeOne(
        signing.cases,
        ({ name }) => name === "MsgSend",
        (one) => ({ ...one, amino_signature: "00".repeat(64) }),
      ),
    },
    tx: {
      ...tx,
      txs: changeOne(
        tx.txs,
        ({ name }) => name === "send-to-self",
        (one) => ({ ...one, result: { ...one.result, events: one.result.events.slice(1) } }),
      ),
    },
    checktx: {
      ...checktx,
      cases: changeOne(
        checktx.cases,
        ({ code }) => code === 32,
        (one) => ({ ...one, code: 4 }),
      ),
    },
  };
  const failures = failuresOf(await judgeChanged(changed, COMPARED_PARTS));
  const expected = [
    /^sign documents: .*MsgSend: amino signature: a right one expected/,
    /^transactions: transaction · send-to-self: events: expected/,
    /^CheckTx: .*sequence.*: code: expected \[4,"sdk"\], got \[32,"sdk"\]/,
    /^ABCI: .*Query\/Account".*: log: expected .*Internal.*, got .*NotFound/,
    /^gRPC: .*: status: expected 2, got 5/,
    /^REST: GET \/cosmos\/auth\/v1beta1\/params: body: expected/,
    /^REST: GET .*\/accounts\/.*: header grpc-metadata-x-cosmos-block-height: expected "175", got "176"/,
    /^REST: GET \/cosmos\/bank\/v1beta1\/params: status: expected 404, got 200/,
    /^REST: GET \/cosmos\/bank\/v1beta1\/balances\/test: body: expected .*"other"/,
    /^REST: GET \/nope: status: expected 404, got 501/,
  ];
  const unexplained = failures.filter((failure) => !expected.some((pattern) => pattern.test(failure)));
  assert.deepEqual(unexplained, []);
  assert.deepEqual(
    expected.filter((pattern) => !failures.some((failure) => pattern.test(failure))),
    [],
  );
});

test("no status and no header of an answer that is compared can be wrong unseen", async () => {
  const node = await createRecordedNode(recording);
  const kinds = async (change: (request: RecordedRest) => RecordedRest): Promise<readonly string[]> => {
    const cases = restCases(node, { ...recording, rest: { ...rest, requests: rest.requests.map(change) } });
    const verdicts = [];
    for (const one of cases) verdicts.push((await one.judge()).kind);
    return verdicts;
  };
  try {
    const honest = await kinds((request) => request);
    const others = [
      await kinds((request) => ({ ...request, status: request.status + 1 })),
      await kinds((request) => ({ ...request, headers: { ...(request.headers ?? rest.default_headers), "content-type": "text/plain" } })),
    ];
    for (const [index, { method, path }] of rest.requests.entries())
      if (honest[index] !== "outside") for (const other of others) assert.equal(other[index], "failed", `${method} ${path}`);
  } finally {
    await node.close();
  }
});

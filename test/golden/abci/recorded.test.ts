import assert from "node:assert/strict";
import { after, it } from "node:test";
import { abciCases } from "../../../cmd/hanzod/selftest/recording/judgeAbci.ts";
import { answerJson } from "../../../cmd/hanzod/selftest/recording/queryAnswers.ts";
import { createRecordedNode } from "../../../cmd/hanzod/selftest/recording/recordedNode.ts";
import { recording, testCases } from "../../harness/recordedCases.ts";

const node = await createRecordedNode(recording);
after(() => node.close());

testCases("ABCI queries are answered as the recorded node does", "ABCI", abciCases(node, recording), {
  same: 190,
  design: 46,
  outside: 3,
});

it("a transaction can be handed in by ABCI query, too", async () => {
  const query = recording.abci?.abci_query.find(({ path }) => path.endsWith("/BroadcastTx"));
  assert.ok(query);
  assert.deepEqual([query.code, query.log], [18, "can't route a broadcast tx message: invalid request"]);
  const { code, value } = await node.askAbci(query);
  assert.equal(code, 0);
  assert.match(JSON.stringify(answerJson(query.path, value)), /"txhash":"[0-9A-F]{64}"/);
});

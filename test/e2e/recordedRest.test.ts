// The recorded REST requests, put to a node with a real CometBFT.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { namesOf } from "../../cmd/hanzod/selftest/recording/jsonShape.ts";
import { restCases } from "../../cmd/hanzod/selftest/recording/judgeRest.ts";
import type { RecordedRest } from "../../cmd/hanzod/selftest/recording/recording.ts";
import type { RestExpectation } from "../../cmd/hanzod/selftest/recording/restRules.ts";
import type { Rule } from "../../cmd/hanzod/selftest/recording/verdict.ts";
import { recording, testCases } from "../harness/recordedCases.ts";
import { startRecordedNode } from "./harness/liveRecordedNode.ts";

/** Blocks, validators and times are this node's own: of what it has, the names count; blocks of the recorded past it has not. */
const ENGINE_RULES: readonly Rule<RecordedRest, RestExpectation>[] = [
  {
    difference: "engineAnswers",
    matches: ({ path }) => /\/(blocks|validatorsets)\/latest|\/node\/v1beta1\/status$/.test(path),
    expected: () => ({ view: namesOf }),
  },
  {
    difference: "engineAnswers",
    matches: ({ path, status }) => status === 200 && /\/(blocks|validatorsets|txs\/block)\/\d+/.test(path),
    expected: () => ({ status: 400, view: () => "any", anyHeight: true }),
  },
  // Its clock is ours: coins that were locked are free, and a grant has expired.
  {
    difference: "engineAnswers",
    matches: ({ path }) => /^\/cosmos\/authz\/v1beta1\/grants\?granter=cosmos12ry.*msg_type_url=\/cosmos\.staking/.test(path),
    expected: () => ({ status: 404, view: () => "any", anyHeight: true }),
  },
  {
    difference: "engineAnswers",
    matches: ({ path, status }) =>
      status === 200 &&
      /\/spendable_balances\/cosmos1c99|\/authz\/v1beta1\/grants(\?granter=|\/granter\/)cosmos12ry|\/authz\/v1beta1\/grants\/grantee\/cosmos1tzac/.test(
        path,
      ),
    expected: () => ({ view: () => "any" }),
  },
];

const node = await startRecordedNode(recording);
after(() => node.close());

testCases("a node with CometBFT answers REST as the recorded node does", "REST with CometBFT", restCases(node, recording, ENGINE_RULES), {
  same: 245,
  design: 59,
  outside: 20,
});

test("the chain rested at the recorded height while it was asked", () => assert.equal(node.height(), node.facts.height));

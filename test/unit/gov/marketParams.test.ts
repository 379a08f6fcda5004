import assert from "node:assert/strict";
import { it } from "node:test";
import { QueryParamsRequest, QueryParamsResponse } from "../../../proto/gen/hanzo/hmm/v1/query.ts";
import { MsgUpdateParams } from "../../../proto/gen/hanzo/hmm/v1/tx.ts";
import { attribute, createGovChain, GOV } from "../../harness/govChain.ts";
import { message } from "../../harness/signTx.ts";

it("who has staked changes a parameter of the market", async () => {
  const chain = await createGovChain({ market: true });
  const params = async () => {
    const { value } = await chain.query("/hanzo.hmm.v1.Query/Params", QueryParamsRequest.encode({}).finish());
    return QueryParamsResponse.decode(value).params;
  };
  const before = await params();
  assert.ok(before !== undefined);
  const wanted = { ...before, burnBps: before.burnBps + 1 };
  await chain.propose([message(MsgUpdateParams, { authority: GOV, params: wanted })]);
  assert.deepEqual(await params(), before, "not before the vote is over");
  const { events } = await chain.pass(5);
  assert.equal(attribute({ events }, "active_proposal", "proposal_log"), "passed");
  assert.deepEqual(await params(), wanted);
  const bad = await chain
    .propose([message(MsgUpdateParams, { authority: GOV, params: { ...before, burnBps: 10_001 } })])
    .catch((error: Error) => error.message);
  if (typeof bad === "bigint") {
    const last = await chain.pass(5);
    assert.match(
      attribute(last, "active_proposal", "proposal_log"),
      /^passed, but msg 0 \(\/hanzo.hmm.v1.MsgUpdateParams\) failed on execution: .*burn_bps/,
    );
  } else assert.match(bad, /burn_bps/);
  assert.deepEqual(await params(), wanted);
  assert.deepEqual(chain.app.brokenInvariants(), []);
});

import assert from "node:assert/strict";
import { it } from "node:test";
import { setupGovExtension } from "../../../app/client/govExtension.ts";
import { createGovChain } from "../../harness/govChain.ts";

it("a client reads proposals, their votes and counts, and the planned upgrade", async () => {
  const chain = await createGovChain();
  const { gov } = setupGovExtension({
    async queryAbci(path, data) {
      const { value, height } = await chain.query(path, data);
      return { key: new Uint8Array(0), value, height: Number(height) };
    },
  });
  const id = await chain.propose([]);
  assert.equal((await gov.proposal(id)).proposal?.title, "t");
  assert.deepEqual(
    (await gov.proposals()).proposals.map((proposal) => proposal.id),
    [id],
  );
  assert.equal((await gov.votes(id)).votes.length, 1);
  assert.equal((await gov.tally(id)).tally?.yesCount, String(100n * 10n ** 18n));
  assert.equal((await gov.params()).params?.quorum, "0.334");
  assert.equal((await gov.currentPlan()).plan, undefined);
});

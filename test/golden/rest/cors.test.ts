import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { corsCases } from "../../../cmd/hanzod/selftest/recording/judgeRest.ts";
import { createRecordedNode } from "../../../cmd/hanzod/selftest/recording/recordedNode.ts";
import { recording, testCases } from "../../harness/recordedCases.ts";

const node = await createRecordedNode(recording);
after(() => node.close());

testCases("REST answers pages of any origin as the recorded node does", "REST with CORS", corsCases(node, recording), {
  same: 4,
  design: 3,
  outside: 0,
});

const [PREFLIGHT_GET = 0, PREFLIGHT_POST = 1, PREFLIGHT_HEIGHT = 2] = [0, 1, 2];
const recorded = (index: number) => {
  const found = recording.rest?.with_unsafe_cors_enabled?.[index];
  assert.ok(found);
  return found;
};
const ask = (index: number) => node.askOpenRest(recorded(index));

describe("pages of any origin may call when the API allows it", () => {
  for (const index of [PREFLIGHT_GET, PREFLIGHT_POST]) {
    it(`preflight ${index + 1} as recorded`, async () => {
      const { status, headers, text } = await ask(index);
      assert.deepEqual([status, text], [200, ""]);
      assert.equal(headers["access-control-allow-origin"], "*");
      for (const name of ["GET", "POST"]) assert.ok(String(headers["access-control-allow-methods"]).includes(name));
      assert.match(String(headers["access-control-allow-headers"]), /Content-Type/);
    });
  }

  it("and may ask for a height, which the SDK refuses with 403", async () => {
    const { status, headers } = await ask(PREFLIGHT_HEIGHT);
    assert.deepEqual([recorded(PREFLIGHT_HEIGHT).status, status], [403, 200]);
    assert.match(String(headers["access-control-allow-headers"]), /x-cosmos-block-height/);
  });

  it("queries work right after a restart, where the SDK answers 500", async () => {
    for (const index of [3, 4]) {
      const { status, headers, text } = await ask(index);
      assert.deepEqual([recorded(index).status, status], [500, 200]);
      assert.equal(headers["access-control-allow-origin"], "*");
      assert.equal(text, '{"params":{"send_enabled":[],"default_send_enabled":true}}');
    }
  });

  it("errors carry the header, too", async () => {
    for (const index of [5, 6]) {
      const { status, headers } = await ask(index);
      assert.deepEqual([recorded(index).status, status], [501, 501]);
      assert.equal(headers["access-control-allow-origin"], "*");
      assert.equal(headers["content-type"], "application/json");
    }
  });
});

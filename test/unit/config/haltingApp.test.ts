import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RequestFinalizeBlock } from "#proto/tendermint/abci/types";
import type { Application } from "../../../app/runtime/application.ts";
import { haltError, haltingApp, isPastHalt } from "../../../cmd/hanzod/app/haltingApp.ts";
import { fakeApplication } from "../abci/fakeApplication.ts";

const block = (height: bigint, seconds: bigint): RequestFinalizeBlock =>
  RequestFinalizeBlock.fromPartial({ height, time: { seconds, nanos: 0 } });

describe("a node with a halt point", () => {
  for (const [name, point, last] of [
    ["height", { height: 3, timeSeconds: 0 }, 3n],
    ["time", { height: 0, timeSeconds: 102 }, 2n],
    ["whichever comes first", { height: 4, timeSeconds: 102 }, 2n],
  ] as const)
    it(`commits the block at its ${name} and takes none after it`, async () => {
      let halts = 0;
      const app: Application = haltingApp(fakeApplication(), point, () => halts++);
      for (let height = 1n; height <= last; height++) {
        assert.equal(halts, 0);
        await app.finalizeBlock(block(height, 100n + height));
        await app.commit();
      }
      assert.equal(halts, 1);
      assert.throws(() => app.finalizeBlock(block(last + 1n, 200n)), { code: "HZN-HALT" });
      // What CometBFT has not noted as done may be asked for again.
      await app.finalizeBlock(block(last, 100n + last));
      await app.commit();
      assert.equal(halts, 1);
    });

  it("is the application itself without one", () => {
    const app = fakeApplication();
    assert.equal(
      haltingApp(app, { height: 0, timeSeconds: 0 }, () => assert.fail()),
      app,
    );
    assert.equal(isPastHalt({ height: 0, timeSeconds: 0 }, 9n, 9n), false);
  });

  it("names the setting that stops it", () => {
    assert.match(haltError({ height: 3, timeSeconds: 5 }, 3n).next, /halt-height 0/);
    assert.match(haltError({ height: 0, timeSeconds: 5 }, 3n).next, /halt-time 0/);
  });
});

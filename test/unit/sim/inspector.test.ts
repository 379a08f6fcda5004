// What is looked at beside the chain, on a thread of its own.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ChangeSet, StateReader } from "../../../app/store/kv.ts";
import type { SharedVersion } from "../../../app/store/stateFeed.ts";
import { decodeBlock, encodeBlock } from "../../../cmd/hanzod/sim/chain/blockBytes.ts";
import { chainJson } from "../../../cmd/hanzod/sim/chain/chainReport.ts";
import { SimFailure } from "../../../cmd/hanzod/sim/chain/simFailure.ts";
import { simulateChain } from "../../../cmd/hanzod/sim/chain/simulateChain.ts";
import { emissions } from "../../../modules/emissions/index.ts";

describe("a block as bytes", () => {
  const names = ["auth", "bank", "gov"];
  const version: SharedVersion = {
    version: 2n ** 40n,
    appHash: new Uint8Array(32).fill(7),
    roots: new Map(names.map((name, i) => [name, new Uint8Array(32).fill(i)])),
    rootIds: new Map(names.map((name, i) => [name, 2 ** 33 + i])),
  };
  const [kept, long, gone] = [Uint8Array.of(1), new Uint8Array(300).fill(2), Uint8Array.of(3)];
  const state = {
    version: version.version,
    store: (name: string) => ({ get: (key: Uint8Array) => (key[0] === 3 ? undefined : Uint8Array.of(name.length, key.length % 256)) }),
  } as StateReader;

  it("is the version and the changes that it was made of, the values as the state has them", () => {
    const changes: ChangeSet = new Map([
      [
        "bank",
        [
          [kept, Uint8Array.of(9)],
          [long, Uint8Array.of(9)],
        ],
      ],
      ["gov", [[gone, undefined]]],
    ]);
    const block = decodeBlock(names, encodeBlock(names, version, changes));
    assert.deepEqual(block.version, version);
    const read = block.changes(state);
    assert.deepEqual(
      [...(read ?? [])],
      [
        [
          "bank",
          [
            [kept, Uint8Array.of(4, 1)],
            [long, Uint8Array.of(4, 44)],
          ],
        ],
        ["gov", [[gone, undefined]]],
      ],
    );
  });
  it("tells no changes where nobody asks for them, which is another thing than none", () => {
    assert.equal(decodeBlock(names, encodeBlock(names, version, undefined)).changes(state), undefined);
    assert.equal(decodeBlock(names, encodeBlock(names, version, new Map())).changes(state)?.size, 0);
  });
});

describe("a chain that is looked at on a thread of its own", () => {
  it("is the same chain, with the same tally", async () => {
    const [here, beside] = await Promise.all(
      [false, true].map((beside) => simulateChain({ seed: 7, blocks: 260, invariants: "changed", beside })),
    );
    assert.ok(here && beside && here.snapshots > 0);
    assert.deepEqual(chainJson(beside), chainJson(here));
  });
});

describe("a node that computes something else than one that began with a snapshot", () => {
  const spec = emissions.spec as { beginBlock?: typeof emissions.spec.beginBlock };
  const right = spec.beginBlock;
  before(() => {
    // The thread has modules of its own, so its node pays the reward of a block once.
    spec.beginBlock = (m) => (ctx, block) => {
      right?.(m)(ctx, block);
      right?.(m)(ctx, block);
    };
  });
  after(() => {
    if (right !== undefined) spec.beginBlock = right;
  });
  it("is told so, some blocks later, with the height at which it was", async () => {
    await assert.rejects(simulateChain({ seed: 7, blocks: 400, invariants: 1000, beside: true }), (error) => {
      assert.ok(error instanceof SimFailure, String(error));
      assert.match(error.message, /a node that began with a snapshot comes to other results/);
      return true;
    });
  });
});

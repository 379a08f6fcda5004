import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareEvents } from "../../../cmd/hanzod/selftest/replay/compareEvents.ts";

const own = (type: string, ...attributes: readonly (readonly [string, string])[]) => ({
  type,
  attributes: attributes.map(([key, value]) => ({ key, value, index: true })),
});

describe("events of a replay", () => {
  it("are alike when types, keys, values and their order are", () => {
    assert.equal(
      compareEvents(
        [
          ["a", [["k", "1"]]],
          ["b", []],
        ],
        [own("a", ["k", "1"]), own("b")],
      ),
      undefined,
    );
  });

  it("are told apart by the place of the first difference", () => {
    const expected = [
      [
        "a",
        [
          ["k", "1"],
          ["l", "2"],
        ],
      ],
    ] as const;
    assert.equal(compareEvents(expected, [own("a", ["k", "1"], ["l", "3"])]), 'event 0 (a) attribute 1: expected ["l","2"], got ["l","3"]');
    assert.equal(compareEvents(expected, [own("a", ["l", "2"], ["k", "1"])]), 'event 0 (a) attribute 0: expected ["k","1"], got ["l","2"]');
    assert.equal(compareEvents(expected, [own("a", ["k", "1"])]), 'event 0 (a) attribute 1: expected ["l","2"], got nothing');
    assert.match(compareEvents(expected, [own("b", ["k", "1"])]) ?? "", /^event 0: expected \["a",.*got \["b"/);
    assert.match(compareEvents(expected, []) ?? "", /^event 0: .*got nothing/);
    assert.match(compareEvents([], [own("a")]) ?? "", /^event 0: expected nothing/);
  });

  it("differ when one is indexed and the other is not", () => {
    assert.match(compareEvents([["a", [["k", "1", false]]]], [own("a", ["k", "1"])]) ?? "", /attribute 0/);
  });
});

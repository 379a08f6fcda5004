import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { QueryClient } from "@cosmjs/stargate";
import { QueryDefinition } from "#proto/hanzo/experience/v1/query";
import { setupExperienceExtension } from "../../../app/client/experienceExtension.ts";

const KEY = Uint8Array.of(1, 2);
const place = { schema: "v1", domain: "default" };
const page = { pagination: { key: KEY } };
const ASKED: readonly [method: keyof typeof QueryDefinition.methods, parameters: readonly unknown[], request: object][] = [
  ["params", [], {}],
  ["schema", ["v1"], { schema: "v1" }],
  ["schemas", [KEY], page],
  ["domain", ["v1", "default"], place],
  ["domains", ["v1", KEY], { schema: "v1", ...page }],
  ["prior", ["v1", "default"], place],
  ["entry", [1n], { entryId: 1n }],
  ["entries", [{ submitter: "hanzo1x", status: 2 }, KEY], { submitter: "hanzo1x", status: 2, ...page }],
  ["entryByRoot", [KEY], { root: KEY }],
  ["parents", [2n], { entryId: 2n }],
  ["children", [3n, KEY], { entryId: 3n, ...page }],
  ["shard", [4n], { entryId: 4n }],
  ["round", [5n], { roundId: 5n }],
  ["rounds", ["v1", "default", KEY], { ...place, ...page }],
  ["aggregate", [6n], { roundId: 6n }],
  ["votes", [7n, KEY], { roundId: 7n, ...page }],
  ["holdout", [8n], { holdoutId: 8n }],
  ["holdoutData", [9n], { holdoutId: 9n }],
  ["holdouts", ["v1", "default", KEY], { ...place, ...page }],
  ["totals", [], {}],
];

interface Codec {
  encode(message: object): { finish(): Uint8Array };
  fromPartial(partial: object): object;
}

describe("the registry's queries", () => {
  it("are all there", () => {
    const { experience } = setupExperienceExtension({ queryAbci: () => Promise.reject(new Error("nothing is asked")) });
    assert.deepEqual(Object.keys(experience).sort(), Object.keys(QueryDefinition.methods).sort());
    assert.deepEqual(ASKED.map(([method]) => method).sort(), Object.keys(QueryDefinition.methods).sort());
  });
  for (const [method, parameters, request] of ASKED) {
    it(`${method} asks its method with what it was given`, async () => {
      const asked: [string, Uint8Array][] = [];
      const queryAbci = (path: string, data: Uint8Array) => {
        asked.push([path, data]);
        return Promise.resolve({ value: new Uint8Array(), height: 1 });
      };
      const { experience } = setupExperienceExtension({ queryAbci } as unknown as QueryClient);
      await (experience[method] as (...parameters: readonly unknown[]) => Promise<unknown>)(...parameters);
      const { name, requestType } = QueryDefinition.methods[method] as unknown as { name: string; requestType: Codec };
      assert.deepEqual(asked, [[`/hanzo.experience.v1.Query/${name}`, requestType.encode(requestType.fromPartial(request)).finish()]]);
    });
  }
});

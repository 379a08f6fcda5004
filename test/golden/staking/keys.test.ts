import assert from "node:assert/strict";
import { it } from "node:test";
import { toHex } from "#sdk";
import { decodeBech32 } from "../../../app/encoding/bech32.ts";
import { createStakingBench, operatorOf, UNIT } from "../../harness/stakingBench.ts";

const hexOf = (name: string): string => toHex(decodeBech32(operatorOf(name)).bytes);
const text = (value: string): string => Buffer.from(value).toString("hex");
const inverted = (hex: string): string => toHex(Uint8Array.from(Buffer.from(hex, "hex")).map((byte) => ~byte));

it("keys of x/staking are the bytes of the SDK's, but for the sets of remembered blocks", () => {
  const chain = createStakingBench({ validators: { ann: 5n * UNIT, ben: 3n * UNIT }, accounts: ["cat"] });
  chain.delegate("cat", "ann", 100n);
  chain.undelegate("cat", "ann", 30n);
  chain.redelegate("cat", "ann", "ben", 20n);
  chain.jail("ben");
  chain.end();
  const [ann, ben, cat] = [hexOf("ann"), hexOf("ben"), hexOf("cat")];
  const rows = new Map(chain.bench.store("staking").dump());
  const cons = (name: string): string => toHex(chainCons(chain, name));
  const end = text("2023-11-14T22:15:01.000000000");
  const expected = [
    `1114${ann}`,
    "12",
    `2114${ann}`,
    `2114${ben}`,
    `2214${cons("ann")}`,
    `2214${cons("ben")}`,
    `23000000000000000514${inverted(ann)}`,
    `3114${ann}14${ann}`,
    `3114${ben}14${ben}`,
    `3114${cat}14${ann}`,
    `3114${cat}14${ben}`,
    `3214${cat}14${ann}`,
    `3314${ann}14${cat}`,
    `3414${cat}14${ann}14${ben}`,
    `3514${ann}14${cat}14${ben}`,
    `3614${ben}14${cat}14${ann}`,
    "37",
    "380000000000000001",
    "380000000000000002",
    "380000000000000003",
    "390000000000000001",
    "390000000000000002",
    "390000000000000003",
    `41${end}`,
    `42${end}`,
    `43000000000000001d${end}0000000000000001`,
    "500000000000000001",
    "500000000000000002",
    "51",
    "520000000000000001",
    "520000000000000002",
    "61",
    `7114${ann}${ann}`,
    `7114${ann}${cat}`,
    `7114${ben}${ben}`,
    `7114${ben}${cat}`,
  ];
  assert.deepEqual([...rows.keys()], [...expected].sort());
  assert.equal(rows.get(`1114${ann}`), "0805");
  assert.equal(rows.get("12"), `0a01${text("5")}`);
  assert.equal(rows.get("37"), "0000000000000003");
  assert.equal(rows.get("380000000000000001"), `3214${cat}14${ann}`);
  assert.equal(rows.get("380000000000000002"), `3414${cat}14${ann}14${ben}`);
  assert.equal(rows.get("380000000000000003"), `2114${ben}`);
  assert.deepEqual(
    ["1", "2", "3"].map((id) => rows.get(`39000000000000000${id}`)),
    ["1", "2", "3"].map((id) => `000000000000000${id}`),
  );
  assert.equal(rows.get(`2214${cons("ann")}`), ann);
});

function chainCons(chain: ReturnType<typeof createStakingBench>, name: string): Uint8Array {
  const view = chain.bench.module("staking").api["view"] as { findValidator(ctx: unknown, operator: string): { consAddress: Uint8Array } };
  return view.findValidator(chain.bench.ctx, operatorOf(name)).consAddress;
}

import assert from "node:assert/strict";
import { it } from "node:test";
import { hexOf } from "../../harness/memoryKv.ts";
import { ABSENT, COMMIT, createSlashingBench } from "../../harness/slashingBench.ts";
import { consensusAddress } from "../../harness/standInStaking.ts";

it("keys and values of x/slashing keep their bytes", () => {
  const chain = createSlashingBench({ window: 300_000n, minSignedE18: 0n });
  const ann = chain.staking.bond(chain.bench.ctx);
  const missed = new Set([0, 63, 64, 1_023, 1_024]);
  for (let i = 0; i <= 1_024; i++) chain.block([[ann, missed.has(i) ? ABSENT : COMMIT]]);
  const rows = new Map(chain.bench.store("slashing").dump());
  const at = `14${hexOf(consensusAddress(1))}`;
  assert.deepEqual([...rows.keys()], ["00", `01${at}`, `02${at}0000000000000000`, `02${at}0100000000000000`, `03${at}`, "04"]);
  const text = Buffer.from(chain.info(ann)?.address ?? "").toString("hex");
  const record = `0a${(text.length / 2).toString(16)}${text}18810822003005`;
  assert.equal(rows.get(`01${at}`), `0000000000000401${record}`);
  assert.equal(rows.get("04"), "0000000000000001");
  // A signed block writes nothing, and one without its vote the record as it is after the block before.
  chain.block([[ann, COMMIT]]);
  assert.deepEqual(new Map(chain.bench.store("slashing").dump()), rows);
  chain.block();
  const settled = new Map(chain.bench.store("slashing").dump());
  assert.equal(settled.get(`01${at}`), `0000000000000000${record.replace("188108", "188208")}`);
  assert.equal(settled.get("04"), "0000000000000000");
  assert.equal(
    rows.get("00"),
    `08e0a712120130${"1a02083c"}22${"11"}${Buffer.from("50000000000000000").toString("hex")}2a11${Buffer.from("10000000000000000").toString("hex")}`,
  );
  // What github.com/bits-and-blooms/bitset v1.24.3 writes for 1024 bits of which 0, 63, 64 and 1023 are set, and for one where only the first is.
  const words = (...values: readonly string[]): string => `0000000000000400${values.join("").padEnd(256, "0")}`;
  assert.equal(rows.get(`02${at}0000000000000000`), `${words("8000000000000001", "0000000000000001").slice(0, -16)}8000000000000000`);
  assert.equal(rows.get(`02${at}0100000000000000`), words("0000000000000001"));
});

it("the store of x/slashing has the recorded SDK chain's keys: a page of records names the next by its length and address", () => {
  const chain = createSlashingBench();
  for (let i = 0; i < 2; i++) chain.staking.bond(chain.bench.ctx);
  const { pagination } = chain.bench.query("/cosmos.slashing.v1beta1.Query/SigningInfos", { pagination: { limit: 1n } }) as {
    readonly pagination: { readonly nextKey: Uint8Array };
  };
  assert.equal(hexOf(pagination.nextKey), `14${hexOf(consensusAddress(2))}`);
});

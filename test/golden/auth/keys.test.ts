import assert from "node:assert/strict";
import { it } from "node:test";
import { BaseAccount } from "#proto/cosmos/auth/v1beta1/auth";
import { createAddressCodec, moduleAddress } from "#sdk";
import { auth } from "../../../modules/auth/index.ts";
import { createBench } from "../../harness/moduleBench.ts";

it("keys of x/auth keep their bytes", () => {
  const bench = createBench({ modules: [auth] });
  const raw = Uint8Array.from({ length: 20 }, (_, i) => i + 1);
  const address = createAddressCodec("test").format(raw);
  const hex = Buffer.from(raw).toString("hex");
  const fees = Buffer.from(moduleAddress("fee_collector")).toString("hex");
  bench.init("auth", {
    accounts: [
      {
        typeUrl: "/cosmos.auth.v1beta1.BaseAccount",
        value: BaseAccount.encode(BaseAccount.fromPartial({ address, accountNumber: 0n, sequence: 3n })).finish(),
      },
    ],
  });
  const rows = bench.store("acc").dump();
  assert.deepEqual(
    rows.map(([key]) => key),
    ["00", `01${hex}`, `01${fees}`, "02", `030000000000000000${hex}`, `030000000000000001${fees}`, `04${fees}`],
  );
  assert.deepEqual(
    rows.filter(([key]) => !key.startsWith("01")).map(([, value]) => value),
    ["0880021007180a20ce0428e807", "0000000000000002", "01", "01", Buffer.from("fee_collector").toString("hex")],
  );
  const text = Buffer.from(address).toString("hex");
  const length = (value: string): string => (value.length >>> 1).toString(16).padStart(2, "0");
  const account = `0a${length(text)}${text}2003`;
  const type = Buffer.from("/cosmos.auth.v1beta1.BaseAccount").toString("hex");
  assert.equal(rows.find(([key]) => key === `01${hex}`)?.[1], `0a${length(type)}${type}12${length(account)}${account}`);
});

import assert from "node:assert/strict";
import { it } from "node:test";
import { toHex } from "#sdk";
import { decodeBech32 } from "../../../app/encoding/bech32.ts";
import { consAddressOf } from "../../../modules/staking/consKey.ts";
import { coin, createStakingBench, keyBytesOf, operatorOf, UNIT } from "../../harness/stakingBench.ts";

const operator = toHex(decodeBech32(operatorOf("ann")).bytes);
const cons = (name: string): string => toHex(consAddressOf({ keyType: "ed25519", publicKey: keyBytesOf(name) }));
const text = (value: string): string => Buffer.from(value).toString("hex");
const END = text("2023-11-14T22:15:01.000000000");

// Layouts of cosmos-sdk 0.55 x/staking types/keys.go.
it("keys and values of a change of consensus key are the bytes of the SDK's", () => {
  const chain = createStakingBench({ validators: { ann: 5n * UNIT }, params: { keyRotationFee: coin(7n) } });
  const rows = () =>
    chain.bench
      .store("staking")
      .dump()
      .filter(([key]) => key.startsWith("9"));
  chain.rotate("ann", "new");
  const queued = [
    [`91${END}14${operator}`, "01"],
    [`9214${operator}`, "01"],
  ];
  const key = `0a1d${text("/cosmos.crypto.ed25519.PubKey")}12220a20${toHex(keyBytesOf("new"))}`;
  const expiry = [`95${END}14${cons("ann")}`, `0a14${operator}120608e5e2cfaa06`];
  assert.deepEqual(rows(), [
    ...queued,
    ...[
      [`9314${cons("ann")}`, `0314${operator}`],
      [`9314${cons("new")}`, `0214${operator}`],
    ].sort(),
    [`94000000000000000314${operator}`, key],
    expiry,
  ]);
  for (let block = 0; block < 3; block++) chain.end();
  assert.deepEqual(rows(), [...queued, [`9314${cons("ann")}`, `0114${operator}`], expiry]);
});

import assert from "node:assert/strict";
import { it } from "node:test";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { createBench } from "../../harness/moduleBench.ts";
import { createRecordedBench } from "../../harness/recordedChain.ts";
import { readSdkVectors } from "../../harness/sdkVectors.ts";

const ALICE = "3ef9fb5a9ec1ef0a8ed4a3c4fc0d3b7b1dc4f8a4";

it("keys of x/bank are the bytes of the SDK's", () => {
  const bench = createBench({ modules: [auth, bank] });
  const address =
    bench.modules[0]?.spec === undefined
      ? ""
      : bench.query("/cosmos.auth.v1beta1.Query/AddressBytesToString", { addressBytes: Uint8Array.from(Buffer.from(ALICE, "hex")) });
  const { addressString } = address as { readonly addressString: string };
  bench.init("bank", {
    params: { sendEnabled: [], defaultSendEnabled: true },
    balances: [{ address: addressString, coins: [{ denom: "stake", amount: "12" }] }],
    sendEnabled: [{ denom: "stake", enabled: false }],
    denomMetadata: [
      {
        description: "",
        denomUnits: [{ denom: "stake", exponent: 0, aliases: [] }],
        base: "stake",
        display: "stake",
        name: "n",
        symbol: "s",
        uri: "",
        uriHash: "",
      },
    ],
  });
  const stake = Buffer.from("stake").toString("hex");
  const text = (value: string): string => Buffer.from(value).toString("hex");
  assert.deepEqual(bench.store("bank").dump(), [
    [`00${stake}`, text("12")],
    [`01${stake}`, "12070a057374616b651a057374616b6522057374616b652a016e320173"],
    [`0214${ALICE}${stake}`, text("12")],
    [`03${stake}0014${ALICE}`, "01"],
    [`04${stake}`, "00"],
    ["05", "1001"],
  ]);
});

it("a recorded store query finds its value here", () => {
  const bench = createRecordedBench("exported");
  const rows = new Map(bench.store("bank").dump());
  const queries = readSdkVectors("abci").abci_query.filter(
    ({ path, data, code, height }) => path === "/store/bank/key" && data !== "" && code === 0 && height === undefined,
  );
  assert.ok(queries.length >= 3);
  for (const { data, value } of queries) assert.equal(rows.get(data) ?? "", value, data);
});

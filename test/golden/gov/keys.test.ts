import assert from "node:assert/strict";
import { it } from "node:test";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { distribution } from "../../../modules/distribution/index.ts";
import { gov } from "../../../modules/gov/index.ts";
import { staking } from "../../../modules/staking/index.ts";
import { createBench } from "../../harness/moduleBench.ts";

it("keys of x/gov are the bytes of the SDK's", () => {
  const bench = createBench({ modules: [consensus, auth, bank, staking, distribution, gov], ports: { gov: { messages: {} } } });
  const ann = bench.account("ann");
  const [hex] =
    bench.modules.length > 0
      ? [
          Buffer.from(
            (bench.query("/cosmos.auth.v1beta1.Query/AddressStringToBytes", { addressString: ann }) as { addressBytes: Uint8Array })
              .addressBytes,
          ).toString("hex"),
        ]
      : [];
  const coins = [{ denom: "atest", amount: "5" }];
  const time = { seconds: 1_764_000_000n, nanos: 5 };
  const proposal = {
    messages: [],
    finalTallyResult: undefined,
    submitTime: time,
    totalDeposit: [],
    metadata: "m",
    title: "t",
    summary: "s",
    proposer: ann,
    expedited: false,
    failedReason: "",
  };
  bench.init("auth", {});
  bench.init("bank", { balances: [{ address: bench.module("gov").account, coins }] });
  bench.init("gov", {
    startingProposalId: 9n,
    deposits: [{ proposalId: 7n, depositor: ann, amount: coins }],
    votes: [{ proposalId: 8n, voter: ann, options: [{ option: 1, weight: "1" }], metadata: "" }],
    proposals: [
      { ...proposal, id: 7n, status: 1, totalDeposit: coins, depositEndTime: time, votingStartTime: undefined, votingEndTime: undefined },
      { ...proposal, id: 8n, status: 2, depositEndTime: time, votingStartTime: time, votingEndTime: time },
    ],
    constitution: "be good",
  });
  const at = Buffer.from("2025-11-24T16:00:00.000000005").toString("hex");
  const [seven, eight] = ["0000000000000007", "0000000000000008"];
  assert.deepEqual(
    bench
      .store("gov")
      .dump()
      .map(([key]) => key),
    [
      `00${seven}`,
      `00${eight}`,
      `01${at}${eight}`,
      `02${at}${seven}`,
      "03",
      `04${eight}`,
      `10${seven}14${hex}`,
      `20${eight}14${hex}`,
      "30",
      "31",
    ],
  );
  const again = createBench({ modules: [consensus, auth, bank, staking, distribution, gov], ports: { gov: { messages: {} } } });
  again.init("auth", {});
  again.init("bank", { balances: [{ address: bench.module("gov").account, coins }] });
  again.init("gov", bench.exportGenesis("gov") as object);
  assert.deepEqual(again.store("gov").dump(), bench.store("gov").dump());
  assert.deepEqual(bench.broken(), []);
});

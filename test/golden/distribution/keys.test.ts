import assert from "node:assert/strict";
import { it } from "node:test";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { distribution } from "../../../modules/distribution/index.ts";
import { staking } from "../../../modules/staking/index.ts";
import { createBench } from "../../harness/moduleBench.ts";
import { accountOf, operatorOf } from "../../harness/stakingBench.ts";

const hex = (text: string): string => Buffer.from(text).toString("hex");

it("keys and values of x/distribution are the bytes of the SDK's", () => {
  const bench = createBench({ modules: [auth, bank, consensus, staking, distribution] });
  const { addressBytes } = bench.query("/cosmos.auth.v1beta1.Query/AddressStringToBytes", { addressString: accountOf("ann") }) as {
    readonly addressBytes: Uint8Array;
  };
  const ann = `14${Buffer.from(addressBytes).toString("hex")}`;
  const coin = { denom: "atest", amount: "5" };
  const validatorAddress = operatorOf("ann");
  const delegatorAddress = accountOf("ann");
  bench.init("auth");
  bench.init("distribution", {
    feePool: { communityPool: [coin] },
    params: { communityTax: "2", baseProposerReward: "0", bonusProposerReward: "0", withdrawAddrEnabled: true },
    delegatorWithdrawInfos: [{ delegatorAddress, withdrawAddress: delegatorAddress }],
    outstandingRewards: [{ validatorAddress, outstandingRewards: [coin] }],
    validatorAccumulatedCommissions: [{ validatorAddress, accumulated: { commission: [coin] } }],
    validatorHistoricalRewards: [{ validatorAddress, period: 258n, rewards: { cumulativeRewardRatio: [coin], referenceCount: 1 } }],
    validatorCurrentRewards: [{ validatorAddress, rewards: { rewards: [coin], period: 259n } }],
    delegatorStartingInfos: [{ validatorAddress, delegatorAddress, startingInfo: { previousPeriod: 258n, stake: "7", height: 9n } }],
    validatorSlashEvents: [{ validatorAddress, height: 3n, period: 258n, validatorSlashEvent: { validatorPeriod: 258n, fraction: "1" } }],
  });
  bench.module("distribution").beginBlock?.(bench.at(1n).ctx, {
    proposer: addressBytes,
    hash: new Uint8Array(0),
    nextValidatorsHash: new Uint8Array(0),
    appHash: new Uint8Array(0),
    lastCommit: [],
    misbehavior: [],
  });
  const five = `0a0a0a05${hex("atest")}120135`;
  assert.deepEqual(bench.store("distribution").dump(), [
    ["00", five],
    ["01", `0a${ann}`],
    [`02${ann}`, five],
    [`03${ann}`, ann.slice(2)],
    [`04${ann}${ann}`, `0882021201371809`],
    [`05${ann}0201000000000000`, `${five}1001`],
    [`06${ann}`, `${five}108302`],
    [`07${ann}`, five],
    [`08${ann}00000000000000030000000000000102`, "088202120131"],
    ["09", "0a01321201301a01302001"],
  ]);
});

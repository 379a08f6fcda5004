// The words are those of the SDK: they stand in the reason of a proposal that failed.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Params } from "#proto/cosmos/gov/v1/gov";
import { createAddressCodec, ModuleError } from "#sdk";
import { DEFAULT_PARAMS, validateParams } from "../../../modules/gov/params.ts";
import { refused } from "../../harness/refused.ts";

const coins = (amount: number): Params["minDeposit"] => [{ denom: "stake", amount: String(amount) }];
const GOOD: Params = { ...DEFAULT_PARAMS, minDeposit: coins(10), expeditedMinDeposit: coins(50) };
const address = createAddressCodec("hanzo");
const zeros = "0".repeat(18);

const cases: readonly (readonly [change: Partial<Params>, text: string])[] = [
  [{ minDeposit: [] }, "invalid minimum deposit: "],
  [{ minDeposit: coins(-1) }, "invalid minimum deposit: -1stake"],
  [{ expeditedMinDeposit: coins(0) }, "invalid expedited minimum deposit: 0stake"],
  [{ expeditedMinDeposit: coins(10) }, "expedited minimum deposit must be greater than minimum deposit: 10stake"],
  [{ quorum: "" }, "invalid quorum string: decimal string cannot be empty"],
  [{ quorum: "-" }, "invalid quorum string: decimal string cannot be empty"],
  [{ quorum: "much" }, `invalid quorum string: failed to set decimal string with base 10: much${zeros}`],
  [{ quorum: "0.x" }, `invalid quorum string: failed to set decimal string with base 10: 0x${zeros.slice(1)}`],
  [{ quorum: "0." }, "invalid quorum string: invalid decimal length"],
  [{ quorum: ".5" }, "invalid quorum string: invalid decimal length"],
  [{ quorum: "0.1.2" }, "invalid quorum string: invalid decimal string"],
  [{ quorum: `0.${zeros}1` }, `invalid quorum string: value '0.${zeros}1' exceeds max precision by -1 decimal places: max precision 18`],
  [{ quorum: "-0.1" }, "quorom cannot be negative: -0.100000000000000000"],
  [{ quorum: "1.5" }, "quorom too large: 1.5"],
  [{ threshold: "0" }, "vote threshold must be positive: 0.000000000000000000"],
  [{ threshold: "x" }, `invalid threshold string: failed to set decimal string with base 10: x${zeros}`],
  [{ expeditedThreshold: "2" }, "expedited vote threshold too large: 2.000000000000000000"],
  [
    { expeditedThreshold: "0.5" },
    "expedited vote threshold 0.500000000000000000, must be greater than the regular threshold 0.500000000000000000",
  ],
  [{ vetoThreshold: "0" }, "veto threshold must be positive: 0.000000000000000000"],
  [{ minInitialDepositRatio: "-1" }, "mininum initial deposit ratio of proposal must be positive: -1.000000000000000000"],
  [{ proposalCancelDest: "nobody" }, "deposits destination address is invalid: nobody"],
  [{ proposalCancelRatio: "1.1" }, "burn rate of cancel proposal is too large: 1.100000000000000000"],
];

describe("parameters of x/gov", () => {
  it("may be those of a new chain", () => validateParams(GOOD, address));
  it("have a ratio of single deposits from 0 to 1, so that deposits stay possible", () => {
    for (const minDepositRatio of ["0", "1"]) validateParams({ ...GOOD, minDepositRatio }, address);
    for (const minDepositRatio of ["", "much", "-1", "1.1"])
      refused(() => validateParams({ ...GOOD, minDepositRatio }, address), "undefined/1", /minimum deposit ratio/);
  });
  it("may send what a cancelled proposal costs to an account of the chain", () => {
    const proposalCancelDest = address.format(new Uint8Array(20));
    validateParams({ ...GOOD, proposalCancelDest }, address);
    refused(
      () => validateParams({ ...GOOD, proposalCancelDest }, createAddressCodec("other")),
      "undefined/1",
      /^deposits destination address is invalid: hanzo1/,
    );
  });
  for (const [change, text] of cases)
    it(`are refused: ${text}`, () =>
      assert.throws(
        () => validateParams({ ...GOOD, ...change }, address),
        (error) => {
          assert.ok(error instanceof ModuleError);
          assert.deepEqual([error.codespace, error.code, error.message], ["undefined", 1, text]);
          return true;
        },
      ));
});

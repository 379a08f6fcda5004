import assert from "node:assert/strict";
import { it } from "node:test";
import { type Coin, createCtx, createGasMeter, type NestedMessage } from "#sdk";
import { stakeAuthorization } from "../../../modules/authz/stakeAuthorization.ts";
import { AuthorizationType, StakeAuthorization } from "../../../proto/gen/cosmos/staking/v1beta1/authz.ts";
import { coins, failure } from "./authzBench.ts";

const [good, other] = ["valoper1good", "valoper1other"];
const gas = createGasMeter();
const ctx = createCtx({
  height: 1n,
  timeNs: 0n,
  chainId: "test-1",
  gas,
  stores: () => {
    throw new Error("no store expected");
  },
  events: [],
  formatEvent: () => ({ type: "", attributes: [] }),
});

const use = (authorization: Partial<StakeAuthorization>, value: object) =>
  stakeAuthorization.use(ctx, StakeAuthorization.fromPartial({ authorizationType: 1, ...authorization }), { value } as NestedMessage);
const delegate = (validatorAddress: string, amount?: Coin) => ({ validatorAddress, amount });

it("a limit is what is left of it, and nothing when nothing is", () => {
  const maxTokens = coins(5n)[0];
  assert.deepEqual(
    use({ maxTokens }, delegate(good, coins(2n)[0])),
    StakeAuthorization.fromPartial({ authorizationType: 1, maxTokens: coins(3n)[0] }),
  );
  assert.equal(use({ maxTokens }, delegate(good, coins(5n)[0])), "nothing");
  assert.throws(() => use({ maxTokens }, delegate(good, coins(6n)[0])), failure("undefined", 1, /^negative coin amount: -1stake$/));
  assert.throws(
    () => use({ maxTokens }, delegate(good, coins(1n, "photon")[0])),
    failure("undefined", 1, /^invalid coin denoms: stake, photon$/),
  );
  for (const amount of [undefined, coins(-3n)[0]]) assert.throws(() => use({ maxTokens }, delegate(good, amount)), failure("sdk", 18));
  assert.equal(use({ maxTokens: coins(0n)[0] }, delegate(good, coins(0n)[0])), "nothing");
});

it("without a limit any amount goes, and the grant stays as it is", () => {
  assert.equal(use({}, delegate(good, coins(10n ** 30n)[0])), "unchanged");
});

it("only validators of an allow list, and none of a deny list; a redelegation is judged by where it leads", () => {
  const allowList = { address: [good] };
  assert.equal(use({ allowList }, delegate(good)), "unchanged");
  assert.throws(() => use({ allowList }, delegate(other)), failure("sdk", 4, /^cannot delegate\/undelegate to valoper1other validator/));
  assert.equal(use({ denyList: allowList }, delegate(other)), "unchanged");
  assert.throws(() => use({ denyList: allowList }, delegate(good)), failure("sdk", 4));
  const move = { validatorSrcAddress: other, validatorDstAddress: good };
  assert.equal(use({ allowList }, move), "unchanged");
  assert.throws(() => use({ denyList: allowList }, move), failure("sdk", 4));
});

it("every entry looked at costs gas", () => {
  const before = gas.used;
  assert.throws(() => use({ allowList: { address: ["a", "b", "c"] } }, delegate(good)));
  assert.equal(gas.used - before, 30n);
});

it("each type allows the message of x/staking that it is named after", () => {
  const messageTypes = Object.values(AuthorizationType)
    .filter((type) => type > 0)
    .map((authorizationType) => stakeAuthorization.messageType(StakeAuthorization.fromPartial({ authorizationType }), {} as never));
  assert.deepEqual(
    messageTypes.map((type) => type.replace("/cosmos.staking.v1beta1.Msg", "")),
    ["Delegate", "Undelegate", "BeginRedelegate", "CancelUnbondingDelegation"],
  );
});

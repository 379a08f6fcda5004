// A validator's life on the whole state machine: transactions of an operator and a delegator, the set that CometBFT is told, an export that goes on.
import assert from "node:assert/strict";
import { it } from "node:test";
import { PubKey } from "#proto/cosmos/crypto/ed25519/keys";
import { QueryPoolRequest, QueryPoolResponse } from "#proto/cosmos/staking/v1beta1/query";
import { MsgCreateValidator, MsgDelegate, MsgUndelegate } from "#proto/cosmos/staking/v1beta1/tx";
import { createAddressCodec } from "#sdk";
import { CHAIN } from "../../../app/hanzo.ts";
import { message } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

const UNIT = CHAIN.powerReduction;
const KEY = new Uint8Array(32).fill(9);
const codec = createAddressCodec(CHAIN.bech32Prefix);
const coin = (amount: bigint): { denom: string; amount: string } => ({ denom: CHAIN.baseDenom, amount: amount.toString() });

function becomeValidator(address: string) {
  return message(MsgCreateValidator, {
    description: { moniker: "one", identity: "", website: "", securityContact: "", details: "" },
    commission: { rate: "100000000000000000", maxRate: "200000000000000000", maxChangeRate: "10000000000000000" },
    minSelfDelegation: "1",
    delegatorAddress: "",
    validatorAddress: codec.operator.format(codec.parse(address)),
    pubkey: { typeUrl: "/cosmos.crypto.ed25519.PubKey", value: PubKey.encode({ key: KEY }).finish() },
    value: coin(5n * UNIT),
  });
}

async function pool(chain: TestChain): Promise<unknown> {
  const { value } = await chain.query("/cosmos.staking.v1beta1.Query/Pool", QueryPoolRequest.encode({}).finish());
  return QueryPoolResponse.decode(value).pool;
}

it("an operator signs with its account, direct and amino, and CometBFT is told of stake in units of power", async () => {
  const chain = await createTestChain();
  const [ann = assert.fail(), ben = assert.fail()] = chain.accounts;
  await chain.deliver();
  const created = await chain.deliver(await chain.sign([becomeValidator(ann.address)], [ann], {}, "amino"));
  assert.equal(created.txResults[0]?.code, 0, created.txResults[0]?.log);
  assert.deepEqual(created.validatorUpdates, [{ pubKey: { ed25519: KEY }, power: 5n }]);
  const parties = { delegatorAddress: ben.address, validatorAddress: codec.operator.format(codec.parse(ann.address)) };
  const staked = await chain.deliver(await chain.sign([message(MsgDelegate, { ...parties, amount: coin(2n * UNIT) })], [ben]));
  assert.deepEqual(staked.validatorUpdates, [{ pubKey: { ed25519: KEY }, power: 7n }]);
  const left = await chain.deliver(await chain.sign([message(MsgUndelegate, { ...parties, amount: coin(UNIT / 2n) })], [ben]));
  assert.deepEqual(left.validatorUpdates, [{ pubKey: { ed25519: KEY }, power: 6n }]);
  assert.deepEqual(await pool(chain), { bondedTokens: (6n * UNIT + UNIT / 2n).toString(), notBondedTokens: (UNIT / 2n).toString() });
  const wrong = message(MsgDelegate, { ...parties, validatorAddress: ann.address, amount: coin(1n) });
  const refused = chain.check(await chain.sign([wrong], [ben]));
  assert.deepEqual([refused.codespace, refused.code], ["sdk", 7]);
});

it("an export goes on with the same stake and the same set", async () => {
  const chain = await createTestChain();
  const [ann = assert.fail()] = chain.accounts;
  await chain.deliver();
  await chain.deliver(await chain.sign([becomeValidator(ann.address)], [ann]));
  const { appState } = await chain.app.exportChain();
  const again = await createTestChain({ appState });
  const { validatorUpdates } = await again.deliver();
  assert.deepEqual(validatorUpdates, []);
  assert.deepEqual(await pool(again), await pool(chain));
  assert.deepEqual((await again.app.exportChain()).appState["staking"], appState["staking"]);
  assert.deepEqual((await chain.app.exportChain({ forZeroHeight: true })).appState["staking"], appState["staking"]);
});

// The recorded SDK chain's genesis transactions on this state machine: the same validators in the same order, from the same bytes and signatures.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createHanzoApp } from "../../../app/hanzo.ts";
import { type App, storeNames } from "../../../app/runtime/app.ts";
import { createAddressCodec } from "../../../app/sdk/index.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { genutil } from "../../../modules/genutil/index.ts";
import { staking } from "../../../modules/staking/index.ts";
import { QueryAccountInfoRequest, QueryAccountInfoResponse } from "../../../proto/gen/cosmos/auth/v1beta1/query.ts";
import { QueryValidatorsRequest, QueryValidatorsResponse } from "../../../proto/gen/cosmos/staking/v1beta1/query.ts";
import { RequestFinalizeBlock, RequestInitChain, RequestQuery, type ResponseInitChain } from "../../../proto/gen/tendermint/abci/types.ts";
import { bystanders, plainAccount, RECORDED_CHAIN } from "../../harness/recordedChain.ts";
import { readSdkVectors } from "../../harness/sdkVectors.ts";
import { testConsensusParams } from "../../harness/testChain.ts";

const { genesis, validators_after_init_chain: recorded } = readSdkVectors("genesis");
const { app_state: state } = genesis;

const BONDED = 3;
const messages = (
  state["genutil"] as { gen_txs: { body: { messages: { validator_address: string; value: { amount: string } }[] } }[] }
).gen_txs.flatMap(({ body }) => body.messages);

/** The parts of the recorded state that genesis transactions need; vesting accounts come as plain ones. */
function appState(): Record<string, Readonly<Record<string, unknown>>> {
  const { accounts = [] } = (state["auth"] ?? {}) as { readonly accounts?: readonly Record<string, unknown>[] };
  const { bank: balances = {}, staking: stake = {}, genutil: txs = {} } = state;
  return structuredClone({
    auth: { ...state["auth"], accounts: accounts.map(plainAccount) },
    bank: balances,
    staking: stake,
    genutil: txs,
  });
}

async function begin(
  change: (state: ReturnType<typeof appState>) => void = () => undefined,
): Promise<{ app: App; answer: ResponseInitChain }> {
  const modules = [consensus, auth, bank, ...bystanders, staking, genutil];
  const app = await createHanzoApp({ store: createMemoryCommitStore({ stores: storeNames(modules) }), modules, chain: RECORDED_CHAIN });
  const given = appState();
  change(given);
  const request = RequestInitChain.fromPartial({
    chainId: "simd-testing",
    initialHeight: 1n,
    time: { seconds: 1_767_225_600n, nanos: 0 },
    consensusParams: testConsensusParams(),
    appStateBytes: new TextEncoder().encode(JSON.stringify(given)),
  });
  return { app, answer: app.initChain(request) };
}

async function query<T>(app: App, path: string, data: Uint8Array, decode: (bytes: Uint8Array) => T): Promise<T> {
  const { code, log, value } = await app.query(RequestQuery.fromPartial({ path, data }));
  assert.equal(code, 0, log);
  return decode(value);
}

describe("the recorded genesis transactions", () => {
  it("make the recorded validators, in the recorded order", async () => {
    const { answer } = await begin();
    const validators = answer.validators.map(({ pubKey, power }) => [Buffer.from(pubKey?.ed25519 ?? []).toString("base64"), String(power)]);
    assert.deepEqual(
      validators,
      recorded.map(({ pub_key, power }) => [pub_key, power]),
    );
  });

  it("leave the recorded validators and operators behind after the first block", async () => {
    const { app } = await begin();
    await app.finalizeBlock(RequestFinalizeBlock.fromPartial({ height: 1n, time: { seconds: 1_767_225_600n, nanos: 0 } }));
    await app.commit();
    const { validators } = await query(
      app,
      "/cosmos.staking.v1beta1.Query/Validators",
      QueryValidatorsRequest.encode(QueryValidatorsRequest.fromPartial({})).finish(),
      (bytes) => QueryValidatorsResponse.decode(bytes),
    );
    const found = validators.map(({ operatorAddress, tokens, status, unbondingHeight }) => [
      operatorAddress,
      tokens,
      Number(status),
      unbondingHeight,
    ]);
    const created = messages.map(({ validator_address, value }) => [validator_address, value.amount, BONDED, 0n]);
    assert.deepEqual(found.sort(), created.sort());
    const address = createAddressCodec(RECORDED_CHAIN.bech32Prefix);
    const operator = address.format(address.operator.parse(messages[0]?.validator_address ?? ""));
    const { info } = await query(
      app,
      "/cosmos.auth.v1beta1.Query/AccountInfo",
      QueryAccountInfoRequest.encode({ address: operator }).finish(),
      (bytes) => QueryAccountInfoResponse.decode(bytes),
    );
    assert.equal(info?.sequence, 1n);
    assert.deepEqual(app.brokenInvariants(), []);
  });

  const refusals: readonly (readonly [
    what: string,
    change: (state: ReturnType<typeof appState>) => void,
    codespace: string,
    code: number,
    text: RegExp,
  ])[] = [
    [
      "changed in one character",
      (given) => Object.assign(given, JSON.parse(JSON.stringify(given).replace('"moniker":"two"', '"moniker":"tow"'))),
      "sdk",
      4,
      /^app_state\.genutil: gen_txs\[1\]: signature verification failed/,
    ],
    [
      "of one validator twice",
      (given) => {
        const { gen_txs: txs } = given["genutil"] as { gen_txs: unknown[] };
        txs.push(txs[0]);
      },
      "sdk",
      32,
      /gen_txs\[2\]: account sequence mismatch, expected 1, got 0/,
    ],
    [
      "without the operator's account",
      (given) => Object.assign(given["auth"] ?? {}, { accounts: [] }),
      "sdk",
      9,
      /gen_txs\[0\]: .*does not exist/,
    ],
  ];
  for (const [what, change, codespace, code, text] of refusals)
    it(`${what} refuse the genesis`, () =>
      assert.rejects(begin(change), (error: Error & { codespace?: string; code?: number }) => {
        assert.deepEqual([error.codespace, error.code], [codespace, code], error.message);
        assert.match(error.message, text);
        return true;
      }));
});

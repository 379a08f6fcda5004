// What clients ask by ABCI path through the engine's RPC, and relayers over gRPC: the codes and texts by which they decide.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { createRecordedNode } from "../../../cmd/hanzod/selftest/recording/recordedNode.ts";
import { QueryAccountRequest } from "../../../proto/gen/cosmos/auth/v1beta1/query.ts";
import {
  QueryAllBalancesRequest,
  QueryBalanceRequest,
  QueryDenomMetadataRequest,
  QuerySupplyOfRequest,
} from "../../../proto/gen/cosmos/bank/v1beta1/query.ts";
import { ConfigResponse } from "../../../proto/gen/cosmos/base/node/v1beta1/query.ts";
import { GetNodeInfoResponse } from "../../../proto/gen/cosmos/base/tendermint/v1beta1/query.ts";
import { QuerySigningInfoRequest } from "../../../proto/gen/cosmos/slashing/v1beta1/query.ts";
import { GetTxRequest, SimulateRequest } from "../../../proto/gen/cosmos/tx/v1beta1/service.ts";
import { RequestCheckTx, RequestQuery, type ResponseQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { recording } from "../../harness/recordedCases.ts";
import { ALICE } from "../rest/clientRequests.ts";

const NOBODY = "cosmos1mdq40sddklfrzgujqz8r4rwtv3m3tsncvrxghs";
/** Who has a grant to stake, and whose fees are paid, at the end of the recording. */
const _STAKE_GRANT = { granter: ALICE, grantee: "cosmos1tzacwlecquapnqcwd5t4z0mdrhsnaauxsdcl37" };
const _ALLOWANCE = { granter: ALICE, grantee: "cosmos1ngnfcwnqe0ylfrldr8gyk94fkuv8fe9ygrxuz3" };
const EMPTY = new Uint8Array(0);
const account = (address: string): Uint8Array => QueryAccountRequest.encode({ address }).finish();
const balance = QueryBalanceRequest.encode({ address: ALICE, denom: "stake" }).finish();
const allBalances = QueryAllBalancesRequest.encode(QueryAllBalancesRequest.fromPartial({ address: ALICE })).finish();
const signingInfo = (consAddress: string): Uint8Array => QuerySigningInfoRequest.encode({ consAddress }).finish();
const metadata = (denom: string): Uint8Array => QueryDenomMetadataRequest.encode({ denom }).finish();
const getTx = (hash: string): Uint8Array => GetTxRequest.encode({ hash }).finish();
/** A transaction without signature, as clients simulate one. */
const simulate = SimulateRequest.encode(SimulateRequest.fromPartial({ txBytes: recordedTx("unsigned: no public key") })).finish();

/** Bytes of the transaction in a recorded request, by the beginning of its note. */
function recordedTx(wanted: string): Uint8Array {
  const found = recording.rest?.requests.find(({ note = "" }) => note.startsWith(wanted));
  assert.ok(found, wanted);
  return new Uint8Array(Buffer.from((found.request_body as { readonly tx_bytes: string }).tx_bytes, "base64"));
}

type Row = readonly [path: string, data: Uint8Array, refusal?: RegExp];
/** cosmjs shows the text of a failure and looks for its status in there. */
const NOT_FOUND = /^rpc error: code = NotFound desc = [\s\S]*: key not found$/;
const COSMJS: readonly Row[] = [
  ["/cosmos.auth.v1beta1.Query/Account", account(ALICE)],
  ["/cosmos.auth.v1beta1.Query/Account", account(NOBODY), NOT_FOUND],
  ["/cosmos.bank.v1beta1.Query/Balance", balance],
  ["/cosmos.bank.v1beta1.Query/AllBalances", allBalances],
  ["/cosmos.bank.v1beta1.Query/TotalSupply", EMPTY],
  ["/cosmos.bank.v1beta1.Query/SupplyOf", QuerySupplyOfRequest.encode({ denom: "stake" }).finish()],
  ["/cosmos.bank.v1beta1.Query/DenomMetadata", metadata("stake")],
  ["/cosmos.bank.v1beta1.Query/DenomMetadata", metadata("nothing"), NOT_FOUND],
  ["/cosmos.bank.v1beta1.Query/DenomsMetadata", EMPTY],
  ["/cosmos.slashing.v1beta1.Query/Params", EMPTY],
  ["/cosmos.slashing.v1beta1.Query/SigningInfos", EMPTY],
  ["/cosmos.slashing.v1beta1.Query/SigningInfo", signingInfo("cosmosvalcons1pa75z87gpgj70g6j2hgmxl0gpg54p4za5ddgt0")],
  ["/cosmos.slashing.v1beta1.Query/SigningInfo", signingInfo("cosmosvalcons1wnp97ukwq5s77q6z240ultszjcgnutk4ytwemh"), NOT_FOUND],
  ["/cosmos.tx.v1beta1.Service/GetTx", getTx("F2CFB4DD7BC86DA6E75A3C01B14E3991E90C22C552FFED52A4DD3E45B31CA093")],
  ["/cosmos.tx.v1beta1.Service/GetTx", getTx("0".repeat(64)), /code = NotFound desc = tx not found/],
  ["/cosmos.tx.v1beta1.Service/Simulate", simulate],
];
/** Extensions of cosmjs for the modules of the Cosmos SDK: queries that want nothing answer, others say what they want. */
const THERE: Readonly<Record<string, readonly string[]>> = {
  "cosmos.distribution.v1beta1.Query": ["CommunityPool", "DelegationRewards", "DelegationTotalRewards", "Params", "ValidatorCommission"],
  "cosmos.gov.v1beta1.Query": ["Params", "Proposals", "Proposal", "Deposits", "TallyResult", "Votes"],
  "cosmos.feegrant.v1beta1.Query": ["Allowance", "Allowances"],
  "cosmos.authz.v1beta1.Query": ["Grants", "GranterGrants", "GranteeGrants"],
  "cosmos.mint.v1beta1.Query": ["Params", "Inflation", "AnnualProvisions"],
};
const there = Object.entries(THERE).flatMap(([service, methods]) => methods.map((method) => `/${service}/${method}`));
/** And for modules that are not here. */
const ABSENT: Readonly<Record<string, readonly string[]>> = {
  "ibc.core.client.v1.Query": ["ClientState", "ClientStates"],
  "ibc.core.channel.v1.Query": ["Channels"],
  "feemarket.feemarket.v1.Query": ["GasPrices"],
};
const absent = Object.entries(ABSENT).flatMap(([service, methods]) => methods.map((method) => `/${service}/${method}`));

const node = await createRecordedNode(recording);
const { app } = node;
after(() => node.close());
const ask = (path: string, data: Uint8Array = EMPTY, prove = false): Promise<ResponseQuery> =>
  app.query(RequestQuery.fromPartial({ path, data, prove }));

describe("cosmjs", () => {
  for (const [path, data, refusal] of COSMJS)
    it(`${path} ${refusal === undefined ? "answers" : `is refused with ${refusal.source.slice(0, 40)}`}`, async () => {
      const { code, log, value, height } = await ask(path, data);
      // It throws where no height is told.
      assert.ok(height > 0n);
      if (refusal !== undefined) assert.match(log, refusal);
      else assert.deepEqual([code, log, value.length > 0], [0, "", true]);
    });
  for (const path of there)
    it(`${path} is there`, async () => {
      const { code, log } = await ask(path);
      assert.ok(code === 0 || !/unknown query path/.test(log), log);
    });
  for (const path of absent)
    it(`${path} is not there`, async () => {
      const { code, codespace, height } = await ask(path);
      assert.deepEqual([codespace, code, height], ["sdk", 6, 176n]);
    });
});

describe("Hermes", () => {
  it("finds a Cosmos SDK from 0.46 to 0.53 among the node's libraries", async () => {
    const { value } = await ask("/cosmos.base.tendermint.v1beta1.Service/GetNodeInfo");
    const { applicationVersion, defaultNodeInfo } = GetNodeInfoResponse.decode(value);
    const sdk = applicationVersion?.buildDeps.find(({ path }) => path === "github.com/cosmos/cosmos-sdk");
    assert.match(sdk?.version ?? "", /^v0\.(4[6-9]|5[0-3])\.\d+$/);
    assert.notEqual(defaultNodeInfo?.network, "");
  });

  it("reads the least gas price of the node", async () => {
    const { minimumGasPrice } = ConfigResponse.decode((await ask("/cosmos.base.node.v1beta1.Service/Config")).value);
    assert.equal(minimumGasPrice, "0.010000000000000000stake");
  });

  it("learns that there is no IBC before it could lose anything: staking parameters, but no store of clients", async () => {
    assert.equal((await ask("/cosmos.staking.v1beta1.Query/Params")).code, 0);
    assert.notEqual((await ask("/store/ibc/key", Uint8Array.of(1), true)).code, 0);
  });

  for (const [path, data, code] of [
    ["/cosmos.auth.v1beta1.Query/Account", account(ALICE), 0],
    ["/cosmos.auth.v1beta1.Query/Account", account(NOBODY), 5],
    ["/cosmos.bank.v1beta1.Query/Balance", balance, 0],
    ["/cosmos.bank.v1beta1.Query/AllBalances", allBalances, 0],
    ["/cosmos.tx.v1beta1.Service/Simulate", simulate, 0],
    ["/cosmos.base.tendermint.v1beta1.Service/GetNodeInfo", EMPTY, 0],
    ["/cosmos.staking.v1beta1.Query/Params", EMPTY, 0],
    ["/ibc.core.connection.v1.Query/Connections", EMPTY, 12],
    ["/ibc.core.client.v1.Query/ClientStates", EMPTY, 12],
  ] as const)
    it(`${path} over gRPC has status ${code}`, async () =>
      assert.equal((await node.askGrpc({ path, data: Buffer.from(data).toString("hex"), status: code })).code, code));

  it("is told account and expected sequence in words that it can read", async () => {
    const { code, codespace, log } = app.checkTx(RequestCheckTx.fromPartial({ tx: recordedTx("wrong sequence") }));
    assert.deepEqual([codespace, code], ["sdk", 32]);
    assert.match(log, /^account sequence mismatch, expected \d+, got \d+: incorrect account sequence$/);
  });
});

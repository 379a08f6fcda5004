import assert from "node:assert/strict";
import { test } from "node:test";
import { messageToAmino } from "../../../app/encoding/aminoJson.ts";
import { fromHex } from "../../../app/encoding/bytes.ts";
import { decodeDynamic } from "../../../app/encoding/dynamicMessage.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { formatSortedJson } from "../../../app/encoding/goJson.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { aminoSignDocs } from "../../../app/encoding/signDocs.ts";
import { readRecording } from "./recordings.ts";
import { type ToyPackage, toyDescriptors } from "./toyTypes.ts";

const COIN = "cosmos.base.v1beta1.Coin";
const TIME = "google.protobuf.Timestamp";
const ANY = "google.protobuf.Any";

/** The forms of standard messages this chain does not serve (yet), so that every rule of amino JSON meets a recorded document. */
const STANDARD: readonly ToyPackage[] = [
  {
    package: "cosmos.staking.v1beta1",
    types: {
      MsgCreateValidator: {
        name: "cosmos-sdk/MsgCreateValidator",
        fields: [
          "Description description = 1 keep",
          "CommissionRates commission = 2 keep",
          "string min_self_delegation = 3 scalar=cosmos.Int keep",
          "string delegator_address = 4",
          "string validator_address = 5",
          `${ANY} pubkey = 6 accepts=cosmos.crypto.PubKey`,
          `${COIN} value = 7 keep`,
        ],
      },
      Description: {
        fields: ["string moniker = 1", "string identity = 2", "string website = 3", "string security_contact = 4", "string details = 5"],
      },
      CommissionRates: {
        fields: [
          "string rate = 1 scalar=cosmos.Dec keep",
          "string max_rate = 2 scalar=cosmos.Dec keep",
          "string max_change_rate = 3 scalar=cosmos.Dec keep",
        ],
      },
      MsgEditValidator: {
        name: "cosmos-sdk/MsgEditValidator",
        fields: [
          "Description description = 1 keep",
          "string validator_address = 2",
          "string commission_rate = 3 scalar=cosmos.Dec",
          "string min_self_delegation = 4 scalar=cosmos.Int",
        ],
      },
      MsgDelegate: {
        name: "cosmos-sdk/MsgDelegate",
        fields: ["string delegator_address = 1", "string validator_address = 2", `${COIN} amount = 3 keep`],
      },
      MsgCancelUnbondingDelegation: {
        name: "cosmos-sdk/MsgCancelUnbondingDelegation",
        fields: ["string delegator_address = 1", "string validator_address = 2", `${COIN} amount = 3 keep`, "int64 creation_height = 4"],
      },
      MsgUpdateParams: { name: "cosmos-sdk/x/staking/MsgUpdateParams", fields: ["string authority = 1", "Params params = 2 keep"] },
      Params: {
        name: "cosmos-sdk/x/staking/Params",
        fields: [
          "google.protobuf.Duration unbonding_time = 1 keep",
          "uint32 max_validators = 2",
          "uint32 max_entries = 3",
          "uint32 historical_entries = 4",
          "string bond_denom = 5",
          "string min_commission_rate = 6 scalar=cosmos.Dec keep",
        ],
      },
      StakeAuthorization: {
        name: "cosmos-sdk/StakeAuthorization",
        fields: [
          `${COIN} max_tokens = 1`,
          "Validators allow_list = 2 oneof=validators alternative=cosmos-sdk/StakeAuthorization/AllowList",
          "Validators deny_list = 3 oneof=validators alternative=cosmos-sdk/StakeAuthorization/DenyList",
          "int32 authorization_type = 4",
        ],
      },
      Validators: { fields: ["repeated string address = 1"] },
    },
  },
  {
    package: "cosmos.distribution.v1beta1",
    types: { MsgWithdrawValidatorCommission: { name: "cosmos-sdk/MsgWithdrawValCommission", fields: ["string validator_address = 1"] } },
  },
  {
    package: "cosmos.authz.v1beta1",
    types: {
      MsgGrant: { name: "cosmos-sdk/MsgGrant", fields: ["string granter = 1", "string grantee = 2", "Grant grant = 3 keep"] },
      Grant: { fields: [`${ANY} authorization = 1`, `${TIME} expiration = 2`] },
      GenericAuthorization: { name: "cosmos-sdk/GenericAuthorization", fields: ["string msg = 1"] },
      MsgExec: { name: "cosmos-sdk/MsgExec", fields: ["string grantee = 1", `repeated ${ANY} msgs = 2`] },
    },
  },
  {
    package: "cosmos.upgrade.v1beta1",
    types: {
      MsgSoftwareUpgrade: { name: "cosmos-sdk/MsgSoftwareUpgrade", fields: ["string authority = 1", "Plan plan = 2 keep"] },
      Plan: { fields: ["string name = 1", `${TIME} time = 2 keep`, "int64 height = 3", "string info = 4"] },
    },
  },
  { package: "cosmos.feegrant.v1beta1", types: { MsgPruneAllowances: { fields: ["string pruner = 1"] } } },
];

const RECORDED =
  /^(MsgCreateValidator|MsgEditValidator|MsgDelegate|MsgCancelUnbondingDelegation|staking MsgUpdateParams|MsgWithdrawValidatorCommission|authz MsgGrant (generic|stake|no exp)|authz MsgExec|MsgSoftwareUpgrade|feegrant MsgPrune|two messages)/;

const descriptors = toyDescriptors(STANDARD);

test("recorded documents of staking, authz and upgrade messages come out under their types", () => {
  let compared = 0;
  for (const c of readRecording("signing").cases.filter(({ name }) => RECORDED.test(name))) {
    const parts = { bodyBytes: fromHex(c.body_bytes), authInfoBytes: fromHex(c.auth_info_bytes_amino) };
    const docs = aminoSignDocs(descriptors, parts, {
      chainId: c.chain_id,
      accountNumber: BigInt(c.account_number),
      sequence: BigInt(c.sequence),
    });
    const expected = c.cosmjs === undefined || c.cosmjs === "same" ? [c.amino_json] : [c.amino_json, c.cosmjs];
    assert.deepEqual(
      docs.map((doc) => Buffer.from(doc).toString("utf8")),
      expected,
      c.name,
    );
    compared++;
  }
  assert.equal(compared, 24);
});

const toys = toyDescriptors([
  {
    package: "toy",
    types: {
      Empty: { fields: [] },
      Kept: {
        fields: [
          "string text = 1 keep",
          "bytes raw = 2 keep",
          "bool yes = 3 keep",
          "uint64 big = 4 keep",
          "int32 small = 5 keep",
          "repeated string list = 6 keep",
          "repeated cosmos.base.v1beta1.Coin coins = 7 keep encoding=legacy_coins",
          "string int = 8 keep scalar=cosmos.Int",
        ],
      },
      Renamed: { fields: ["string some_name = 1 amino=OtherName"] },
      Message: { fields: ["Empty inner = 1 keep"] },
      Choice: { fields: ["string a = 1 oneof=the_sum alternative=toy/A", "string b = 2 oneof=the_sum alternative=toy/B"] },
      Unnamed: { fields: ["string a = 1 oneof=sum"] },
      Mapped: { fields: ["map string pairs = 1"] },
      Special: { fields: ["bytes body = 1 encoding=inline_json"] },
    },
  },
]);

function amino(type: string, json: unknown): string {
  return formatSortedJson(messageToAmino(toys, decodeDynamic(toys, `toy.${type}`, fromProtoJson(toys, `toy.${type}`, json)), 0), true);
}

test("fields marked to be kept are written with what is empty for their kind", () => {
  assert.equal(amino("Kept", {}), '{"big":"0","coins":[],"int":"0","list":null,"raw":null,"small":0,"text":"","yes":false}');
  assert.equal(amino("Renamed", { some_name: "x" }), '{"OtherName":"x"}');
});

test("a oneof is null when nothing is chosen and names its alternative otherwise", () => {
  assert.equal(amino("Choice", {}), '{"TheSum":null}');
  assert.equal(amino("Choice", { b: "x" }), '{"TheSum":{"type":"toy/B","value":{"b":"x"}}}');
});

test("what amino JSON cannot write is refused, not left out", () => {
  const refused = (type: string, json: unknown, text: RegExp): void => {
    assert.throws(
      () => amino(type, json),
      (e) => e instanceof EncodingError && e.code === 4 && text.test(e.message),
      type,
    );
  };
  refused("Message", {}, /nil\?/);
  refused("Unnamed", { a: "x" }, /oneof/);
  refused("Mapped", { pairs: { a: "b" } }, /maps/);
  refused("Special", { body: "e30=" }, /inline_json/);
});

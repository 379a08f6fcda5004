import assert from "node:assert/strict";
import { test } from "node:test";
import { TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import { createAnyTypes, MSG_INTERFACE } from "../../../app/encoding/anyTypes.ts";
import { localNameOf } from "../../../app/encoding/descriptors.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { descriptors } from "./recordings.ts";
import { toyDescriptors } from "./toyTypes.ts";

test("a message has its fields in file order with names, kinds and options", () => {
  const send = descriptors.getMessage("cosmos.bank.v1beta1.MsgSend");
  assert.deepEqual(
    send.fields.map((f) => [f.number, f.name, f.jsonName, f.localName, f.kind, f.repeated, f.presence]),
    [
      [1, "from_address", "fromAddress", "fromAddress", "string", false, false],
      [2, "to_address", "toAddress", "toAddress", "string", false, false],
      [3, "amount", "amount", "amount", "message", true, false],
    ],
  );
  assert.deepEqual(send.signer, ["from_address"]);
  assert.equal(send.aminoName, "cosmos-sdk/MsgSend");
  assert.match(send.comment, /\w/);
  const amount = send.findField(3);
  assert.equal(amount?.typeName, "cosmos.base.v1beta1.Coin");
  assert.equal(amount?.options.aminoEncoding, "legacy_coins");
  assert.equal(amount?.options.dontOmitempty, true);
  assert.equal(send.findFieldByName("fromAddress"), send.findFieldByName("from_address"));
  assert.equal(send.findField(4), undefined);
  const coin = descriptors.getMessage("cosmos.base.v1beta1.Coin");
  assert.equal(coin.findFieldByName("amount")?.options.scalar, "cosmos.Int");
  assert.equal(descriptors.getMessage("cosmos.tx.v1beta1.SignerInfo").findField(1)?.options.acceptsInterface, "cosmos.crypto.PubKey");
  assert.equal(descriptors.getMessage("cosmos.crypto.secp256k1.PubKey").aminoMessageEncoding, "key_field");
});

test("oneofs, maps, optional fields and nested types are told apart", () => {
  const mode = descriptors.getMessage("cosmos.tx.v1beta1.ModeInfo");
  assert.deepEqual(
    mode.fields.map((f) => [f.name, f.oneof, f.presence, f.typeName]),
    [
      ["single", "sum", true, "cosmos.tx.v1beta1.ModeInfo.Single"],
      ["multi", "sum", true, "cosmos.tx.v1beta1.ModeInfo.Multi"],
    ],
  );
  const toys = toyDescriptors([
    { package: "toy", types: { T: { fields: ["map int64 counts = 1", "optional string maybe = 2", "string plain = 3"] } } },
  ]);
  assert.deepEqual(
    toys.getMessage("toy.T").fields.map((f) => [f.name, f.map, f.repeated, f.presence, f.oneof]),
    [
      ["counts", true, false, false, undefined],
      ["maybe", false, false, true, undefined],
      ["plain", false, false, false, undefined],
    ],
  );
});

test("services have their methods, REST bindings and comments", () => {
  const query = descriptors.getService("cosmos.bank.v1beta1.Query");
  const balance = query.methods.find(({ name }) => name === "Balance");
  assert.equal(balance?.input, "cosmos.bank.v1beta1.QueryBalanceRequest");
  assert.equal(balance?.output, "cosmos.bank.v1beta1.QueryBalanceResponse");
  assert.deepEqual(balance?.http, [{ verb: "GET", path: "/cosmos/bank/v1beta1/balances/{address}/by_denom", body: "" }]);
  const broadcast = descriptors.getService("cosmos.tx.v1beta1.Service").methods.find(({ name }) => name === "BroadcastTx");
  assert.deepEqual(broadcast?.http, [{ verb: "POST", path: "/cosmos/tx/v1beta1/txs", body: "*" }]);
  assert.equal(query.isMsgService, false);
  assert.equal(descriptors.getService("cosmos.bank.v1beta1.Msg").isMsgService, true);
});

test("every type that a field or method names exists, and descriptors cannot be changed", () => {
  for (const name of descriptors.messageNames) {
    const message = descriptors.getMessage(name);
    assert.ok(Object.isFrozen(message) && Object.isFrozen(message.fields) && message.fields.every(Object.isFrozen), name);
    for (const field of message.fields) {
      if (field.kind === "message") assert.ok(descriptors.findMessage(field.typeName), `${name}.${field.name}`);
      if (field.kind === "enum") assert.ok(descriptors.getEnum(field.typeName), `${name}.${field.name}`);
    }
    assert.equal(descriptors.getMessage(name), message);
  }
  for (const name of descriptors.serviceNames) {
    for (const { input, output } of descriptors.getService(name).methods)
      assert.ok(descriptors.findMessage(input) && descriptors.findMessage(output), name);
  }
  for (const get of [descriptors.getMessage, descriptors.getEnum, descriptors.getService])
    assert.throws(() => get("no.Such"), EncodingError);
});

test("local names are the keys of generated objects", () => {
  for (const [proto, local] of [
    ["from_address", "fromAddress"],
    ["sig_verify_cost_ed25519", "sigVerifyCostEd25519"],
    ["x", "x"],
    ["part_set_header", "partSetHeader"],
    ["typeURL", "typeURL"],
  ]) {
    assert.equal(localNameOf(proto ?? ""), local);
  }
  assert.deepEqual(
    Object.keys(TxRaw.fromPartial({})),
    descriptors.getMessage("cosmos.tx.v1beta1.TxRaw").fields.map((f) => f.localName),
  );
});

test("only registered types resolve, and only where their interface is wanted", () => {
  const types = createAnyTypes(descriptors);
  assert.equal(types.find("/cosmos.bank.v1beta1.MsgSend"), "cosmos.bank.v1beta1.MsgSend");
  for (const url of [
    "cosmos.bank.v1beta1.MsgSend",
    "//cosmos.bank.v1beta1.MsgSend",
    "/cosmos.base.v1beta1.Coin",
    "/cosmos.bank.v1beta1.QueryBalanceRequest",
    "",
    "/",
  ]) {
    assert.equal(types.find(url), undefined, url);
  }
  assert.equal(types.implements("cosmos.bank.v1beta1.MsgSend", MSG_INTERFACE), true);
  assert.equal(types.implements("cosmos.crypto.secp256k1.PubKey", "cosmos.crypto.PubKey"), true);
  assert.equal(types.implements("cosmos.crypto.secp256k1.PubKey", MSG_INTERFACE), false);
  const few = createAnyTypes(descriptors, ["cosmos.auth.v1beta1.Msg"]);
  assert.equal(few.find("/cosmos.bank.v1beta1.MsgSend"), undefined);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { type AminoMsg, makeSignDoc, Secp256k1HdWallet } from "@cosmjs/amino";
import { SigningStargateClient } from "@cosmjs/stargate";
import { SignMode } from "#proto/cosmos/tx/signing/v1beta1/signing";
import { AuthInfo, TxBody } from "#proto/cosmos/tx/v1beta1/tx";
import { createHanzoAminoConverters, createHanzoAminoTypes } from "../../../app/client/amino.ts";
import { ClientError } from "../../../app/client/clientError.ts";
import { createHanzoRegistry, hanzoMessages } from "../../../app/client/registry.ts";
import { fc } from "../../harness/fastCheck.ts";
import { loadRegistry, messageValue } from "../../proto/wireTypes.ts";
import { aminoValue } from "./aminoValue.ts";

const registry = createHanzoRegistry();
const types = createHanzoAminoTypes(registry);

interface Recorded {
  readonly name: string;
  readonly body_bytes: string;
  readonly amino_json: string;
}

const recorded = (
  JSON.parse(readFileSync(new URL("../../../../test/vectors/sdk/signing.json", import.meta.url), "utf8")) as { cases: readonly Recorded[] }
).cases;

describe("amino JSON of the market's messages", () => {
  it("has snake_case names, 64-bit numbers as text, and no empty fields", () => {
    const value = { authority: "hanzo1x", params: { treasuryModule: "", burnBps: 30, minReserve: "1000", referenceBlocks: 7n } };
    assert.deepEqual(types.toAmino({ typeUrl: "/hanzo.hmm.v1.MsgUpdateParams", value }), {
      type: "hanzo/hmm/MsgUpdateParams",
      value: { authority: "hanzo1x", params: { burn_bps: 30, min_reserve: "1000", reference_blocks: "7" } },
    });
  });

  it("is read back into what was written", () => {
    const value = { sender: "hanzo1x", poolId: "gpu", creditIn: "10", minOut: "3" };
    const amino = types.toAmino({ typeUrl: "/hanzo.hmm.v1.MsgSwap", value });
    assert.deepEqual(amino, { type: "hanzo/hmm/MsgSwap", value: { sender: "hanzo1x", pool_id: "gpu", credit_in: "10", min_out: "3" } });
    assert.deepEqual(types.fromAmino(amino), { typeUrl: "/hanzo.hmm.v1.MsgSwap", value });
  });
});

it("every message of this chain comes back from amino JSON with the same amino JSON", () => {
  const descriptors = loadRegistry();
  // Keys, messages inside of messages, and spans beyond 64 bits of nanoseconds, are compared with recorded documents below.
  for (const typeUrl of hanzoMessages.filter((name) => !/^\/cosmos\.(staking|authz|feegrant|gov|evidence)\./.test(name))) {
    const type = descriptors.getMessage(typeUrl.slice(1));
    assert.ok(type !== undefined);
    const property = fc.property(messageValue(type, 3), (value) => {
      const amino = types.toAmino({ typeUrl, value: aminoValue(typeUrl.slice(1), value) });
      // A wallet shows the document and sends back one of its own.
      const back = types.fromAmino(JSON.parse(JSON.stringify(amino)) as AminoMsg);
      assert.equal(back.typeUrl, typeUrl);
      assert.deepEqual(types.toAmino(back), amino, typeUrl);
    });
    fc.assert(property, { seed: 20261124, numRuns: 25 });
  }
});

describe("amino JSON is what a Cosmos SDK 0.53 chain was signed with", () => {
  let compared = 0;
  for (const { name, body_bytes, amino_json } of recorded) {
    const { messages } = TxBody.decode(Buffer.from(body_bytes, "hex"));
    if (messages.length === 0 || !messages.every(({ typeUrl }) => hanzoMessages.includes(typeUrl))) continue;
    compared += 1;
    it(name, () => {
      const { msgs } = JSON.parse(amino_json) as { msgs: readonly AminoMsg[] };
      assert.deepEqual(
        messages.map((message) => types.toAmino({ typeUrl: message.typeUrl, value: registry.decode(message) })),
        msgs,
      );
      assert.deepEqual(
        msgs.map((msg) => Buffer.from(registry.encode(types.fromAmino(msg))).toString("hex")),
        messages.map(({ value }) => Buffer.from(value).toString("hex")),
      );
    });
  }
  it("enough recordings were compared", () => assert.ok(compared >= 20, `${compared} recordings`));
});

describe("documents that do not fit are refused", () => {
  const type = "hanzo/hmm/MsgUpdateParams";
  const cases: readonly [name: string, value: object, message: RegExp][] = [
    ["an unknown field", { nothing: 1 }, /field of hanzo.hmm.v1.MsgUpdateParams expected, got nothing/],
    ["a number for text", { authority: 1 }, /text expected for authority, got 1/],
    ["text for a message", { params: "x" }, /object expected for hanzo.hmm.v1.Params, got "x"/],
    ["a number for a 64-bit integer", { params: { reference_blocks: 7 } }, /text expected for reference_blocks, got 7/],
    [
      "hexadecimal text for a 64-bit integer",
      { params: { reference_blocks: "0x7" } },
      /decimal integer expected for reference_blocks, got 0x7/,
    ],
    ["a fraction", { params: { burn_bps: 0.5 } }, /integer expected for burn_bps, got 0.5/],
  ];
  for (const [name, value, message] of cases) {
    it(name, () => assert.throws(() => types.fromAmino({ type, value }), { name: "ClientError", codespace: "client", code: 1, message }));
  }

  it("a list where there is none", () => {
    const refuse = () => types.fromAmino({ type: "cosmos-sdk/MsgSend", value: { amount: {} } });
    assert.throws(refuse, (error) => error instanceof ClientError && error.detail === "list expected for amount, got {}");
  });
});

it("amino names are unique, so that a document has one meaning", () => {
  const names = Object.values(createHanzoAminoConverters(registry)).map(({ aminoType }) => aminoType);
  assert.equal(new Set(names).size, names.length);
});

it("an amino wallet signs the market's messages through stock cosmjs", async () => {
  const wallet = await Secp256k1HdWallet.generate(12, { prefix: "hanzo" });
  const [account] = await wallet.getAccounts();
  assert.ok(account !== undefined);
  const client = await SigningStargateClient.offline(wallet, { registry, aminoTypes: types });
  const message = { typeUrl: "/hanzo.hmm.v1.MsgSwap", value: { sender: account.address, poolId: "gpu", creditIn: "10", minOut: "" } };
  const fee = { amount: [{ denom: "aai", amount: "1" }], gas: "200000" };
  const signed = await client.sign(account.address, [message], fee, "", { accountNumber: 5n, sequence: 3, chainId: "hanzo-local-1" });

  const [signer] = AuthInfo.decode(signed.authInfoBytes).signerInfos;
  assert.equal(signer?.modeInfo?.single?.mode, SignMode.SIGN_MODE_LEGACY_AMINO_JSON);
  const value = { sender: account.address, pool_id: "gpu", credit_in: "10" };
  const document = makeSignDoc([{ type: "hanzo/hmm/MsgSwap", value }], fee, "hanzo-local-1", "", 5, 3);
  const { signature } = await wallet.signAmino(account.address, document);
  assert.equal(Buffer.from(signed.signatures[0] ?? []).toString("base64"), signature.signature);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex } from "../../../app/encoding/bytes.ts";
import type { App } from "../../../app/runtime/app.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { PubKey } from "../../../proto/gen/cosmos/crypto/secp256k1/keys.ts";
import { AuthInfo, TxRaw } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import { RequestCheckTx } from "../../../proto/gen/tendermint/abci/types.ts";
import { type TestAccount, testAccounts } from "../../harness/accounts.ts";
import { createSdkChain, importableState, type RecordedGenesis, type RecordedTxs, recorded, SDK_CHAIN } from "../../harness/sdkChain.ts";
import { message, signTx } from "../../harness/signTx.ts";

interface Case {
  readonly name: string;
  readonly tx?: string;
  readonly code?: number;
  readonly codespace?: string;
  readonly log?: string;
}

/** What this chain answers instead, and why. */
const DIFFERENT: Readonly<Record<string, readonly [code: number, why: string]>> = {
  "duplicate singular field in message, last wins": [2, "strict decoding"],
  "duplicate singular field, other signer last": [2, "strict decoding"],
  "non-minimal varint in message": [2, "strict decoding"],
  "TxRaw duplicate body": [2, "strict decoding"],
  "body with duplicate memo": [2, "strict decoding"],
  "body memo not UTF-8": [2, "strict decoding"],
  "msg: amount with plus": [2, "canonical amounts"],
  "msg: amount with leading zero": [2, "canonical amounts"],
  "msg: amount hexadecimal": [2, "canonical amounts"],
  "msg: amount with underscore": [2, "canonical amounts"],
  "msg: zero amount": [10, "messages are checked before they cost a fee"],
  "msg: negative amount": [10, "messages are checked before they cost a fee"],
  "msg: no coins": [10, "messages are checked before they cost a fee"],
  "msg: unsorted coins": [10, "messages are checked before they cost a fee"],
  "msg: duplicate coins": [10, "messages are checked before they cost a fee"],
  "msg: amount empty": [10, "messages are checked before they cost a fee"],
  "msg: bad denom": [10, "messages are checked before they cost a fee"],
  "msg: denom too short": [10, "messages are checked before they cost a fee"],
  "msg: bad bech32 to": [7, "messages are checked before they cost a fee"],
  "msg: wrong prefix to": [7, "messages are checked before they cost a fee"],
  "fee granter bad address": [7, "no code of a recovered panic"],
  "TxRaw auth info missing": [18, "no code of a recovered panic"],
  "fee missing": [18, "no code of a recovered panic"],
  "sign mode textual": [4, "SIGN_MODE_TEXTUAL is not supported"],
};

/** Cases about modules that this chain does not have yet: their messages cannot be resolved. */
const OTHER_MODULES = new Set([
  "msg: delegate zero",
  "msg: delegate negative",
  "msg: exec of another signer inside",
  "msg: exec without messages",
  "fee grant does not allow message",
  "amino as cosmjs signs it: withdraw commission",
  "amino as cosmjs signs it: create vesting account, not delayed",
]);

/** Cases whose text names what this chain names otherwise: raw address bytes, another store layout. */
const OTHER_TEXT = new Set(["account does not exist", "gas too small for ante", "fee granter without grant"]);

/** Moves the check state on where the recorded chain accepted a transaction that this one refuses, so that the next case finds its sequence. */
async function catchUp(app: App, tx: Uint8Array, people: ReadonlyMap<string, TestAccount>): Promise<void> {
  const { signerInfos, fee } = AuthInfo.decode(TxRaw.decode(tx).authInfoBytes);
  for (const { publicKey, sequence } of signerInfos) {
    const account = people.get(Buffer.from(PubKey.decode(publicKey?.value ?? new Uint8Array(0)).key).toString("hex"));
    if (account === undefined) continue;
    const number = { alice: 0n, bob: 1n }[nameOf.get(account.address) ?? ""] ?? 0n;
    const filler = message(MsgSend, {
      fromAddress: account.address,
      toAddress: account.address,
      amount: [{ denom: "stake", amount: "1" }],
    });
    const signed = await signTx([filler], {
      chainId: SDK_CHAIN.chainId,
      signers: [{ account, accountNumber: number, sequence }],
      fee: fee?.amount ?? [],
      gas: 400_000n,
    });
    const { code, log } = app.checkTx(RequestCheckTx.fromPartial({ tx: signed }));
    assert.equal(code, 0, `filler: ${log}`);
  }
}

const nameOf = new Map<string, string>();

async function recordedPeople(): Promise<ReadonlyMap<string, TestAccount>> {
  const people = new Map<string, TestAccount>();
  for (const [name, { mnemonic, pubkey }] of Object.entries(recorded<RecordedTxs>("tx").accounts)) {
    if (mnemonic === undefined || pubkey === undefined) continue;
    const [account] = await testAccounts(1, SDK_CHAIN.config.bech32Prefix, mnemonic);
    if (account === undefined) continue;
    nameOf.set(account.address, name);
    people.set(pubkey, account);
  }
  return people;
}

test("CheckTx judges every recorded transaction as the recorded chain did, but for the listed differences", async (t) => {
  const people = await recordedPeople();
  const { exported } = recorded<RecordedGenesis>("genesis");
  const app = await createSdkChain({
    appState: importableState(exported.app_state),
    height: 176n,
    time: "2026-11-23T07:20:55.905771135Z",
    minGasPrices: "0.01stake",
  });
  let compared = 0;
  for (const { name, tx: hex, code, codespace, log } of recorded<{ readonly cases: readonly Case[] }>("checktx").cases) {
    if (hex === undefined || code === undefined) continue;
    const tx = fromHex(hex);
    const answer = app.checkTx(RequestCheckTx.fromPartial({ tx }));
    const other = OTHER_MODULES.has(name) ? 2 : DIFFERENT[name]?.[0];
    assert.equal(answer.code, other ?? code, `${name}: ${answer.log}`);
    if (other === undefined) {
      assert.equal(answer.codespace, codespace, name);
      if (code !== 2 && !OTHER_TEXT.has(name)) assert.equal(answer.log, log, name);
    }
    if (code === 0 && answer.code !== 0) await catchUp(app, tx, people);
    compared += 1;
  }
  assert.equal(compared, 143);
  t.diagnostic(`not comparable, other modules: ${[...OTHER_MODULES].join("; ")}`);
});

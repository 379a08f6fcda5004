import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnteRun, AnteSigner } from "../../../app/runtime/ante/anteRun.ts";
import { VerifiedFor } from "../../../app/runtime/decodedTx.ts";
import { createKeyReader } from "../../../app/runtime/keyReader.ts";
import { addressOfKey, KEY_TYPES } from "../../../app/runtime/pubKey.ts";
import { loadSecp256k1 } from "../../../app/runtime/secp256k1Backend.ts";
import { createSignatureVerifier } from "../../../app/runtime/signature.ts";
import { verifySigner } from "../../../app/runtime/verifySigner.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { PubKey } from "../../../proto/gen/cosmos/crypto/secp256k1/keys.ts";
import { AuthInfo, TxBody, TxRaw } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import { testAccounts } from "../../harness/accounts.ts";
import { message, signTx } from "../../harness/signTx.ts";

test("a signature that was found right counts again without being verified, and for nothing else than it was found right for", async () => {
  const [account, other] = await testAccounts(2, "hanzo");
  assert.ok(account && other);
  const native = loadSecp256k1();
  let asked = 0;
  const verifier = createSignatureVerifier({
    kind: native.kind,
    verify: (...parts) => {
      asked += 1;
      return native.verify(...parts);
    },
  });
  const reader = createKeyReader();
  const read = (publicKey: Uint8Array) =>
    reader.read({ typeUrl: KEY_TYPES.secp256k1, value: PubKey.encode({ key: publicKey }).finish() }).key;
  const send = message(MsgSend, { fromAddress: account.address, toAddress: account.address, amount: [{ denom: "aai", amount: "1" }] });
  const raw = TxRaw.decode(await signTx([send], { chainId: "one", signers: [{ account, accountNumber: 3n, sequence: 0n }] }));
  const tx = {
    raw,
    body: TxBody.decode(raw.bodyBytes),
    signerInfos: AuthInfo.decode(raw.authInfoBytes).signerInfos,
    verified: [],
  };
  const judge = (chainId: string, accountNumber: bigint, publicKey = account.publicKey): string | undefined => {
    const signer: AnteSigner = {
      address: account.address,
      account: { address: account.address, accountNumber, sequence: 0n },
      key: undefined,
    };
    return verifySigner({ tx, ctx: { chainId }, env: { verifier } } as unknown as AnteRun, signer, read(publicKey), 0);
  };
  assert.match(judge("two", 3n) ?? "", /unable to verify/);
  assert.equal(tx.verified.length, 0);
  assert.deepEqual([judge("one", 3n), asked], [undefined, 2]);
  assert.deepEqual([judge("one", 3n), asked], [undefined, 2]);
  assert.match(judge("two", 3n) ?? "", /unable to verify/);
  assert.match(judge("one", 4n) ?? "", /unable to verify/);
  assert.match(judge("one", 3n, other.publicKey) ?? "", /unable to verify/);
  assert.deepEqual([judge("one", 3n), asked], [undefined, 5]);
});

test("what is verified elsewhere counts as soon as it is found right there, for what it was asked for, and is remembered", async () => {
  const [account] = await testAccounts(1, "hanzo");
  assert.ok(account);
  let asked = 0;
  const verifier = createSignatureVerifier({ kind: "native", verify: () => ++asked < 0 });
  const send = message(MsgSend, { fromAddress: account.address, toAddress: account.address, amount: [{ denom: "aai", amount: "1" }] });
  const raw = TxRaw.decode(await signTx([send], { chainId: "one", signers: [{ account, accountNumber: 3n, sequence: 0n }] }));
  const key = createKeyReader().read({ typeUrl: KEY_TYPES.secp256k1, value: PubKey.encode({ key: account.publicKey }).finish() }).key;
  const found = new Set<number>();
  const under = { batch: { isRight: (at: number) => found.has(at), done: Promise.resolve() }, from: 1, to: 3 };
  const verified = [new VerifiedFor("one", 3n, key, under)];
  const tx = { raw, body: TxBody.decode(raw.bodyBytes), signerInfos: AuthInfo.decode(raw.authInfoBytes).signerInfos, verified };
  const isRight = (accountNumber: bigint): boolean => {
    const signer: AnteSigner = { address: account.address, account: { address: account.address, accountNumber, sequence: 0n }, key };
    return verifySigner({ tx, ctx: { chainId: "one" }, env: { verifier } } as unknown as AnteRun, signer, key, 0) === undefined;
  };
  found.add(0).add(3);
  assert.deepEqual([isRight(3n), asked], [false, 1], "checks of other signatures");
  found.add(2);
  assert.deepEqual([isRight(4n), asked], [false, 2], "another account");
  assert.deepEqual([isRight(3n), asked], [true, 2]);
  found.clear();
  assert.deepEqual([isRight(3n), asked], [true, 2], "remembered");
});

test("keys are read with their addresses", async () => {
  const accounts = await testAccounts(3, "hanzo");
  const reader = createKeyReader();
  for (const { publicKey } of [...accounts, ...accounts]) {
    const any = { typeUrl: KEY_TYPES.secp256k1, value: PubKey.encode({ key: publicKey }).finish() };
    const { key, address } = reader.read(any);
    assert.deepEqual(key, { kind: "secp256k1", bytes: publicKey });
    assert.deepEqual(address, addressOfKey(key));
  }
  assert.throws(() => reader.read({ typeUrl: KEY_TYPES.secp256k1, value: Uint8Array.of(10, 1, 2) }), { code: 2 });
});

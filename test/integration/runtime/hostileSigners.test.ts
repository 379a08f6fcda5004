// Transactions whose keys, sign modes, bits and signatures do not fit together: each is answered with a code in the mempool, in a simulation and in
// a block, none is a defect of the node, and the next good transaction goes through.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAddressCodec } from "#sdk";
import { addressOfKey } from "../../../app/runtime/pubKey.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { LegacyAminoPubKey } from "../../../proto/gen/cosmos/crypto/multisig/keys.ts";
import { MultiSignature } from "../../../proto/gen/cosmos/crypto/multisig/v1beta1/multisig.ts";
import { PubKey } from "../../../proto/gen/cosmos/crypto/secp256k1/keys.ts";
import { SignMode } from "../../../proto/gen/cosmos/tx/signing/v1beta1/signing.ts";
import type { AuthInfo, ModeInfo_Multi } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import type { Any } from "../../../proto/gen/google/protobuf/any.ts";
import { type TestAccount, testAccounts } from "../../harness/accounts.ts";
import { createMultisig, editTx, message, signMultisig, type TestMessage } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

const FEE = [{ denom: "aai", amount: "5000" }];
const DIRECT = { single: { mode: SignMode.SIGN_MODE_DIRECT } };
const AMINO = { single: { mode: SignMode.SIGN_MODE_LEGACY_AMINO_JSON } };
const SECP256K1 = "/cosmos.crypto.secp256k1.PubKey";
const MULTISIG = "/cosmos.crypto.multisig.LegacyAminoPubKey";
const [DECODE, UNAUTHORIZED, BAD_KEY, NO_SIGNATURES, TOO_MANY] = [2, 4, 8, 15, 14];

const send = (from: string, to: string, amount = "5"): TestMessage =>
  message(MsgSend, { fromAddress: from, toAddress: to, amount: [{ denom: "aai", amount }] });
const curveKey = (key: Uint8Array): Any => ({ typeUrl: SECP256K1, value: PubKey.encode(PubKey.fromPartial({ key })).finish() });
const jointKey = (threshold: number, publicKeys: Any[]): Any => ({
  typeUrl: MULTISIG,
  value: LegacyAminoPubKey.encode({ threshold, publicKeys }).finish(),
});

interface Stage {
  readonly chain: TestChain;
  readonly a: TestAccount;
  readonly b: TestAccount;
  /** Signed by two of three members; the first two. */
  readonly joint: Uint8Array;
  readonly jointAddress: string;
  readonly defects: readonly string[];
}

async function ready(): Promise<Stage> {
  const defects: string[] = [];
  const chain = await createTestChain({
    app: { log: { info: () => {}, error: (text, fields) => void defects.push(`${text} ${JSON.stringify(fields)}`) } },
  });
  await chain.deliver();
  const [a, b] = chain.accounts;
  assert.ok(a && b);
  const members = (await testAccounts(13, "hanzo")).slice(10);
  const multisig = createMultisig(members, 2, "hanzo");
  await chain.deliver(await chain.sign([send(a.address, multisig.address, "1000000")], [a]));
  const { accountNumber, sequence } = await chain.signer({ ...a, address: multisig.address });
  const numbers = { chainId: chain.chainId, accountNumber, sequence, fee: FEE };
  const joint = await signMultisig([send(multisig.address, a.address)], multisig, members.slice(0, 2), numbers);
  return { chain, a, b, joint, jointAddress: multisig.address, defects };
}

/** Hands a transaction in by every way; what it costs is nothing, whoever it names. */
async function refused({ chain, defects }: Stage, what: string, tx: Uint8Array, code: number): Promise<void> {
  const answer = chain.check(tx);
  assert.equal(answer.code, code, `${what}: ${answer.code} ${answer.log}`);
  chain.app.simulate(tx);
  const [result] = (await chain.deliver(tx)).txResults;
  assert.deepEqual([result?.code, result?.events], [code, []], `${what} in a block: ${result?.log}`);
  assert.deepEqual(defects, [], what);
}

/** The chain goes on, and nobody lost a sequence number. */
async function goesOn({ chain, a, b, joint }: Stage): Promise<void> {
  for (const tx of [await chain.sign([send(a.address, b.address)], [a]), joint]) {
    const [result] = (await chain.deliver(tx)).txResults;
    assert.equal(result?.code, 0, result?.log);
  }
  assert.deepEqual(chain.app.brokenInvariants(), []);
}

const editMulti = (tx: Uint8Array, change: Partial<ModeInfo_Multi>): Uint8Array =>
  editTx(tx, ({ authInfo }) => {
    const multi = authInfo.signerInfos[0]?.modeInfo?.multi;
    assert.ok(multi !== undefined);
    Object.assign(multi, change);
  });
const editSignatures = (tx: Uint8Array, edit: (signatures: Uint8Array[]) => void): Uint8Array =>
  editTx(tx, ({ signatures }) => {
    const multi = MultiSignature.decode(signatures[0] ?? new Uint8Array(0));
    edit(multi.signatures);
    signatures[0] = MultiSignature.encode(multi).finish();
  });
const bits = (elems: readonly number[], extraBitsStored: number) => ({ elems: Uint8Array.from(elems), extraBitsStored });

test("bits of a multisig that do not fit its keys or its signatures", async () => {
  const stage = await ready();
  const { joint } = stage;
  const cases: Readonly<Record<string, Uint8Array>> = {
    "no bits": editMulti(joint, { bitarray: undefined }),
    "no bytes": editMulti(joint, { bitarray: bits([], 0) }),
    "no bytes, and the count of the keys made up by extra bits": editMulti(joint, { bitarray: bits([], 11) }),
    "more bits than keys": editMulti(joint, { bitarray: bits([0b1100_0000], 4) }),
    "a whole byte of bits": editMulti(joint, { bitarray: bits([0b1100_0000], 0) }),
    "a byte more": editMulti(joint, { bitarray: bits([0b1100_0000, 0], 3) }),
    "four billion extra bits": editMulti(joint, { bitarray: bits([0b1100_0000], 0xffff_ffff) }),
    "a thousand bytes of bits": editMulti(joint, { bitarray: bits(Array<number>(1000).fill(255), 3) }),
    "more bits set than signatures": editMulti(joint, { bitarray: bits([0b1110_0000], 3) }),
    "fewer bits set than signatures": editMulti(joint, { bitarray: bits([0b1000_0000], 3) }),
    "no bit set": editMulti(joint, { bitarray: bits([0], 3) }),
    "more signatures than bits set": editSignatures(joint, (signatures) => void signatures.push(signatures[0] ?? new Uint8Array(0))),
    "more signatures than keys": editSignatures(joint, (signatures) => void signatures.push(...signatures, ...signatures)),
    "an empty signature": editSignatures(joint, (signatures) => {
      signatures[0] = new Uint8Array(0);
    }),
    "no signatures": editSignatures(joint, (signatures) => {
      signatures.length = 0;
    }),
    "more modes than signatures": editMulti(joint, { modeInfos: [AMINO, AMINO, AMINO] }),
    "no modes": editMulti(joint, { modeInfos: [] }),
    "a mode without anything": editMulti(joint, { modeInfos: [{}, AMINO] }),
  };
  for (const [what, tx] of Object.entries(cases)) await refused(stage, what, tx, UNAUTHORIZED);
  await goesOn(stage);
});

test("bytes that are no signatures of a multisig", async () => {
  const stage = await ready();
  const broken = editTx(stage.joint, ({ signatures }) => {
    signatures[0] = Uint8Array.of(10, 200, 1);
  });
  await refused(stage, "cut", broken, DECODE);
  const member = editMulti(stage.joint, { modeInfos: [{ multi: { bitarray: bits([128], 1), modeInfos: [DIRECT] } }, AMINO] });
  await refused(stage, "of a member that is one key", member, DECODE);
  await goesOn(stage);
});

test("signer infos and signatures of different number", async () => {
  const stage = await ready();
  const { chain, a, b } = stage;
  const two = await chain.sign([send(a.address, b.address), send(b.address, a.address)], [a, b], { gas: 300_000n });
  const one = await chain.sign([send(a.address, b.address)], [a]);
  const info = ({ signerInfos }: AuthInfo) => signerInfos[0] as AuthInfo["signerInfos"][number];
  await refused(
    stage,
    "an info missing",
    editTx(two, ({ authInfo }) => void authInfo.signerInfos.pop()),
    UNAUTHORIZED,
  );
  await refused(
    stage,
    "a signature missing",
    editTx(two, ({ signatures }) => void signatures.pop()),
    UNAUTHORIZED,
  );
  await refused(
    stage,
    "an info more",
    editTx(one, ({ authInfo }) => void authInfo.signerInfos.push(info(authInfo))),
    UNAUTHORIZED,
  );
  await refused(
    stage,
    "a signature more",
    editTx(one, ({ signatures }) => void signatures.push(new Uint8Array(64))),
    UNAUTHORIZED,
  );
  await refused(
    stage,
    "a signer more",
    editTx(one, ({ authInfo, signatures }) => {
      authInfo.signerInfos.push(info(authInfo));
      signatures.push(signatures[0] ?? new Uint8Array(0));
    }),
    UNAUTHORIZED,
  );
  await refused(
    stage,
    "no info",
    editTx(one, ({ authInfo }) => {
      authInfo.signerInfos.length = 0;
    }),
    UNAUTHORIZED,
  );
  await refused(
    stage,
    "no signature",
    editTx(one, ({ signatures }) => {
      signatures.length = 0;
    }),
    NO_SIGNATURES,
  );
  await refused(
    stage,
    "no mode",
    editTx(one, ({ authInfo }) => {
      info(authInfo).modeInfo = undefined;
    }),
    TOO_MANY,
  );
  await refused(
    stage,
    "an empty mode",
    editTx(one, ({ authInfo }) => {
      info(authInfo).modeInfo = {};
    }),
    UNAUTHORIZED,
  );
  await refused(
    stage,
    "a multisig's mode for one key",
    editTx(one, ({ authInfo }) => {
      info(authInfo).modeInfo = { multi: { bitarray: bits([128], 1), modeInfos: [DIRECT] } };
    }),
    DECODE,
  );
  await goesOn(stage);
});

test("missing public keys", async () => {
  const stage = await ready();
  const { chain, b } = stage;
  const withKey = (tx: Uint8Array, key: Any | undefined) =>
    editTx(tx, ({ authInfo }) => {
      const [info] = authInfo.signerInfos;
      if (info !== undefined) info.publicKey = key;
    });
  const first = await chain.sign([send(b.address, b.address)], [b]);
  await refused(stage, "of an account that never signed", withKey(first, undefined), BAD_KEY);
  await refused(stage, "an empty Any", withKey(first, { typeUrl: "", value: new Uint8Array(0) }), DECODE);
  await refused(stage, "a key without bytes", withKey(first, { typeUrl: SECP256K1, value: new Uint8Array(0) }), DECODE);
  await refused(stage, "a multisig without members", withKey(first, jointKey(0, [])), BAD_KEY);
  await refused(stage, "a multisig with an empty member", withKey(first, jointKey(1, [{ typeUrl: "", value: new Uint8Array(0) }])), DECODE);
  await refused(stage, "another's", withKey(first, curveKey(stage.a.publicKey)), BAD_KEY);
  await goesOn(stage);
});

test("multisigs that ask for no signature, or for more than they have keys, own nothing that anybody can move", async () => {
  const stage = await ready();
  const { chain, a } = stage;
  const members = [curveKey(a.publicKey)];
  for (const [what, key, multi, signatures] of [
    ["of no keys, threshold 0", jointKey(0, []), { bitarray: bits([], 0), modeInfos: [] }, []],
    ["threshold 0", jointKey(0, members), { bitarray: bits([0], 1), modeInfos: [] }, []],
    ["threshold 2 of 1", jointKey(2, members), { bitarray: bits([128], 1), modeInfos: [DIRECT] }, [new Uint8Array(64)]],
  ] as const) {
    const tx = await fromKey(stage, key, (info) => {
      info.modeInfo = { multi: { ...multi, modeInfos: [...multi.modeInfos] } };
    });
    const signed = editTx(tx, (parts) => {
      parts.signatures[0] = MultiSignature.encode({ signatures: [...signatures] }).finish();
    });
    await refused(stage, what, signed, UNAUTHORIZED);
  }
  await goesOn(stage);
  assert.equal((await chain.balance(a.address)) > 0n, true);
});

test("compressed keys with a wrong first byte, and keys of other lengths", async () => {
  const stage = await ready();
  const { a } = stage;
  // Whoever sends to the address of such a key loses it, but the chain must not fall over the key.
  for (const first of [0x00, 0x01, 0x04, 0x05, 0x06, 0x07, 0xff]) {
    const tx = await fromKey(stage, curveKey(Uint8Array.of(first, ...a.publicKey.slice(1))));
    await refused(stage, `first byte ${first}`, tx, UNAUTHORIZED);
  }
  const offCurve = await fromKey(stage, curveKey(Uint8Array.of(2, ...new Uint8Array(31), 5)));
  await refused(stage, "no point of the curve", offCurve, UNAUTHORIZED);
  const tooLarge = await fromKey(stage, curveKey(Uint8Array.of(3, ...new Uint8Array(32).fill(255))));
  await refused(stage, "a coordinate beyond the field", tooLarge, UNAUTHORIZED);
  const good = await stage.chain.sign([send(a.address, a.address)], [a]);
  for (const length of [0, 1, 32, 34, 65])
    await refused(
      stage,
      `${length} bytes`,
      editTx(good, ({ authInfo }) => {
        const [info] = authInfo.signerInfos;
        if (info !== undefined) info.publicKey = curveKey(new Uint8Array(length).fill(4));
      }),
      DECODE,
    );
  await goesOn(stage);
});

test("keys packed into keys, deeper than anybody needs", async () => {
  const stage = await ready();
  const good = await stage.chain.sign([send(stage.a.address, stage.b.address)], [stage.a]);
  for (const depth of [5, 10, 16, 17, 64, 1000]) {
    let key = curveKey(stage.a.publicKey);
    for (let i = 0; i < depth; i++) key = jointKey(1, [key]);
    const tx = editTx(good, ({ authInfo }) => {
      const [info] = authInfo.signerInfos;
      if (info !== undefined) info.publicKey = key;
    });
    await refused(stage, `${depth} deep`, tx, DECODE);
  }
  let mode: object = DIRECT;
  for (let i = 0; i < 17; i++) mode = { multi: { bitarray: bits([128], 1), modeInfos: [mode] } };
  const modes = editTx(good, ({ authInfo }) => {
    const [info] = authInfo.signerInfos;
    if (info !== undefined) info.modeInfo = mode as never;
  });
  await refused(stage, "modes of a multisig 17 deep", modes, DECODE);
  await goesOn(stage);
});

/** A transaction that moves coins from the address of a key, which has some; the signature is of zeros. */
async function fromKey(
  { chain, a }: Stage,
  key: Any,
  edit: (info: AuthInfo["signerInfos"][number]) => void = () => {},
): Promise<Uint8Array> {
  const address = createAddressCodec("hanzo").format(addressBytes(key));
  await chain.deliver(await chain.sign([send(a.address, address, "1000000")], [a]));
  const { accountNumber } = await chain.signer({ ...a, address });
  assert.ok(accountNumber > 0n);
  const model = await chain.sign([send(address, a.address)], [a], { fee: FEE });
  return editTx(model, ({ authInfo, signatures }) => {
    const [info] = authInfo.signerInfos;
    assert.ok(info !== undefined);
    info.publicKey = key;
    info.sequence = 0n;
    edit(info);
    signatures[0] = signatures[0] ?? new Uint8Array(64);
  });
}

function addressBytes(key: Any): Uint8Array {
  if (key.typeUrl === SECP256K1) return addressOfKey({ kind: "secp256k1", bytes: PubKey.decode(key.value).key });
  const { threshold, publicKeys } = LegacyAminoPubKey.decode(key.value);
  const members = publicKeys.map(({ value }) => ({ kind: "secp256k1" as const, bytes: PubKey.decode(value).key }));
  return addressOfKey({ kind: "multisig", threshold, members });
}

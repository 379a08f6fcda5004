// Bad input against a running node: each is refused with its code and a reason, and leaves no trace.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MsgSend, MsgUpdateParams } from "#proto/cosmos/bank/v1beta1/tx";
import { LegacyAminoPubKey } from "#proto/cosmos/crypto/multisig/keys";
import { AuthInfo, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import { Any } from "#proto/google/protobuf/any";
import { MsgBuyExactOut, MsgMintCredit, MsgSwap, MsgUpdateParams as MsgUpdateMarket } from "#proto/hanzo/hmm/v1/tx";
import { CHAIN } from "../../app/hanzo.ts";
import { LOCAL_CLASSES } from "../../modules/hmm/index.ts";
import { moduleAccount, type TestAccount } from "../harness/accounts.ts";
import { editTx, message, type TestMessage } from "../harness/signTx.ts";
import { callAbci } from "./harness/abciSocket.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { type InProcessNode, startInProcess } from "./harness/inProcessNode.ts";
import { createRandom } from "./harness/random.ts";
import { broadcast, RpcError, type TxVerdict, waitForHeight, waitForTx } from "./harness/rpc.ts";
import { afterFailure, takeSnapshot } from "./harness/stateSnapshot.ts";
import { keepStill } from "./harness/stillChain.ts";
import { devAccounts, FEE, signAs } from "./harness/wallet.ts";

const AI = 10n ** 18n;
const TWO_256 = (1n << 256n).toString();
const GPU_RESERVE = LOCAL_CLASSES.find(({ id }) => id === "gpu")?.psi ?? 0n;
/** Order of secp256k1. */
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** A refusal: codespace/code and what the text must say. */
interface Refusal {
  readonly name: string;
  readonly code: string;
  readonly says: RegExp;
}

let chain: ChainHome;
let running: InProcessNode;
let accounts: TestAccount[];
let alice: TestAccount;
let bob: TestAccount;

const at = (list: readonly TestAccount[], index: number): TestAccount => list[index] ?? assert.fail(`account ${index}`);
const send = (denom: string, amount: string, to = bob.address): TestMessage =>
  message(MsgSend, { fromAddress: alice.address, toAddress: to, amount: [{ denom, amount }] });
const swap = (value: Partial<MsgSwap>): TestMessage =>
  message(MsgSwap, { sender: alice.address, poolId: "gpu", creditIn: String(AI), minOut: "0", ...value });
const buy = (value: Partial<MsgBuyExactOut>): TestMessage =>
  message(MsgBuyExactOut, { sender: alice.address, poolId: "gpu", maxCredit: String(10n ** 30n), ...value });

function assertRefused(verdict: TxVerdict, { name, code, says }: Refusal): void {
  assert.equal(`${verdict.codespace}/${verdict.code}`, code, `${name}: ${verdict.log}`);
  assert.match(verdict.log, says, name);
}

const bytesOf = (value: bigint): Uint8Array => Uint8Array.from(Buffer.from(value.toString(16).padStart(64, "0"), "hex"));

/** Changes the 64 bytes of the first signature. */
function editSignature(tx: Uint8Array, edit: (r: bigint, s: bigint) => readonly [bigint, bigint]): Uint8Array {
  return editTx(tx, ({ signatures }) => {
    const hex = Buffer.from(signatures[0] ?? new Uint8Array(64)).toString("hex");
    const [r, s] = edit(BigInt(`0x${hex.slice(0, 64)}`), BigInt(`0x${hex.slice(64)}`));
    signatures[0] = new Uint8Array([...bytesOf(r), ...bytesOf(s)]);
  });
}

/** A multisig key inside a multisig key, `depth` times. */
function nestedKey(depth: number): Any {
  let key: Any = { typeUrl: "/cosmos.crypto.secp256k1.PubKey", value: new Uint8Array([10, 33, ...alice.publicKey]) };
  for (let level = 0; level < depth; level++) {
    const value = LegacyAminoPubKey.encode(LegacyAminoPubKey.fromPartial({ threshold: 1, publicKeys: [key] })).finish();
    key = { typeUrl: "/cosmos.crypto.multisig.LegacyAminoPubKey", value };
  }
  return key;
}

/** Puts other bytes into a signed transaction. */
function withParts(tx: Uint8Array, parts: Partial<TxRaw>): Uint8Array {
  return TxRaw.encode(TxRaw.fromPartial({ ...TxRaw.decode(tx), ...parts })).finish();
}

describe("a running node", () => {
  before(async () => {
    accounts = await devAccounts();
    [alice, bob] = [at(accounts, 0), at(accounts, 1)];
    chain = await createChainHome(50);
    await keepStill(chain);
    running = await startInProcess(chain);
    await waitForHeight(chain.rpc, 1);
    const { rpc } = chain;
    const { hash } = await broadcast(
      rpc,
      await signAs(chain, alice, [message(MsgMintCredit, { sender: alice.address, amount: String(100n * AI) })]),
    );
    assert.equal((await waitForTx(rpc, hash)).code, 0);
  });
  after(async () => {
    const exit = await running?.node.stop();
    await chain?.remove();
    assert.equal(exit?.error, undefined);
  });

  it("refuses bytes that are no transaction with sdk/2, whatever they are", async () => {
    const before = await takeSnapshot(chain.rpc, accounts);
    const random = createRandom(7);
    const good = await signAs(chain, alice, [send(CHAIN.baseDenom, "1")]);
    const garbage = [
      new Uint8Array([0xff]),
      new TextEncoder().encode("not a transaction"),
      ...Array.from({ length: 20 }, () => Uint8Array.from({ length: 1 + random.below(300) }, () => random.below(256))),
      good.subarray(0, good.length - 1),
      // A group, which protobuf abandoned, around nothing.
      withParts(good, { bodyBytes: new Uint8Array([...TxRaw.decode(good).bodyBytes, 0x1b, 0x1c]) }),
      // A field that claims two gigabytes.
      withParts(good, { bodyBytes: new Uint8Array([0x0a, 0xff, 0xff, 0xff, 0xff, 0x07]) }),
      // Unknown field of the envelope.
      new Uint8Array([...good, 0x22, 0x00]),
    ];
    for (const bytes of garbage) {
      const verdict = await broadcast(chain.rpc, bytes);
      assertRefused(verdict, { name: Buffer.from(bytes).toString("hex"), code: "sdk/2", says: /tx parse error$/ });
    }
    assert.deepEqual(await takeSnapshot(chain.rpc, accounts), before);
  });

  it("refuses packed types that nest too deep or are unknown", async () => {
    const good = await signAs(chain, alice, [send(CHAIN.baseDenom, "1")]);
    const raw = TxRaw.decode(good);
    const authInfo = AuthInfo.decode(raw.authInfoBytes);
    const withKey = (publicKey: Any): Uint8Array =>
      withParts(good, {
        authInfoBytes: AuthInfo.encode({ ...authInfo, signerInfos: authInfo.signerInfos.map((info) => ({ ...info, publicKey })) }).finish(),
      });
    let any: Any = TxBody.decode(raw.bodyBytes).messages[0] ?? assert.fail("a message");
    for (let level = 0; level < 40; level++) any = { typeUrl: "/google.protobuf.Any", value: Any.encode(any).finish() };
    const body = (messages: Any[]): Uint8Array => TxBody.encode({ ...TxBody.decode(raw.bodyBytes), messages }).finish();
    const before = await takeSnapshot(chain.rpc, accounts);
    const cases: readonly (Refusal & { readonly tx: Uint8Array })[] = [
      { name: "keys 12 deep", code: "sdk/2", says: /tx parse error$/, tx: withKey(nestedKey(12)) },
      { name: "keys 200 deep", code: "sdk/2", says: /tx parse error$/, tx: withKey(nestedKey(200)) },
      {
        name: "Any in Any",
        code: "sdk/2",
        says: /google\.protobuf\.Any.*tx parse error$/,
        tx: withParts(good, { bodyBytes: body([any]) }),
      },
      {
        name: "unknown message",
        code: "sdk/2",
        says: /\/no\.such\.Msg.*tx parse error$/,
        tx: withParts(good, { bodyBytes: body([{ typeUrl: "/no.such.Msg", value: new Uint8Array(0) }]) }),
      },
    ];
    for (const { tx, ...refusal } of cases) assertRefused(await broadcast(chain.rpc, tx), refusal);
    assert.deepEqual(await takeSnapshot(chain.rpc, accounts), before);
  });

  it("refuses at the door what its signer cannot have meant, and charges nothing for it", async () => {
    const good = await signAs(chain, alice, [send(CHAIN.baseDenom, "5")]);
    const sign = (messages: readonly TestMessage[], options: Parameters<typeof signAs>[3] = {}): Promise<Uint8Array> =>
      signAs(chain, alice, messages, options);
    const cases: readonly (Refusal & { readonly tx: Uint8Array })[] = [
      { name: "high s", code: "sdk/4", says: /signature verification failed/, tx: editSignature(good, (r, s) => [r, CURVE_ORDER - s]) },
      { name: "r = n", code: "sdk/4", says: /signature verification failed/, tx: editSignature(good, (_r, s) => [CURVE_ORDER, s]) },
      {
        name: "r = 2^256 - 1",
        code: "sdk/4",
        says: /signature verification failed/,
        tx: editSignature(good, (_r, s) => [(1n << 256n) - 1n, s]),
      },
      { name: "r = s = 0", code: "sdk/4", says: /signature verification failed/, tx: editSignature(good, () => [0n, 0n]) },
      {
        name: "another chain",
        code: "sdk/4",
        says: /chain-id \(hanzo-test-1\)/,
        tx: await sign([send(CHAIN.baseDenom, "1")], { chainId: "hanzo-1" }),
      },
      {
        name: "sequence ahead",
        code: "sdk/32",
        says: /expected \d+, got 999: incorrect account sequence$/,
        tx: await sign([send(CHAIN.baseDenom, "1")], { sequence: 999n }),
      },
      {
        name: "no fee",
        code: "sdk/13",
        says: /got: +required: 10000000000000aai: insufficient fee$/,
        tx: await sign([send(CHAIN.baseDenom, "1")], { fee: [] }),
      },
      {
        name: "long memo",
        code: "sdk/12",
        says: /256 but received 257 characters/,
        tx: await sign([send(CHAIN.baseDenom, "1")], { memo: "x".repeat(257) }),
      },
      { name: "timed out", code: "sdk/30", says: /timeout height: 1/, tx: await sign([send(CHAIN.baseDenom, "1")], { timeoutHeight: 1n }) },
      {
        name: "2^256 sent",
        code: "sdk/2",
        says: new RegExp(`amount, got "${TWO_256}": tx parse error$`),
        tx: await sign([send(CHAIN.baseDenom, TWO_256)]),
      },
      { name: "negative", code: "sdk/10", says: /-1/, tx: await sign([send(CHAIN.baseDenom, "-1")]) },
      { name: "__proto__", code: "sdk/10", says: /__proto__/, tx: await sign([send("__proto__", "1")]) },
      {
        name: "2^256 offered",
        code: "sdk/2",
        says: /out of range in hanzo\.hmm\.v1\.MsgSwap\.credit_in, got .*tx parse error$/,
        tx: await sign([swap({ creditIn: TWO_256 })]),
      },
      {
        name: "2^255 offered",
        code: "hmm/2",
        says: /credit_in: expected 0 to 2\^128 - 1, got \d+: invalid amount$/,
        tx: await sign([swap({ creditIn: (1n << 255n).toString() })]),
      },
      {
        name: "offer of 0",
        code: "hmm/2",
        says: /credit_in: expected at least 1, got 0: invalid amount$/,
        tx: await sign([swap({ creditIn: "0" })]),
      },
      {
        name: "offer in hex",
        code: "sdk/2",
        says: /decimal digits expected in .*credit_in, got "0x10": tx parse error$/,
        tx: await sign([swap({ creditIn: "0x10" })]),
      },
      {
        name: "offer with a leading zero",
        code: "sdk/2",
        says: /decimal without leading zeros expected in .*credit_in, got "017": tx parse error$/,
        tx: await sign([swap({ creditIn: "017" })]),
      },
      { name: "pool __proto__", code: "hmm/3", says: /got "__proto__": unknown pool$/, tx: await sign([swap({ poolId: "__proto__" })]) },
    ];
    const before = await takeSnapshot(chain.rpc, accounts);
    for (const { tx, ...refusal } of cases) assertRefused(await broadcast(chain.rpc, tx), refusal);
    assert.deepEqual(await takeSnapshot(chain.rpc, accounts), before);
  });

  it("answers what fails in a block with its code; only fee and sequence remain", async () => {
    const market = moduleAccount("hmm", CHAIN.bech32Prefix);
    const most = (GPU_RESERVE * 3000n) / 10_000n;
    const cases: readonly (Refusal & { readonly message: TestMessage; readonly gas?: bigint })[] = [
      { name: "zero output", code: "hmm/5", says: /buys 0 resource base units.*order is too small/, message: swap({ creditIn: "1" }) },
      { name: "drain", code: "hmm/8", says: /would drain the pool$/, message: buy({ amountOut: String(GPU_RESERVE) }) },
      {
        name: "above 30 %",
        code: "hmm/7",
        says: new RegExp(`at most ${most} .*got ${most + 1n}: `),
        message: buy({ amountOut: String(most + 1n) }),
      },
      {
        name: "slippage",
        code: "hmm/6",
        says: /expected at least 1000000000000000ngpu, got \d+ngpu/,
        message: swap({ minOut: String(10n ** 15n) }),
      },
      {
        name: "slippage, exact",
        code: "hmm/6",
        says: /expected to pay at most 1 credit base units, got a price of \d+: limit/,
        message: buy({ amountOut: "1000000000", maxCredit: "1" }),
      },
      { name: "unknown pool", code: "hmm/3", says: /constructor.*unknown pool$/, message: swap({ poolId: "constructor" }) },
      { name: "credit to a user", code: "bank/5", says: /credit transfers are currently disabled/, message: send("credit", "1") },
      {
        name: "denomination of a prototype",
        code: "sdk/5",
        says: /constructor is smaller than 1constructor: insufficient funds$/,
        message: send("constructor", "1"),
      },
      {
        name: "more than there is",
        code: "sdk/5",
        says: /is smaller than \d+aai: insufficient funds$/,
        message: send(CHAIN.baseDenom, String((1n << 256n) - 1n)),
      },
      {
        name: "to the market's account",
        code: "sdk/4",
        says: /is not allowed to receive funds: unauthorized$/,
        message: send(CHAIN.baseDenom, "1", market),
      },
      {
        name: "bank's parameters",
        code: "gov/13",
        says: /expected \w+, got \w+/,
        message: message(MsgUpdateParams, { authority: alice.address, params: { sendEnabled: [], defaultSendEnabled: false } }),
      },
      {
        name: "market's parameters",
        code: "gov/13",
        says: /expected \w+, got \w+/,
        message: message(MsgUpdateMarket, { authority: alice.address, params: MsgUpdateMarket.fromPartial({ params: {} }).params }),
      },
      { name: "too little gas", code: "sdk/11", says: /gasWanted: 60000, gasUsed: \d+: out of gas$/, message: swap({}), gas: 60_000n },
    ];
    for (const { message: msg, gas, ...refusal } of cases) {
      const before = await takeSnapshot(chain.rpc, accounts);
      const verdict = await broadcast(chain.rpc, await signAs(chain, alice, [msg], gas === undefined ? {} : { gas }));
      assert.equal(verdict.code, 0, `${refusal.name}: ${verdict.log}`);
      assertRefused(await waitForTx(chain.rpc, verdict.hash), refusal);
      assert.deepEqual(await takeSnapshot(chain.rpc, accounts), afterFailure(before, alice.address, FEE), refusal.name);
    }
  });

  it("takes no transaction twice", async () => {
    const tx = await signAs(chain, alice, [send(CHAIN.baseDenom, "7")]);
    const first = await broadcast(chain.rpc, tx);
    assert.equal(first.code, 0, first.log);
    assert.equal((await waitForTx(chain.rpc, first.hash)).code, 0);
    const before = await takeSnapshot(chain.rpc, accounts);
    await assert.rejects(broadcast(chain.rpc, tx), (error) => error instanceof RpcError && /already exists in cache/.test(error.message));
    // A node whose mempool never saw it asks the application, which knows by the sequence.
    const answer = await callAbci(running.node.endpoints.abci, { checkTx: { tx, type: 0 } });
    assertRefused(answer.checkTx ?? assert.fail("an answer to CheckTx"), {
      name: "replay",
      code: "sdk/32",
      says: /account sequence mismatch, expected \d+, got \d+/,
    });
    assert.deepEqual(await takeSnapshot(chain.rpc, accounts), before);
  });

  it("sells compute as if nothing had happened", async () => {
    const { code, hash, log } = await broadcast(chain.rpc, await signAs(chain, alice, [swap({ minOut: "1" })]));
    assert.equal(code, 0, log);
    assert.equal((await waitForTx(chain.rpc, hash)).code, 0);
    assert.deepEqual(running.app.brokenInvariants(), []);
    assert.deepEqual(running.grammar.violations, []);
  });
});

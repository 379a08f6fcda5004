import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Any } from "#proto/google/protobuf/any";
import type { ProtoCodec } from "#sdk";
import { GenericAuthorization } from "../../../proto/gen/cosmos/authz/v1beta1/authz.ts";
import { MsgExec, MsgExecResponse, MsgGrant } from "../../../proto/gen/cosmos/authz/v1beta1/tx.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { TxMsgData } from "../../../proto/gen/cosmos/base/abci/v1beta1/abci.ts";
import { AllowedMsgAllowance, BasicAllowance } from "../../../proto/gen/cosmos/feegrant/v1beta1/feegrant.ts";
import { MsgGrantAllowance, MsgRevokeAllowance } from "../../../proto/gen/cosmos/feegrant/v1beta1/tx.ts";
import type { TestAccount } from "../../harness/accounts.ts";
import { message, signTx } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

const FEE = 1_000_000n;
const fee = [{ denom: "aai", amount: String(FEE) }];
const aai = (amount: bigint) => [{ denom: "aai", amount: String(amount) }];

function pack<M>(codec: ProtoCodec<M>, value: Partial<M>): Any {
  return { typeUrl: `/${codec.$type}`, value: Uint8Array.from(codec.encode(codec.fromPartial(value)).finish()) };
}

async function start(): Promise<{ chain: TestChain; ann: TestAccount; bob: TestAccount }> {
  const chain = await createTestChain({ accounts: 2 });
  await chain.deliver();
  const [ann, bob] = chain.accounts;
  assert.ok(ann && bob);
  return { chain, ann, bob };
}

const send = (from: TestAccount, to: TestAccount, amount = 1n) =>
  ({ fromAddress: from.address, toAddress: to.address, amount: aai(amount) }) as const;

/** Delivers one transaction, which must succeed. */
async function done(chain: TestChain, ...tx: Parameters<TestChain["sign"]>): Promise<void> {
  const { txResults } = await chain.deliver(await chain.sign(...tx));
  assert.deepEqual(
    txResults.map(({ code, log }) => [code, log]),
    [[0, ""]],
  );
}

const allow = (chain: TestChain, ann: TestAccount, bob: TestAccount, allowance: Any) =>
  done(chain, [message(MsgGrantAllowance, { granter: ann.address, grantee: bob.address, allowance })], [ann]);

describe("an allowance that cannot be", () => {
  it("is refused by the mempool before it costs a fee, and in a block with what the SDK finds first", async () => {
    const { chain, ann, bob } = await start();
    await allow(chain, ann, bob, pack(BasicAllowance, {}));
    const wrong = message(MsgGrantAllowance, {
      granter: ann.address,
      grantee: bob.address,
      allowance: pack(BasicAllowance, { spendLimit: aai(0n) }),
    });
    const tx = await chain.sign([wrong], [ann]);
    const { code, codespace, log } = chain.check(tx);
    assert.deepEqual([codespace, code], ["sdk", 10], log);
    const [result] = (await chain.deliver(tx)).txResults;
    assert.deepEqual([result?.codespace, result?.code], ["sdk", 18], result?.log);
    assert.match(result?.log ?? "", /fee allowance already exists/);
  });
});

describe("a fee that somebody else pays", () => {
  it("comes from the granter, whose events come first; the signer's sequence steps", async () => {
    const { chain, ann, bob } = await start();
    await allow(chain, ann, bob, pack(BasicAllowance, { spendLimit: aai(10n * FEE) }));
    const [annHad, bobHad] = [await chain.balance(ann.address), await chain.balance(bob.address)];
    const tx = await chain.sign([message(MsgSend, send(bob, ann))], [bob], { fee, granter: ann.address });
    assert.equal(chain.check(tx).code, 0);
    const { txResults } = await chain.deliver(tx);
    const events = txResults[0]?.events ?? [];
    assert.deepEqual(
      events.slice(0, 9).map(({ type }) => type),
      ["use_feegrant", "update_feegrant", "coin_spent", "coin_received", "transfer", "message", "tx", "tx", "tx"],
    );
    assert.deepEqual(events[6]?.attributes.find(({ key }) => key === "fee_payer")?.value, ann.address);
    assert.deepEqual([await chain.balance(ann.address), await chain.balance(bob.address)], [annHad - FEE + 1n, bobHad - 1n]);
    assert.equal((await chain.signer(bob)).sequence, 1n);
  });
  it("is paid by an allowance once: in the mempool and in one block a drained allowance pays no more", async () => {
    const { chain, ann, bob } = await start();
    await allow(chain, ann, bob, pack(BasicAllowance, { spendLimit: aai(FEE) }));
    const signer = await chain.signer(bob);
    const sign = (sequence: bigint) =>
      signTx([message(MsgSend, send(bob, ann))], {
        chainId: chain.chainId,
        signers: [{ ...signer, sequence }],
        fee,
        granter: ann.address,
      });
    const txs = [await sign(0n), await sign(1n)] as const;
    assert.deepEqual(
      txs.map((tx) => chain.check(tx).code),
      [0, 38],
    );
    const { txResults } = await chain.deliver(...txs);
    assert.deepEqual(
      txResults.map(({ code, codespace, events }) => [code, codespace, events.length > 0]),
      [
        [0, "", true],
        [38, "sdk", false],
      ],
    );
    assert.match(
      txResults[1]?.log ?? "",
      new RegExp(`^${ann.address} does not allow to pay fees for ${bob.address}: fee-grant not found: not found$`),
    );
    const types = txResults[0]?.events.map(({ type }) => type) ?? [];
    assert.deepEqual(types.slice(0, 2), ["revoke_feegrant", "use_feegrant"]);
  });
  it("stays paid when the message fails, and costs nothing when the allowance refuses", async () => {
    const { chain, ann, bob } = await start();
    const inner = pack(BasicAllowance, { spendLimit: aai(3n * FEE) });
    await allow(chain, ann, bob, pack(AllowedMsgAllowance, { allowance: inner, allowedMessages: [`/${MsgSend.$type}`] }));
    const had = await chain.balance(ann.address);
    const poor = await chain.sign([message(MsgSend, send(bob, ann, 10n ** 30n))], [bob], { fee, granter: ann.address });
    const [failed] = (await chain.deliver(poor)).txResults;
    assert.deepEqual([failed?.code, failed?.codespace, failed?.events[0]?.type], [5, "sdk", "use_feegrant"]);
    assert.equal(await chain.balance(ann.address), had - FEE);
    const other = await chain.sign([message(MsgRevokeAllowance, { granter: bob.address, grantee: ann.address })], [bob], {
      fee,
      granter: ann.address,
    });
    assert.deepEqual([chain.check(other).code, chain.check(other).codespace], [7, "feegrant"]);
    const [refused] = (await chain.deliver(other)).txResults;
    assert.deepEqual([refused?.code, refused?.codespace, refused?.events], [7, "feegrant", []]);
    assert.equal(await chain.balance(ann.address), had - FEE);
  });
  it("may be a denomination that the allowance has and the granter has not: nothing is paid, nothing is used", async () => {
    const { chain, ann, bob } = await start();
    await allow(chain, ann, bob, pack(BasicAllowance, {}));
    const tx = await chain.sign([message(MsgSend, send(bob, ann))], [bob], {
      fee: [{ denom: "photon", amount: "5" }],
      granter: ann.address,
    });
    const [refused] = (await chain.deliver(tx)).txResults;
    assert.deepEqual([refused?.code, refused?.codespace, refused?.events], [5, "sdk", []]);
  });
});

describe("a message in another's name", () => {
  const exec = (grantee: TestAccount, msgs: Any[]) => message(MsgExec, { grantee: grantee.address, msgs });
  const leave = (ann: TestAccount, bob: TestAccount, type: { readonly $type: string }) =>
    message(MsgGrant, {
      granter: ann.address,
      grantee: bob.address,
      grant: { authorization: pack(GenericAuthorization, { msg: `/${type.$type}` }), expiration: undefined },
    });

  it("tells its indexes and hands back its responses", async () => {
    const { chain, ann, bob } = await start();
    await done(chain, [leave(ann, bob, MsgSend)], [ann]);
    const tx = await chain.sign([exec(bob, [pack(MsgSend, send(ann, bob, 5n)), pack(MsgSend, send(bob, ann, 3n))])], [bob]);
    const [result] = (await chain.deliver(tx)).txResults;
    assert.equal(result?.code, 0, result?.log);
    const last = result?.events.at(-1)?.attributes.map(({ key, value }) => `${key}=${value}`) ?? [];
    assert.deepEqual(last, [`sender=${bob.address}`, "authz_msg_index=1", "msg_index=0"]);
    const [response] = TxMsgData.decode(result?.data ?? new Uint8Array(0)).msgResponses;
    assert.deepEqual(
      MsgExecResponse.decode(response?.value ?? new Uint8Array(0)).results.map(({ length }) => length),
      [0, 0],
    );
  });
  it("may lie ten levels deep and a hundred times in one message, not more", async () => {
    const { chain, ann, bob } = await start();
    const one = pack(MsgSend, send(bob, ann));
    const nest = (levels: number): Any => (levels === 0 ? one : pack(MsgExec, { grantee: bob.address, msgs: [nest(levels - 1)] }));
    const judge = async (msgs: Any[]) => chain.check(await chain.sign([exec(bob, msgs)], [bob], { gas: 5_000_000n })).code;
    assert.deepEqual([await judge([nest(8)]), await judge([nest(9)])], [0, 2]);
    const { chain: other } = await start();
    const many = async (count: number) =>
      other.check(
        await other.sign(
          [
            exec(
              bob,
              Array.from({ length: count }, () => one),
            ),
          ],
          [bob],
          { gas: 5_000_000n },
        ),
      ).code;
    assert.deepEqual([await many(99), await many(100)], [0, 2]);
  });
  it("that runs out of gas says so as any other, and leaves only the fee", async () => {
    const { chain, ann, bob } = await start();
    await done(chain, [leave(ann, bob, MsgSend)], [ann]);
    const had = await chain.balance(ann.address);
    const tx = await chain.sign(
      [
        exec(
          bob,
          Array.from({ length: 40 }, () => pack(MsgSend, send(ann, bob))),
        ),
      ],
      [bob],
      { gas: 150_000n },
    );
    const [result] = (await chain.deliver(tx)).txResults;
    assert.deepEqual([result?.code, result?.codespace], [11, "sdk"]);
    assert.match(result?.log ?? "", /^out of gas in location/);
    assert.equal(await chain.balance(ann.address), had);
  });
  it("is not looked into by the mempool, which knows no grants, but for what no message may be", async () => {
    const { chain, ann, bob } = await start();
    const tx = await chain.sign([exec(bob, [pack(MsgSend, send(ann, bob))])], [bob]);
    assert.equal(chain.check(tx).code, 0);
    const [result] = (await chain.deliver(tx)).txResults;
    assert.deepEqual([result?.code, result?.codespace], [2, "authz"]);
    const strange = await chain.sign([exec(bob, [pack(BasicAllowance, {})])], [bob]);
    assert.deepEqual([chain.check(strange).code, chain.check(strange).codespace], [2, "sdk"]);
  });
});

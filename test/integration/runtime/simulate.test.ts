import assert from "node:assert/strict";
import { test } from "node:test";
import { BaseAccount } from "../../../proto/gen/cosmos/auth/v1beta1/auth.ts";
import { MsgMultiSend, MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { SimulateRequest, SimulateResponse } from "../../../proto/gen/cosmos/tx/v1beta1/service.ts";
import { testAccounts } from "../../harness/accounts.ts";
import { fc } from "../../harness/fastCheck.ts";
import { createMultisig, editTx, message, signMultisig, type TestMessage } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

const send = (from: string, to: string, amount: bigint): TestMessage =>
  message(MsgSend, { fromAddress: from, toAddress: to, amount: [{ denom: "aai", amount: String(amount) }] });
const multiSend = (from: string, to: string, amount: bigint): TestMessage => {
  const coins = [{ denom: "aai", amount: String(amount) }];
  return message(MsgMultiSend, { inputs: [{ address: from, coins }], outputs: [{ address: to, coins }] });
};

async function ready(options: Parameters<typeof createTestChain>[0] = {}): Promise<TestChain> {
  const chain = await createTestChain(options);
  await chain.deliver();
  return chain;
}

test("a complete transaction costs in a simulation exactly what it costs in the block", async () => {
  const chain = await ready({ accounts: 4 });
  const strangers = await testAccounts(12, "hanzo");
  const plan = fc.record({
    from: fc.nat(3),
    to: fc.nat(11),
    amount: fc.bigInt({ min: 1n, max: 10n ** 20n }),
    count: fc.integer({ min: 1, max: 3 }),
    memo: fc.string({ maxLength: 40 }),
    multi: fc.boolean(),
    mode: fc.constantFrom("direct" as const, "amino" as const),
    fee: fc.constantFrom("0", "1", "5000000000000"),
    waiting: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ from, to, amount, count, memo, multi, mode, fee, waiting }) => {
      const account = chain.accounts[from];
      const target = strangers[to];
      assert.ok(account && target);
      const make = multi ? multiSend : send;
      const messages = Array.from({ length: count }, () => make(account.address, target.address, amount));
      const tx = await chain.sign(
        messages,
        [account],
        { memo, gas: 400_000n, ...(fee === "0" ? { fee: [] } : { fee: [{ denom: "aai", amount: fee }] }) },
        mode,
      );
      const simulated = chain.app.simulate(tx);
      if (waiting) chain.check(tx);
      const [result] = (await chain.deliver(tx)).txResults;
      assert.equal(result?.code, 0, result?.log);
      if (fee !== "0") assert.equal(simulated.gasUsed, result?.gasUsed);
      else assert.ok(simulated.gasUsed >= (result?.gasUsed ?? 0n));
      assert.equal(simulated.error, undefined);
      assert.deepEqual(simulated.data, result?.data);
    }),
    { seed: 21, numRuns: 40 },
  );
});

test("a failing transaction costs in a simulation what it costs in the block", async () => {
  const chain = await ready();
  const [a, b] = chain.accounts;
  assert.ok(a && b);
  const tx = await chain.sign([send(a.address, b.address, 1n), send(a.address, b.address, 10n ** 40n)], [a], { gas: 400_000n });
  const simulated = chain.app.simulate(tx);
  const [result] = (await chain.deliver(tx)).txResults;
  assert.equal(simulated.error?.code, 5);
  assert.equal(result?.code, 5);
  assert.equal(simulated.gasUsed, result?.gasUsed);
});

/** What wallets send when they only ask for the gas. */
const askers: Readonly<Record<string, (tx: Uint8Array) => Uint8Array>> = {
  "stock client: empty signature, no mode, no fee": (tx) =>
    editTx(tx, (parts) => {
      parts.signatures = [new Uint8Array(0)];
      for (const info of parts.authInfo.signerInfos) info.modeInfo = { single: { mode: 0 } };
      parts.authInfo.fee = { amount: [], gasLimit: 0n, payer: "", granter: "" };
    }),
  "extension: 64 zero bytes, amino mode, no key, no fee": (tx) =>
    editTx(tx, (parts) => {
      parts.signatures = [new Uint8Array(64)];
      for (const info of parts.authInfo.signerInfos) {
        info.modeInfo = { single: { mode: 127 } };
        info.publicKey = undefined;
      }
      parts.authInfo.fee = { amount: [], gasLimit: 0n, payer: "", granter: "" };
    }),
  "nothing but the fee": (tx) =>
    editTx(tx, (parts) => {
      parts.signatures = [];
      parts.authInfo.signerInfos = [];
    }),
};

for (const [who, strip] of Object.entries(askers)) {
  test(`${who}: the simulated gas suffices, and is no more than 2% above what is used`, async () => {
    const chain = await ready({ app: { minGasPrices: "1aai" } });
    const [a, b] = chain.accounts;
    assert.ok(a && b);
    for (let round = 0; round < 2; round++) {
      const probe = await chain.sign([send(a.address, b.address, 7n)], [a]);
      const { value, code, log } = await chain.query(
        "/cosmos.tx.v1beta1.Service/Simulate",
        SimulateRequest.encode({ tx: undefined, txBytes: strip(probe) }).finish(),
      );
      assert.equal(code, 0, log);
      const { gasInfo } = SimulateResponse.decode(value);
      const gas = gasInfo?.gasUsed ?? 0n;
      assert.equal(gasInfo?.gasWanted, (1n << 64n) - 1n);
      const tx = await chain.sign([send(a.address, b.address, 7n)], [a], { gas });
      const [result] = (await chain.deliver(tx)).txResults;
      assert.equal(result?.code, 0, result?.log);
      const used = result?.gasUsed ?? 0n;
      assert.ok(gas >= used && gas * 100n <= used * 102n, `${gas} for ${used}`);
    }
  });
}

test("who owns nothing can ask for the gas of something that costs nothing", async () => {
  const [poor] = (await testAccounts(20, "hanzo")).slice(-1);
  assert.ok(poor);
  const funded = await createTestChain({
    appState: {
      auth: { accounts: [{ "@type": `/${BaseAccount.$type}`, address: poor.address, pub_key: null, account_number: "0", sequence: "0" }] },
    },
  });
  await funded.deliver();
  const tx = await funded.sign([send(poor.address, poor.address, 1n)], [poor], { fee: [] });
  assert.equal(funded.app.simulate(tx).error?.code, 5);
});

test("a simulation wants the next sequence of the mempool and leaves nothing behind", async () => {
  const chain = await ready();
  const [a, b] = chain.accounts;
  assert.ok(a && b);
  const tx = await chain.sign([send(a.address, b.address, 1n)], [a]);
  assert.equal(chain.app.simulate(tx).error, undefined);
  assert.equal(chain.app.simulate(tx).error, undefined);
  assert.equal(chain.check(tx).code, 0);
  assert.equal(chain.app.simulate(tx).error?.code, 32);
  assert.equal((await chain.deliver(tx)).txResults[0]?.code, 0);
});

test("a multisig can ask for the gas without any signature", async () => {
  const accounts = await testAccounts(3, "hanzo");
  const multisig = createMultisig(accounts, 2, "hanzo");
  const chain = await createTestChain();
  await chain.deliver();
  const [a] = chain.accounts;
  assert.ok(a);
  await chain.deliver(await chain.sign([send(a.address, multisig.address, 10n ** 20n)], [a]));
  const account = { address: multisig.address } as never;
  const { accountNumber, sequence } = await chain.signer(account);
  const signed = (gas: bigint) =>
    signMultisig([send(multisig.address, a.address, 5n)], multisig, accounts.slice(0, 2), {
      chainId: chain.chainId,
      accountNumber,
      sequence,
      fee: [{ denom: "aai", amount: "5000" }],
      gas,
    });
  const simulated = chain.app.simulate(
    editTx(await signed(200_000n), (parts) => {
      parts.signatures = [new Uint8Array(0)];
    }),
  );
  assert.equal(simulated.error, undefined);
  const [result] = (await chain.deliver(await signed(simulated.gasUsed))).txResults;
  assert.equal(result?.code, 0, result?.log);
  assert.ok(simulated.gasUsed - (result?.gasUsed ?? 0n) <= 200n, `${simulated.gasUsed} for ${result?.gasUsed}`);
});

test("the mempool hears no events, simulations and blocks hear the same ones", async () => {
  const chain = await ready();
  const [a, b] = chain.accounts;
  assert.ok(a && b);
  const tx = await chain.sign([send(a.address, b.address, 1n)], [a]);
  const simulated = chain.app.simulate(tx);
  for (const recheck of [false, true]) {
    const { code, gasWanted, events } = chain.check(tx, recheck);
    assert.deepEqual({ code, gasWanted, events }, { code: recheck ? 32 : 0, gasWanted: 200_000n, events: [] });
  }
  const [result] = (await chain.deliver(tx)).txResults;
  assert.equal(result?.events.length, 12);
  assert.deepEqual(
    simulated.events.map(({ type }) => type),
    result?.events.map(({ type }) => type),
  );
});

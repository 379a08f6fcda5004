import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { AMOUNT_LIMIT, createAddressCodec, createCtx, createEvent, createGasMeter, ModuleError, moduleAddress } from "#sdk";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import type { MemoryKv } from "../../harness/memoryKv.ts";
import { type Bench, createBench, eventLines } from "../../harness/moduleBench.ts";

const codec = createAddressCodec("test");
const fees = codec.format(moduleAddress("fee_collector"));
const authority = codec.format(moduleAddress("gov"));
const coin = (amount: bigint | string, denom = "stake"): { denom: string; amount: string } => ({ denom, amount: String(amount) });

let bench: Bench;
let alice: string;
let bob: string;
beforeEach(() => {
  bench = createBench({ modules: [auth, bank] });
  [alice, bob] = [bench.account("alice"), bench.account("bob")];
  bench.init("auth");
  bench.init("bank", {
    balances: [{ address: alice, coins: [coin(50n, "frozen"), coin(100n, "photon"), coin(1000n)] }],
    sendEnabled: [{ denom: "frozen", enabled: false }],
  });
  bench.takeEvents();
});
const balance = (owner: string, denom = "stake"): bigint => bench.facet(bank, "view").balance(bench.ctx, owner, denom);
const send = (toAddress: string, amount: readonly object[], fromAddress = alice): object =>
  bench.send("/cosmos.bank.v1beta1.MsgSend", { fromAddress, toAddress, amount });
const refused = (run: () => unknown, codespace: string, code: number, text: string): void => {
  const before = [bench.store("bank").dump(), bench.store("acc").dump()];
  assert.throws(run, (error) => {
    assert.ok(error instanceof ModuleError, String(error));
    assert.deepEqual([error.codespace, error.code, error.message], [codespace, code, text]);
    return true;
  });
  assert.deepEqual([bench.store("bank").dump(), bench.store("acc").dump()], before);
  assert.deepEqual(bench.takeEvents(), []);
};

describe("a transfer", () => {
  it("moves coins, makes the receiver's account and says so in order", () => {
    send(bob, [coin(40n, "photon"), coin(300n)]);
    assert.deepEqual([balance(alice), balance(bob), balance(alice, "photon"), balance(bob, "photon")], [700n, 300n, 60n, 40n]);
    assert.deepEqual(eventLines(bench.takeEvents()), [
      `coin_spent(spender=${alice}, amount=40photon,300stake)`,
      `coin_received(receiver=${bob}, amount=40photon,300stake)`,
      `transfer(recipient=${bob}, sender=${alice}, amount=40photon,300stake)`,
      `message(sender=${alice})`,
    ]);
    assert.equal(bench.facet(auth, "ante").findAccount(bench.ctx, bob)?.accountNumber, 1n);
    assert.deepEqual(bench.broken(), []);
  });
  it("to oneself changes nothing", () => {
    send(alice, [coin(1000n)]);
    assert.equal(balance(alice), 1000n);
    assert.deepEqual(bench.broken(), []);
  });
  it("of everything leaves no entry behind", () => {
    send(bob, [coin(1000n)]);
    assert.deepEqual(bench.query("/cosmos.bank.v1beta1.Query/DenomOwners", { denom: "stake" }), {
      denomOwners: [{ address: bob, balance: coin(1000n) }],
      pagination: { nextKey: new Uint8Array(0), total: 1n },
    });
    assert.deepEqual(bench.broken(), []);
  });
  it("takes addresses in upper case and shows them in lower case", () => {
    send(bob.toUpperCase(), [coin(7n)], alice.toUpperCase());
    assert.equal(balance(bob), 7n);
    assert.deepEqual(eventLines(bench.takeEvents())[2], `transfer(recipient=${bob}, sender=${alice}, amount=7stake)`);
  });
  it("to governance is allowed, to other modules is not", () => {
    send(authority, [coin(1n)]);
    bench.takeEvents();
    for (const to of [fees, fees.toUpperCase(), codec.format(moduleAddress("bank"))])
      refused(() => send(to, [coin(1n)]), "sdk", 4, `${to} is not allowed to receive funds: unauthorized`);
  });
  it("is refused with the SDK's codes", () => {
    refused(() => send(bob, [coin(1001n)]), "sdk", 5, "spendable balance 1000stake is smaller than 1001stake: insufficient funds");
    refused(() => send(bob, [coin(5n, "nothing")]), "sdk", 5, "spendable balance 0nothing is smaller than 5nothing: insufficient funds");
    refused(
      () => send(bob, [coin(100n, "photon"), coin(1001n)]),
      "sdk",
      5,
      "spendable balance 1000stake is smaller than 1001stake: insufficient funds",
    );
    refused(() => send(bob, [coin(5n, "frozen")]), "bank", 5, "frozen transfers are currently disabled: send transactions are disabled");
    refused(() => send(bob, []), "sdk", 10, ": invalid coins");
    refused(() => send(bob, [coin(0n)]), "sdk", 10, "0stake: invalid coins");
    refused(() => send(bob, [coin("0x11")]), "sdk", 10, "0x11stake: invalid coins");
    refused(() => send(bob, [coin(1n), coin(2n)]), "sdk", 10, "1stake,2stake: invalid coins");
    refused(() => send(bob, [coin(1n, "__proto__")]), "sdk", 10, "1__proto__: invalid coins");
    refused(
      () => send("bad", [coin(1n)]),
      "sdk",
      7,
      "invalid to address: decoding bech32 failed: invalid bech32 string length 3: invalid address",
    );
    refused(() => send(bob, [coin(1n)], ""), "sdk", 7, "invalid from address: empty address string is not allowed: invalid address");
  });
});

describe("a transfer to several", () => {
  const multi = (inputs: readonly object[], outputs: readonly object[]): object =>
    bench.send("/cosmos.bank.v1beta1.MsgMultiSend", { inputs, outputs });
  it("moves coins and says so in order", () => {
    const carol = bench.account("carol");
    multi(
      [{ address: alice, coins: [coin(100n, "photon"), coin(300n)] }],
      [
        { address: bob, coins: [coin(40n, "photon"), coin(100n)] },
        { address: carol, coins: [coin(60n, "photon"), coin(200n)] },
      ],
    );
    assert.deepEqual(eventLines(bench.takeEvents()), [
      `message(sender=${alice})`,
      `coin_spent(spender=${alice}, amount=100photon,300stake)`,
      `coin_received(receiver=${bob}, amount=40photon,100stake)`,
      `transfer(recipient=${bob}, sender=${alice}, amount=40photon,100stake)`,
      `coin_received(receiver=${carol}, amount=60photon,200stake)`,
      `transfer(recipient=${carol}, sender=${alice}, amount=60photon,200stake)`,
    ]);
    assert.deepEqual(bench.broken(), []);
  });
  it("is refused with the SDK's codes", () => {
    const one = { address: alice, coins: [coin(1n)] };
    refused(() => multi([], []), "bank", 2, "no inputs to send transaction");
    refused(() => multi([one], []), "bank", 3, "no outputs to send transaction");
    refused(() => multi([one, one], [{ address: bob, coins: [coin(2n)] }]), "bank", 9, "multiple senders not allowed");
    refused(
      () => multi([{ address: alice, coins: [coin(3n)] }], [{ address: bob, coins: [coin(2n)] }]),
      "bank",
      4,
      "sum inputs != sum outputs",
    );
    refused(
      () => multi([one], [{ address: "bad", coins: [coin(1n)] }]),
      "sdk",
      7,
      "invalid output address: decoding bech32 failed: invalid bech32 string length 3: invalid address",
    );
    refused(
      () => multi([{ address: "", coins: [] }], [one]),
      "sdk",
      7,
      "invalid input address: empty address string is not allowed: invalid address",
    );
    refused(() => multi([{ address: alice, coins: [] }], [one]), "sdk", 10, ": invalid coins");
    refused(() => multi([one], [{ address: fees, coins: [coin(1n)] }]), "sdk", 4, `${fees} is not allowed to receive funds: unauthorized`);
    refused(
      () => multi([{ address: alice, coins: [coin(1n, "frozen")] }], [{ address: bob, coins: [coin(1n, "frozen")] }]),
      "bank",
      5,
      "frozen transfers are currently disabled: send transactions are disabled",
    );
    const most = coin(AMOUNT_LIMIT - 1n);
    refused(
      () =>
        multi(
          [one],
          [
            { address: bob, coins: [most] },
            { address: bob, coins: [most] },
          ],
        ),
      "sdk",
      10,
      `amount of stake below 2^256 expected, got ${2n * (AMOUNT_LIMIT - 1n)}: invalid coins`,
    );
  });
});

describe("switching transfers of a denomination", () => {
  const set = (sender: string, sendEnabled: readonly object[], useDefaultFor: readonly string[] = []): object =>
    bench.send("/cosmos.bank.v1beta1.MsgSetSendEnabled", { authority: sender, sendEnabled, useDefaultFor });
  it("is for the authority", () => {
    set(authority, [{ denom: "stake", enabled: false }], ["frozen"]);
    refused(() => send(bob, [coin(1n)]), "bank", 5, "stake transfers are currently disabled: send transactions are disabled");
    send(bob, [coin(1n, "frozen")]);
    bench.takeEvents();
    refused(
      () => set(alice, []),
      "gov",
      13,
      `invalid authority; expected ${authority}, got ${alice}: expected gov account as only signer for proposal message`,
    );
    refused(
      () =>
        set(authority, [
          { denom: "stake", enabled: true },
          { denom: "stake", enabled: false },
        ]),
      "sdk",
      18,
      'duplicate denom entries found for "stake": invalid request',
    );
    refused(
      () => set(authority, [{ denom: "x", enabled: true }]),
      "sdk",
      18,
      'invalid SendEnabled denom "x": invalid denom: x: invalid request',
    );
    refused(() => set(authority, [], ["x"]), "sdk", 18, 'invalid UseDefaultFor denom "x": invalid denom: x: invalid request');
  });
  it("follows the parameter where nothing else is said", () => {
    bench.send("/cosmos.bank.v1beta1.MsgUpdateParams", { authority, params: { sendEnabled: [], defaultSendEnabled: false } });
    refused(() => send(bob, [coin(1n)]), "bank", 5, "stake transfers are currently disabled: send transactions are disabled");
    set(authority, [{ denom: "stake", enabled: true }]);
    send(bob, [coin(1n)]);
    bench.takeEvents();
    refused(
      () =>
        bench.send("/cosmos.bank.v1beta1.MsgUpdateParams", {
          authority,
          params: { sendEnabled: [{ denom: "stake", enabled: true }], defaultSendEnabled: true },
        }),
      "undefined",
      1,
      "use of send_enabled in params is no longer supported",
    );
    refused(() => bench.send("/cosmos.bank.v1beta1.MsgUpdateParams", { authority }), "sdk", 18, "params must be set: invalid request");
  });
});

describe("abilities of the bank", () => {
  it("mint and burn move the supply with the balances", () => {
    const { mint } = bench.facet(bank, "mint");
    const { burn } = bench.facet(bank, "burn");
    mint(bench.ctx, bob, "credit", 30n);
    burn(bench.ctx, bob, "credit", 10n);
    assert.equal(bench.facet(bank, "view").supply(bench.ctx, "credit"), 20n);
    assert.deepEqual(eventLines(bench.takeEvents()), [
      `coin_received(receiver=${bob}, amount=30credit)`,
      `coinbase(minter=${bob}, amount=30credit)`,
      `coin_spent(spender=${bob}, amount=10credit)`,
      `burn(burner=${bob}, amount=10credit)`,
    ]);
    assert.deepEqual(bench.broken(), []);
    burn(bench.ctx, bob, "credit", 20n);
    assert.deepEqual(bench.query("/cosmos.bank.v1beta1.Query/SupplyOf", { denom: "credit" }), { amount: coin(0n, "credit") });
    bench.takeEvents();
    refused(() => burn(bench.ctx, bob, "credit", 1n), "sdk", 5, "spendable balance 0credit is smaller than 1credit: insufficient funds");
    refused(
      () => mint(bench.ctx, bob, "stake", AMOUNT_LIMIT),
      "sdk",
      10,
      `supply of stake below 2^256 expected, got ${AMOUNT_LIMIT + 1000n}: invalid coins`,
    );
    refused(() => mint(bench.ctx, bob, "stake", -1n), "sdk", 35, "amount of at least 0 expected, got -1: internal logic error");
    assert.deepEqual(bench.broken(), []);
  });
  it("sending nothing does nothing, and of no coins the events tell, as in the SDK", () => {
    const { send: move, sendCoins } = bench.facet(bank, "transfer");
    move(bench.ctx, alice, bob, "stake", 0n);
    assert.deepEqual(bench.takeEvents(), []);
    sendCoins(bench.ctx, alice, bob, []);
    assert.deepEqual(eventLines(bench.takeEvents()), [
      `coin_spent(spender=${alice}, amount=)`,
      `coin_received(receiver=${bob}, amount=)`,
      `transfer(recipient=${bob}, sender=${alice}, amount=)`,
      `message(sender=${alice})`,
    ]);
    refused(() => move(bench.ctx, alice, bob, "stake", -1n), "sdk", 35, "amount of at least 0 expected, got -1: internal logic error");
  });
  it("modules may move what users may not", () => {
    bench.facet(bank, "transfer").sendCoins(bench.ctx, alice, fees, [{ denom: "frozen", amount: 5n }]);
    assert.equal(balance(fees, "frozen"), 5n);
    assert.equal(bench.facet(bank, "view").isSendEnabled(bench.ctx, "frozen"), false);
    assert.equal(bench.facet(bank, "view").spendable(bench.ctx, alice, "frozen"), 45n);
  });
  it("a fee costs the same gas whatever the collector has", () => {
    const { deductFee } = bench.facet(bank, "fees");
    const { mint } = bench.facet(bank, "mint");
    mint(bench.ctx, alice, "stake", 10n ** 30n);
    const costOf = (): bigint => {
      const gas = createGasMeter();
      const stores = (name: string): MemoryKv => bench.store(name);
      const ctx = createCtx({ height: 5n, timeNs: 0n, chainId: "test", gas, stores, events: [], formatEvent: createEvent as never });
      deductFee(ctx, alice, [{ denom: "stake", amount: 1n }]);
      return gas.used;
    };
    const cost = costOf();
    for (const more of [8n, 1n, 80n, 10n, 9n * 10n ** 11n, 10n ** 20n, 1n]) {
      mint(bench.ctx, fees, "stake", more);
      assert.equal(costOf(), cost, `the collector has ${balance(fees)}`);
    }
    bench.facet(bank, "burn").burn(bench.ctx, fees, "stake", balance(fees) - 5n);
    assert.equal(costOf(), cost, "it has given nearly all of it away");
  });
  it("fees go to the fee collector", () => {
    const { deductFee } = bench.facet(bank, "fees");
    const fee = (amount: bigint, denom = "stake"): { denom: string; amount: bigint } => ({ denom, amount });
    deductFee(bench.ctx, alice, [fee(5n)]);
    assert.equal(balance(fees), 5n);
    assert.deepEqual(eventLines(bench.takeEvents())[1], `coin_received(receiver=${fees}, amount=5stake)`);
    deductFee(bench.ctx, alice, []);
    deductFee(bench.ctx, alice, [fee(0n)]);
    assert.deepEqual(bench.takeEvents(), []);
    refused(
      () => deductFee(bench.ctx, alice, [fee(996n)]),
      "sdk",
      5,
      "spendable balance 995stake is smaller than 996stake: insufficient funds: insufficient funds",
    );
    refused(
      () => deductFee(bench.ctx, bob, [fee(5000n)]),
      "sdk",
      5,
      "spendable balance 0stake is smaller than 5000stake: insufficient funds: insufficient funds",
    );
    refused(
      () => deductFee(bench.ctx, alice, [fee(4000n), fee(1n, "photon")]),
      "sdk",
      13,
      "invalid fee amount: 4000stake,1photon: insufficient fee",
    );
  });
});

describe("an exchange", () => {
  const exchange = (given: bigint, taken: bigint): void =>
    bench.facet(bank, "transfer").exchange(bench.ctx, alice, bob, { denom: "photon", amount: given }, { denom: "stake", amount: taken });

  it("moves coins both ways and says who has less and more in order, without a transfer and a message", () => {
    send(bob, [coin(300n)]);
    bench.takeEvents();
    exchange(40n, 200n);
    assert.deepEqual([balance(alice, "photon"), balance(bob, "photon"), balance(alice), balance(bob)], [60n, 40n, 900n, 100n]);
    assert.deepEqual(eventLines(bench.takeEvents()), [
      `coin_spent(spender=${alice}, amount=40photon)`,
      `coin_received(receiver=${bob}, amount=40photon)`,
      `coin_spent(spender=${bob}, amount=200stake)`,
      `coin_received(receiver=${alice}, amount=200stake)`,
    ]);
    assert.deepEqual(bench.broken(), []);
  });
  it("fails where either has too little", () => {
    assert.throws(() => exchange(101n, 1n), /spendable balance 100photon is smaller than 101photon/);
    assert.throws(() => exchange(1n, 1n), /spendable balance 0stake is smaller than 1stake/);
  });
});

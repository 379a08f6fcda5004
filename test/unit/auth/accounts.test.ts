import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { BaseAccount, ModuleAccount } from "#proto/cosmos/auth/v1beta1/auth";
import type { Any } from "#proto/google/protobuf/any";
import { createAddressCodec, ModuleError, moduleAddress, QueryError } from "#sdk";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";

const codec = createAddressCodec("test");
const fees = codec.format(moduleAddress("fee_collector"));
const authority = codec.format(moduleAddress("gov"));
const pubKey: Any = { typeUrl: "/cosmos.crypto.secp256k1.PubKey", value: Uint8Array.of(10, 1, 2) };
const base = (address: string, accountNumber = 0n): Any => ({
  typeUrl: "/cosmos.auth.v1beta1.BaseAccount",
  value: BaseAccount.encode(BaseAccount.fromPartial({ address, accountNumber })).finish(),
});
const ofModule = (name: string, address: string): Any => ({
  typeUrl: "/cosmos.auth.v1beta1.ModuleAccount",
  value: ModuleAccount.encode({ baseAccount: BaseAccount.fromPartial({ address }), name, permissions: ["minter"] }).finish(),
});

let bench: Bench;
beforeEach(() => {
  bench = createBench({ modules: [auth, bank] });
});

describe("accounts", () => {
  it("get numbers in the order in which they appear, after the fee collector", () => {
    bench.init("auth");
    const { ensureAccount, ensureModuleAccount } = bench.facet(auth, "accounts");
    const { findAccount } = bench.facet(auth, "ante");
    ensureAccount(bench.ctx, bench.account("a"));
    assert.equal(ensureModuleAccount(bench.ctx, "bank", ["minter"]), codec.format(moduleAddress("bank")));
    ensureAccount(bench.ctx, bench.account("b"));
    ensureAccount(bench.ctx, bench.account("a"));
    const numbers = [fees, bench.account("a"), codec.format(moduleAddress("bank")), bench.account("b")].map(
      (address) => findAccount(bench.ctx, address)?.accountNumber,
    );
    assert.deepEqual(numbers, [0n, 1n, 2n, 3n]);
    assert.deepEqual(bench.broken(), []);
  });
  it("count sequences and keep the key and the number", () => {
    bench.init("auth", { accounts: [base(bench.account("a"))] });
    const ante = bench.facet(auth, "ante");
    ante.setPubKey(bench.ctx, bench.account("a"), pubKey);
    ante.incrementSequence(bench.ctx, bench.account("a"));
    ante.incrementSequence(bench.ctx, bench.account("a"));
    assert.deepEqual(ante.findAccount(bench.ctx, bench.account("a")), {
      address: bench.account("a"),
      accountNumber: 0n,
      sequence: 2n,
      pubKey,
    });
    assert.equal(ante.findAccount(bench.ctx, bench.account("nobody")), undefined);
    assert.equal(ante.params(bench.ctx).maxMemoCharacters, 256n);
  });
  it("that do not exist cannot sign", () => {
    const { incrementSequence } = bench.facet(auth, "ante");
    assert.throws(
      () => incrementSequence(bench.ctx, bench.account("a")),
      (error) =>
        error instanceof ModuleError &&
        error.code === 9 &&
        error.message === `account ${bench.account("a")} does not exist: unknown address`,
    );
  });
  it("of modules are known before they are used, in any spelling", () => {
    const { isModuleAccount, ensureAccount } = bench.facet(auth, "accounts");
    const address = codec.format(moduleAddress("bank"));
    assert.equal(isModuleAccount(bench.ctx, address), true);
    assert.equal(isModuleAccount(bench.ctx, address.toUpperCase()), true);
    assert.equal(isModuleAccount(bench.ctx, bench.account("a")), false);
    ensureAccount(bench.ctx, address.toUpperCase());
    assert.deepEqual(bench.query("/cosmos.auth.v1beta1.Query/ModuleAccountByName", { name: "bank" }), {
      account: {
        ...ofModule("bank", address),
        value: ModuleAccount.encode({ baseAccount: BaseAccount.fromPartial({ address }), name: "bank", permissions: [] }).finish(),
      },
    });
  });
  it("that were funded before their module used them become the module's and keep their number", () => {
    const address = codec.format(moduleAddress("late"));
    bench.init("auth", { accounts: [base(address, 0n)] });
    const { isModuleAccount, ensureModuleAccount } = bench.facet(auth, "accounts");
    assert.equal(isModuleAccount(bench.ctx, address), false);
    ensureModuleAccount(bench.ctx, "late", ["burner"]);
    assert.equal(isModuleAccount(bench.ctx, address), true);
    assert.equal(bench.facet(auth, "ante").findAccount(bench.ctx, address)?.accountNumber, 0n);
    assert.deepEqual(bench.broken(), []);
  });
});

describe("genesis of accounts", () => {
  const numbersOf = (given: readonly bigint[]): bigint[] => {
    const owners = given.map((_, i) => bench.account(String(i)));
    bench.init("auth", { accounts: given.map((number, i) => base(owners[i] ?? "", number)) });
    return owners.map((owner) => bench.facet(auth, "ante").findAccount(bench.ctx, owner)?.accountNumber ?? -1n);
  };
  const rows: readonly (readonly [label: string, given: readonly bigint[], numbers: readonly bigint[], next: bigint])[] = [
    ["all zero: the order of the file", [0n, 0n, 0n], [0n, 1n, 2n], 3n],
    ["distinct numbers stay", [7n, 3n], [7n, 3n], 8n],
    ["the first holder keeps a number, the other gets the lowest free one", [5n, 5n, 0n], [5n, 1n, 0n], 6n],
    ["others are served in the order of their numbers", [9n, 9n, 2n, 2n], [9n, 1n, 2n, 0n], 10n],
  ];
  for (const [label, given, numbers, next] of rows) {
    it(`numbers them: ${label}`, () => {
      assert.deepEqual(numbersOf(given), numbers);
      assert.equal(bench.facet(auth, "ante").findAccount(bench.ctx, fees)?.accountNumber, next);
      assert.deepEqual(bench.broken(), []);
    });
  }
  it("refuses what is wrong, naming the entry", () => {
    const a = bench.account("a");
    const vesting = { typeUrl: "/cosmos.vesting.v1beta1.DelayedVestingAccount", value: new Uint8Array(0) };
    const cases: readonly (readonly [accounts: readonly Any[], text: RegExp])[] = [
      [[base(a), base(a.toUpperCase())], /auth\.accounts\[1\]: duplicate account found in genesis state; address: test1/],
      [[base("test1nope")], /auth\.accounts\[0\]\.address: decoding bech32 failed/],
      [[vesting], /auth\.accounts\[0\]: invalid coins: : invalid request/],
      [[ofModule("mint", a)], /auth\.accounts\[0\]\.address: test1\S+ of module mint expected, got test1/],
      [[ofModule(" ", a)], /auth\.accounts\[0\]\.name: module account name cannot be blank/],
      [[{ typeUrl: "/some.Thing", value: new Uint8Array(0) }], /account of type .* expected, got \/some\.Thing/],
    ];
    for (const [accounts, text] of cases) assert.throws(() => bench.init("auth", { accounts }), text);
    assert.throws(() => bench.init("auth", { params: { txSigLimit: 0n }, accounts: [] }), /invalid tx signature limit: 0/);
    assert.deepEqual(bench.store("acc").dump(), []);
  });
  it("written and read again gives the same state", () => {
    bench.init("auth", {
      accounts: [base(bench.account("b"), 4n), ofModule("mint", codec.format(moduleAddress("mint"))), base(bench.account("a"), 0n)],
    });
    bench.facet(auth, "ante").incrementSequence(bench.ctx, bench.account("a"));
    const again = createBench({ modules: [auth, bank] });
    again.init("auth", bench.exportGenesis("auth") as object);
    assert.deepEqual(again.store("acc").dump(), bench.store("acc").dump());
  });
});

describe("queries of accounts", () => {
  beforeEach(() => bench.init("auth", { accounts: [base(bench.account("a"))] }));
  const fails = (method: string, request: object, status: number, text: string): void =>
    assert.throws(
      () => bench.query(`/cosmos.auth.v1beta1.Query/${method}`, request),
      (error) => error instanceof QueryError && error.status === status && error.message === text,
      `${method} ${text}`,
    );
  it("say what is wrong with a request", () => {
    fails("Account", { address: "" }, 3, "Address cannot be empty");
    fails("AccountInfo", { address: "" }, 3, "address cannot be empty");
    fails("Account", { address: "bad" }, 3, "decoding bech32 failed: invalid bech32 string length 3");
    fails(
      "Account",
      { address: createAddressCodec("other").format(moduleAddress("x")) },
      3,
      "hrp does not match bech32 prefix: expected 'test' got 'other': internal logic error",
    );
    fails("Account", { address: bench.account("nobody") }, 5, `account ${bench.account("nobody")} not found`);
    fails("AccountAddressByID", { id: 3n, accountId: 0n }, 3, "requesting with id isn't supported, try to request using account-id");
    fails("AccountAddressByID", { accountId: 9999n }, 5, "account address not found with account number 9999");
    fails("ModuleAccountByName", { name: "" }, 3, "module name is empty");
    fails("ModuleAccountByName", { name: "nope" }, 5, "account nope not found");
    fails("AddressBytesToString", { addressBytes: new Uint8Array(0) }, 3, "empty address bytes is not allowed");
    fails("AddressBytesToString", { addressBytes: new Uint8Array(256) }, 3, "address max length is 255, got 256: unknown address");
    fails("AddressStringToBytes", { addressString: "" }, 3, "empty address string is not allowed");
  });
  it("show an account without a key as what it is", () => {
    const address = bench.account("a");
    assert.deepEqual(bench.query("/cosmos.auth.v1beta1.Query/AccountInfo", { address }), {
      info: { address, pubKey: undefined, accountNumber: 0n, sequence: 0n },
    });
    // The address is shown as it was asked for.
    const capital = address.toUpperCase();
    assert.deepEqual(bench.query("/cosmos.auth.v1beta1.Query/AccountInfo", { address: capital }), {
      info: { address: capital, pubKey: undefined, accountNumber: 0n, sequence: 0n },
    });
    assert.deepEqual(bench.query("/cosmos.auth.v1beta1.Query/AccountAddressByID", { accountId: 0n }), { accountAddress: address });
  });
});

describe("parameters of x/auth", () => {
  const params = { maxMemoCharacters: 1n, txSigLimit: 2n, txSizeCostPerByte: 3n, sigVerifyCostEd25519: 4n, sigVerifyCostSecp256k1: 5n };
  it("change by the authority alone, and never to zero", () => {
    bench.init("auth");
    bench.send("/cosmos.auth.v1beta1.MsgUpdateParams", { authority, params });
    assert.deepEqual(bench.query("/cosmos.auth.v1beta1.Query/Params", {}), { params });
    assert.throws(
      () => bench.send("/cosmos.auth.v1beta1.MsgUpdateParams", { authority: bench.account("a"), params }),
      (error) =>
        error instanceof ModuleError &&
        error.codespace === "undefined" &&
        /^expected gov account .*; expected \S+, got /.test(error.message),
    );
    for (const name of Object.keys(params)) {
      assert.throws(
        () => bench.send("/cosmos.auth.v1beta1.MsgUpdateParams", { authority, params: { ...params, [name]: 0n } }),
        (error) => error instanceof ModuleError && error.codespace === "undefined" && error.code === 1,
        name,
      );
    }
    assert.deepEqual(bench.query("/cosmos.auth.v1beta1.Query/Params", {}), { params });
  });
});

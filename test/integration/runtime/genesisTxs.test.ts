// Transactions of a genesis file: run before the first block, by rules of their own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { type Ctx, coll, defineModule, type GenesisTxs, ModuleError, port, value } from "../../../app/sdk/index.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { Tx } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import { Params } from "../../../proto/gen/hanzo/hmm/v1/types.ts";
import { type TestAccount, testAccounts } from "../../harness/accounts.ts";
import { message, type SignOptions, signTx } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

const CHAIN_ID = "hanzo-test-1";
const seen: bigint[] = [];

/** Runs transactions in its genesis, as a module that creates validators does. */
function teller(txs: readonly unknown[]) {
  return defineModule({
    name: "teller",
    version: 1,
    state: { height: coll.item(1, value.uint64) },
    ports: { transactions: port<GenesisTxs>() },
    genesis: [
      Params,
      ({ ports, state }) => ({
        default: () => ({}),
        init(ctx: Ctx) {
          seen.push(ctx.height);
          state.height.set(ctx, ctx.height);
          for (const tx of txs) ports.transactions.deliver(ctx, tx);
        },
        export: () => Params.fromPartial({}),
      }),
    ],
  });
}

function begin(txs: readonly unknown[], initialHeight = 1n): Promise<TestChain> {
  return createTestChain({
    chainId: CHAIN_ID,
    initialHeight,
    app: { modules: [consensus, auth, bank, teller(txs)], ports: ({ transactions }) => ({ teller: { transactions } }) },
  });
}

interface Sending {
  readonly amount?: string;
  readonly sequence?: bigint;
  readonly accountNumber?: bigint;
}

/** JSON of a transaction that the second account signs, whose number in the chain is 1. */
async function sending({ amount = "5", sequence = 0n, accountNumber = 0n }: Sending = {}, options: Partial<SignOptions> = {}) {
  const [first, account] = (await testAccounts(2, "hanzo")) as [TestAccount, TestAccount];
  const send = message(MsgSend, { fromAddress: account.address, toAddress: first.address, amount: [{ denom: "aai", amount }] });
  const bytes = await signTx([send], {
    chainId: CHAIN_ID,
    signers: [{ account, accountNumber, sequence }],
    fee: [],
    gas: 1n,
    ...options,
  });
  return JSON.parse(JSON.stringify(toProtoJson(descriptors(), Tx.$type, bytes))) as unknown;
}

test("transactions of a genesis count with account number 0, without price and limit of gas, and step the sequence", async () => {
  const chain = await begin([await sending(), await sending({ sequence: 1n })]);
  await chain.deliver();
  const [first, second] = chain.accounts as [TestAccount, TestAccount];
  assert.equal(await chain.balance(first.address), 10n ** 24n + 10n);
  assert.deepEqual(await chain.signer(second), { account: second, accountNumber: 1n, sequence: 2n });
});

test("a chain that begins above height 1 counts its genesis transactions with account number 0, too", async () => {
  const chain = await begin([await sending()], 7n);
  await chain.deliver();
  assert.equal((await chain.signer(chain.accounts[1] as TestAccount)).sequence, 1n);
});

test("a fee that a transaction of a genesis offers is taken", async () => {
  const chain = await begin([await sending({}, { fee: [{ denom: "aai", amount: "3" }] })]);
  await chain.deliver();
  assert.equal(await chain.balance(chain.accounts[1]?.address ?? ""), 10n ** 24n - 8n);
});

test("genesis stands at height 0 where the chain begins at 1, else at its first height", async () => {
  seen.length = 0;
  await begin([]);
  await begin([], 7n);
  assert.deepEqual(seen, [0n, 7n]);
});

const refused: readonly (readonly [what: string, tx: () => Promise<unknown>, codespace: string, code: number, text: RegExp])[] = [
  [
    "the account's own number signed",
    () => sending({ accountNumber: 1n }),
    "sdk",
    4,
    /please verify account number \(0\) and chain-id \(hanzo-test-1\)/,
  ],
  ["another chain's id signed", () => sending({}, { chainId: "hanzo-2" }), "sdk", 4, /signature verification failed/],
  ["a sequence that is not the account's", () => sending({ sequence: 1n }), "sdk", 32, /expected 0, got 1/],
  ["more than there is", () => sending({ amount: String(10n ** 25n) }), "sdk", 5, /insufficient funds/],
  ["a memo that is too long", () => sending({}, { memo: "x".repeat(257) }), "sdk", 12, /maximum number of characters is 256/],
  ["more gas than a block holds", () => sending({}, { gas: 50_000_001n }), "sdk", 41, /exceeds block max gas/],
  ["no transaction", async () => ({ bodies: {} }), "sdk", 17, /bodies/],
  ["a list", async () => [], "sdk", 17, /object expected, got a list/],
];
for (const [what, tx, codespace, code, text] of refused) {
  test(`a genesis transaction with ${what} refuses the genesis with its error`, async () => {
    await assert.rejects(
      async () => begin([await tx()]),
      (error) => {
        assert.ok(error instanceof ModuleError);
        assert.deepEqual([error.codespace, error.code], [codespace, code], error.message);
        assert.match(error.message, text);
        assert.match(error.message, /^app_state\.teller: /);
        return true;
      },
    );
  });
}

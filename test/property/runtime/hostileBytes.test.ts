import assert from "node:assert/strict";
import { test } from "node:test";
import { MsgMultiSend, MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { MsgSwap } from "../../../proto/gen/hanzo/hmm/v1/tx.ts";
import { testAccounts } from "../../harness/accounts.ts";
import { fc } from "../../harness/fastCheck.ts";
import { createMultisig, editTx, message, signMultisig } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

async function samples(chain: TestChain): Promise<Uint8Array[]> {
  const [a, b] = chain.accounts;
  assert.ok(a && b);
  const coins = [{ denom: "aai", amount: "5" }];
  const send = message(MsgSend, { fromAddress: a.address, toAddress: b.address, amount: coins });
  const members = await testAccounts(3, "hanzo");
  const multisig = createMultisig(members, 2, "hanzo");
  await chain.deliver(
    await chain.sign(
      [message(MsgSend, { fromAddress: a.address, toAddress: multisig.address, amount: [{ denom: "aai", amount: "1000000" }] })],
      [a],
    ),
  );
  const { accountNumber, sequence } = await chain.signer({ ...a, address: multisig.address });
  const fromMultisig = message(MsgSend, { fromAddress: multisig.address, toAddress: b.address, amount: coins });
  const joint = await signMultisig([fromMultisig], multisig, members.slice(1), { chainId: chain.chainId, accountNumber, sequence });
  return [
    joint,
    // Only the members' signatures are damaged: nothing before them looks at those bytes.
    ...Array.from({ length: 12 }, (_, i) =>
      editTx(joint, ({ signatures }) => {
        signatures[0] = damage(signatures[0] ?? new Uint8Array(0), [{ at: 11 * i, byte: 37 * i, kind: i % 2 === 0 ? "set" : "cut" }]);
      }),
    ),
    await chain.sign([send], [a]),
    await chain
      .sign([send], [a], { memo: "hello", timeoutHeight: 9n, payer: b.address }, "amino")
      .catch(() => chain.sign([send], [a, b], { payer: b.address })),
    await chain.sign([message(MsgMultiSend, { inputs: [{ address: a.address, coins }], outputs: [{ address: b.address, coins }] })], [a]),
    await chain.sign([message(MsgSwap, { sender: a.address, poolId: "gpu", creditIn: "5", minOut: "1" })], [a]),
    editTx(await chain.sign([send], [a]), (parts) => {
      parts.authInfo.signerInfos[0] = {
        publicKey: undefined,
        modeInfo: { multi: { bitarray: undefined, modeInfos: [{}, { single: { mode: 1 } }] } },
        sequence: 0n,
      };
    }),
  ];
}

const edit = fc.record({
  at: fc.nat(),
  byte: fc.integer({ min: 0, max: 255 }),
  kind: fc.constantFrom("set", "insert", "remove", "cut", "repeat"),
});

function damage(bytes: Uint8Array, edits: readonly { at: number; byte: number; kind: string }[]): Uint8Array {
  let result = [...bytes];
  for (const { at, byte, kind } of edits) {
    const index = result.length === 0 ? 0 : at % result.length;
    if (kind === "set") result[index] = byte;
    else if (kind === "insert") result.splice(index, 0, byte);
    else if (kind === "remove") result.splice(index, 1);
    else if (kind === "cut") result = result.slice(0, index);
    else result = [...result, ...result.slice(index)];
  }
  return Uint8Array.from(result);
}

test("damaged transactions are answered, never thrown at, and never called a defect of the node", async () => {
  const defects: string[] = [];
  const chain = await createTestChain({
    market: true,
    app: { log: { info: () => {}, error: (text, fields) => void defects.push(`${text} ${JSON.stringify(fields)}`) } },
  });
  await chain.deliver();
  const originals = await samples(chain);
  fc.assert(
    fc.property(fc.nat(originals.length - 1), fc.array(edit, { minLength: 1, maxLength: 3 }), (which, edits) => {
      const tx = damage(originals[which] ?? new Uint8Array(0), edits);
      chain.check(tx);
      chain.check(tx, true);
      chain.app.simulate(tx);
      const { txs } = chain.app.prepareProposal({ txs: [tx], maxTxBytes: 100_000n } as never);
      assert.equal(chain.app.processProposal({ txs } as never).status, 1);
      const { txResults } = chain.app.finalizeBlock(chain.nextBlock(tx)) as { txResults: unknown[] };
      assert.equal(txResults.length, 1);
      assert.deepEqual(defects, []);
    }),
    { seed: 99, numRuns: 600 },
  );
});

test("damaged queries are answered with a height", async () => {
  const defects: string[] = [];
  const chain = await createTestChain({
    market: true,
    app: { log: { info: () => {}, error: (text, fields) => void defects.push(`${text} ${JSON.stringify(fields)}`) } },
  });
  await chain.deliver();
  const paths = [
    ...chain.app.modules.flatMap(({ queries }) => queries.map(({ path }) => path)),
    "/cosmos.tx.v1beta1.Service/Simulate",
    "/cosmos.tx.v1beta1.Service/GetTx",
    "/cosmos.tx.v1beta1.Service/TxDecode",
    "/cosmos.tx.v1beta1.Service/GetTxsEvent",
    "/store/bank/key",
    "/store/bank/subspace",
    "/app/simulate",
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.uint8Array({ maxLength: 60 }),
      fc.bigInt({ min: -1n, max: 3n }),
      fc.boolean(),
      async (path, data, height, prove) => {
        assert.ok((await chain.query(path, data, { height, prove })).height > 0n);
        assert.deepEqual(defects, []);
      },
    ),
    { seed: 98, numRuns: 500 },
  );
});

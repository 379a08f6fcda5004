import assert from "node:assert/strict";
import { test } from "node:test";
import { type NodeClient, RefusedQuery } from "../../../cmd/hanzod/client/nodeClient.ts";
import { secp256k1Any } from "../../../cmd/hanzod/keyring/publicKey.ts";
import { feeRule } from "../../../cmd/hanzod/tx/fees.ts";
import { estimateGas, parseGas, parseGasAdjustment } from "../../../cmd/hanzod/tx/gas.ts";
import type { TxDraft } from "../../../cmd/hanzod/tx/txBytes.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";
import { AuthInfo, TxRaw } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";

const DRAFT: TxDraft = {
  messages: [{ typeUrl: "/a.B", value: new Uint8Array(3) }],
  terms: { memo: "", timeoutHeight: 0n, unorderedUntil: undefined },
  signers: [{ publicKey: secp256k1Any(new Uint8Array(33).fill(2)), sequence: 1n, mode: 1 }],
};

function clientOf(query: (path: string, data: Uint8Array) => Uint8Array): NodeClient {
  const unused = (): never => {
    throw new Error("only queries are expected");
  };
  return {
    rpc: "",
    chainId: unused,
    caughtUp: unused,
    broadcast: unused,
    findTx: unused,
    call: unused,
    query: async (path, data) => ({ value: query(path, data), height: 1n }),
  };
}

function simulation(gas: bigint): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ gas_info: { gas_used: gas.toString() } }));
}

test("factors and limits are read exactly and nonsense is refused", () => {
  assert.deepEqual(["1", "1.1", "1.005", "100"].map(parseGasAdjustment), [1000n, 1100n, 1005n, 100_000n]);
  for (const text of ["0.9", "1.0001", "101", "-1", "", "x"]) assert.throws(() => parseGasAdjustment(text), /a factor from 1 to 100/);
  assert.deepEqual([parseGas("auto"), parseGas("5")], ["auto", 5n]);
  for (const text of ["0", "-1", "1.5", ""]) assert.throws(() => parseGas(text), /"auto" or a whole number/);
});

test("the limit of an estimate is what its own transaction costs, signature and fee included in the size", async () => {
  const sizes: bigint[] = [];
  const client = clientOf((path, data) => {
    assert.equal(path, "/app/simulate");
    assert.deepEqual(
      TxRaw.decode(data).signatures.map(({ length }) => length),
      [64],
    );
    sizes.push(BigInt(data.length));
    return simulation(BigInt(data.length) * 100_000n);
  });
  const feeOf = (gas: bigint) => ({ gas, amount: [{ denom: "aai", amount: gas.toString() }] });
  const gas = await estimateGas(client, DRAFT, 1000n, feeOf);
  assert.equal(gas, (sizes.at(-1) ?? 0n) * 100_000n);
  assert.ok(sizes.length >= 2 && sizes.at(-1) !== sizes[0]);
});

test("an estimate rounds up and uses the limit that it ends with", async () => {
  const limits: bigint[] = [];
  const client = clientOf((_path, data) => {
    limits.push(AuthInfo.decode(TxRaw.decode(data).authInfoBytes).fee?.gasLimit ?? 0n);
    return simulation(10_001n);
  });
  assert.equal(await estimateGas(client, DRAFT, 1100n, (gas) => ({ gas, amount: [] })), 11_002n);
  assert.deepEqual(limits, [100_000n, 11_002n]);
});

test("a simulation that fails shows codespace, code and the chain's reason", async () => {
  const client = clientOf((path) => {
    throw new RefusedQuery(path, "hmm", 7, "failed to simulate tx: pool is paused");
  });
  await assert.rejects(
    estimateGas(client, DRAFT, 1000n, (gas) => ({ gas, amount: [] })),
    (thrown: unknown) => {
      assert.ok(thrown instanceof CliError);
      assert.equal(thrown.message, "the transaction would fail: codespace hmm code 7");
      assert.equal(thrown.why, "pool is paused");
      return true;
    },
  );
});

test("a fee is what is said, else gas times price rounded up, and both together are refused", async () => {
  const client = clientOf(() => {
    throw new Error("the node need not be asked");
  });
  assert.deepEqual((await feeRule(client, { fees: "7credit,5aai" }))(1n), [
    { denom: "aai", amount: "5" },
    { denom: "credit", amount: "7" },
  ]);
  assert.deepEqual((await feeRule(client, { gasPrices: "0.025aai" }))(41n), [{ denom: "aai", amount: "2" }]);
  assert.deepEqual((await feeRule(client, { gasPrices: "0aai" }))(41n), []);
  await assert.rejects(feeRule(client, { fees: "5aai", gasPrices: "1aai" }), /exclude each other/);
  await assert.rejects(feeRule(client, { gasPrices: "cheap" }), /"cheap" is no gas price/);
});

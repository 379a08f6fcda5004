// The light client against a real CometBFT: headers, commits and proofs as they are in the wild, and altered in every place.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { headerHash } from "../../app/client/light/headerHash.ts";
import type { LightBlock, LightProvider, StateAnswer } from "../../app/client/light/lightBlock.ts";
import { createLightClient, type LightClient } from "../../app/client/light/lightClient.ts";
import { LightError, type LightErrorName } from "../../app/client/light/lightError.ts";
import { createRpcProvider } from "../../app/client/light/rpcProvider.ts";
import { decodeBech32 } from "../../app/encoding/bech32.ts";
import { concatBytes, fromHex, toHex } from "../../app/encoding/bytes.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { type InProcessNode, startInProcess } from "./harness/inProcessNode.ts";
import { callRpc, waitForHeight } from "./harness/rpc.ts";
import { balancesOf, devAccounts } from "./harness/wallet.ts";

const refuses = (kind: LightErrorName, call: () => Promise<unknown>): Promise<void> =>
  assert.rejects(call, (error) => error instanceof LightError && error.kind === kind);

describe("the light client on a real chain", () => {
  let chain: ChainHome;
  let running: InProcessNode;
  let provider: LightProvider;
  let trust: { readonly height: bigint; readonly hash: Uint8Array };

  const open = (over: Partial<LightProvider> = {}): Promise<LightClient> =>
    createLightClient({ chainId: chain.chainId, provider: { ...provider, ...over }, trust });

  before(async () => {
    chain = await createChainHome();
    running = await startInProcess(chain);
    await waitForHeight(chain.rpc, 12);
    provider = createRpcProvider(chain.rpc);
    const { block_id: id } = await callRpc<{ block_id: { hash: string } }>(chain.rpc, "block", { height: "3" });
    trust = { height: 3n, hash: fromHex(id.hash) };
  });
  after(async () => {
    await running?.node.stop();
    await chain?.remove();
  });

  it("computes the hash of every header as CometBFT does", async () => {
    for (let height = 1; height <= 10; height++) {
      const { block_id: id } = await callRpc<{ block_id: { hash: string } }>(chain.rpc, "block", { height: String(height) });
      const { header } = await provider.lightBlock(BigInt(height));
      assert.equal(toHex(headerHash(header)).toUpperCase(), id.hash, `height ${height}`);
    }
  });

  it("follows the chain forward and back", async () => {
    const client = await open();
    const newest = await client.update();
    assert.ok(newest.height >= 12n);
    assert.equal((await client.verifiedHeader(1n)).height, 1n);
    assert.equal((await client.verifiedHeader(7n)).height, 7n);
    await refuses("notCommitted", () => client.verifiedHeader(newest.height + 100_000n));
  });

  it("proves a balance at a height, at the newest one, and that an account has none", async () => {
    const client = await open();
    const [account] = await devAccounts();
    const balance = (await balancesOf(chain.rpc, account?.address ?? "")).get("aai");
    const text = new TextEncoder();
    for (const height of [undefined, 8n]) {
      const { value, height: at, header } = await client.verifiedQuery("bank", balanceKey(account?.address ?? "", "aai"), height);
      assert.equal(new TextDecoder().decode(value), String(balance));
      assert.equal(header.height, at + 1n);
    }
    const absent = await client.verifiedQuery("bank", balanceKey(account?.address ?? "", "zzz"), 8n);
    assert.equal(absent.value, undefined);
    assert.equal((await client.verifiedQuery("bank", text.encode("~ behind every key"), 8n)).value, undefined);
    await refuses("refused", () => client.verifiedQuery("nostore", Uint8Array.of(1), 8n));
  });

  const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const TAMPERED: readonly [name: string, expected: LightErrorName, change: (answer: StateAnswer) => Partial<StateAnswer>][] = [
    ["another value", "badProof", ({ value }) => ({ value: flip(value, 0) })],
    ["no value", "badProof", () => ({ value: new Uint8Array(0) })],
    ["another key", "wrongAnswer", ({ key }) => ({ key: flip(key, 3) })],
    ["another height", "wrongAnswer", ({ height }) => ({ height: height + 1n })],
    ["no proof", "badProof", () => ({ ops: [] })],
    ["the first step alone", "badProof", ({ ops }) => ({ ops: ops.slice(0, 1) })],
    ["the steps in the other order", "badProof", ({ ops }) => ({ ops: [...ops].reverse() })],
    ["another key in the first step", "badProof", ({ ops: [a, b] }) => ({ ops: a && b ? [{ ...a, key: flip(a.key, 0) }, b] : [] })],
    ["another store in the second step", "badProof", ({ ops: [a, b] }) => ({ ops: a && b ? [a, { ...b, key: flip(b.key, 0) }] : [] })],
    ["another kind of first step", "badProof", ({ ops: [a, b] }) => ({ ops: a && b ? [{ ...a, type: "ics23:smt" }, b] : [] })],
  ];
  for (const [name, expected, change] of TAMPERED)
    it(`refuses with ${expected} an answer with ${name}`, async () => {
      const client = await open({
        stateAnswer: async (store, key, height) => {
          const answer = await provider.stateAnswer(store, key, height);
          return { ...answer, ...change(answer) };
        },
      });
      const [account] = await devAccounts();
      await refuses(expected, () => client.verifiedQuery("bank", balanceKey(account?.address ?? "", "aai"), 8n));
    });

  it("refuses a proof with any byte of it turned", async () => {
    const [account] = await devAccounts();
    const key = balanceKey(account?.address ?? "", "aai");
    const answer = await provider.stateAnswer("bank", key, 8n);
    const client = await open({ stateAnswer: () => Promise.resolve(changed) });
    let changed = answer;
    await client.verifiedQuery("bank", key, 8n);
    for (const [step, op] of answer.ops.entries())
      for (let at = 0; at < op.data.length; at++) {
        changed = { ...answer, ops: answer.ops.map((other, index) => (index === step ? { ...op, data: flip(op.data, at) } : other)) };
        await refuses("badProof", () => client.verifiedQuery("bank", key, 8n));
      }
  });

  it("refuses a real header with any of its bytes turned, and a commit with any of its own", async () => {
    const client = await open({
      lightBlock: async (height) => {
        const block = await provider.lightBlock(height);
        return height === trust.height ? block : change(block);
      },
    });
    let change = (block: LightBlock): LightBlock => block;
    const FIELDS: readonly (keyof LightBlock["header"])[] = [
      "lastCommitHash",
      "dataHash",
      "nextValidatorsHash",
      "consensusHash",
      "appHash",
      "lastResultsHash",
      "evidenceHash",
      "proposerAddress",
    ];
    for (const field of FIELDS) {
      change = (block) => ({ ...block, header: { ...block.header, [field]: flip(block.header[field] as Uint8Array, 0) } });
      await refuses("wrongBlock", () => client.verifiedHeader(9n));
    }
    for (let at = 0; at < 64; at += 7) {
      change = (block) => ({
        ...block,
        commit: { ...block.commit, signatures: block.commit.signatures.map((vote) => ({ ...vote, signature: flip(vote.signature, at) })) },
      });
      await refuses("badSignature", () => client.verifiedHeader(9n));
    }
    change = (block) => block;
    assert.equal((await client.verifiedHeader(9n)).height, 9n);
  });
});

/** Key of a balance in x/bank's store. */
function balanceKey(address: string, denom: string): Uint8Array {
  const { bytes } = decodeBech32(address);
  return concatBytes(Uint8Array.of(2, bytes.length), bytes, new TextEncoder().encode(denom));
}

// The undisturbed twin of a chain: its blocks, read from CometBFT, executed once more in this process on a store in memory.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { parseTimestamp } from "../../../app/encoding/timeText.ts";
import { createHanzoApp, hanzoStores } from "../../../app/hanzo.ts";
import type { App } from "../../../app/runtime/app.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { type GenesisDocument, initChainRequest } from "../../../cmd/hanzod/genesis/initChainRequest.ts";
import { RequestFinalizeBlock, type ResponseFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";
import type { BlockIDFlag } from "../../../proto/gen/tendermint/types/validator.ts";
import { callRpc } from "../../e2e/harness/rpc.ts";

interface Block {
  readonly block_id: { readonly hash: string };
  readonly block: {
    readonly header: {
      readonly time: string;
      readonly app_hash: string;
      readonly proposer_address: string;
      readonly next_validators_hash: string;
    };
    readonly data: { readonly txs: readonly string[] | null };
    readonly evidence: { readonly evidence: readonly unknown[] | null };
    readonly last_commit: {
      readonly round: number;
      readonly signatures: readonly { readonly block_id_flag: number; readonly validator_address: string }[] | null;
    };
  };
}

interface BlockResults {
  readonly txs_results:
    | readonly { readonly code?: number; readonly data?: string | null; readonly gas_used?: string; readonly events?: readonly unknown[] }[]
    | null;
}

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

/** A second execution of a chain's blocks. */
export class Twin {
  readonly #app: App;
  readonly #power: bigint;
  readonly #hashes = new Map<number, string>();

  private constructor(app: App, power: bigint) {
    this.#app = app;
    this.#power = power;
  }

  /** A twin that has the genesis of a chain of one validator and none of its blocks yet. */
  static async open(genesisFile: string): Promise<Twin> {
    const genesis = JSON.parse(await readFile(genesisFile, "utf8")) as GenesisDocument;
    const app = await createHanzoApp({ store: createMemoryCommitStore({ stores: hanzoStores }), minGasPrices: "" });
    const { validators } = app.initChain(initChainRequest(genesis));
    return new Twin(app, validators[0]?.power ?? 0n);
  }

  /** Height of the last block that it executed. */
  get height(): number {
    return Number(this.#app.height);
  }

  /** State hash after a height, upper-case hexadecimal; undefined before it was executed. */
  appHash(height: number): string | undefined {
    return this.#hashes.get(height);
  }

  /** Executes the blocks up to `height`, which the chain has committed, and compares state hashes and results with the chain's. */
  async follow(rpc: string, height: number): Promise<void> {
    while (this.height < height) {
      const next = this.height + 1;
      const block = await callRpc<Block>(rpc, "block", { height: String(next) });
      // Both are asked for before anything is executed: a call that comes too late can be repeated.
      const isEmpty = (block.block.data.txs ?? []).length === 0;
      const results = isEmpty ? undefined : await callRpc<BlockResults>(rpc, "block_results", { height: String(next) });
      const before = this.#hashes.get(next - 1);
      if (before !== undefined) assert.equal(block.block.header.app_hash, before, `state hash after height ${next - 1}`);
      const response = await this.#app.finalizeBlock(this.#request(next, block));
      await this.#app.commit();
      this.#hashes.set(next, Buffer.from(response.appHash).toString("hex").toUpperCase());
      if (results !== undefined) requireSameResults(next, response, results);
    }
    assert.deepEqual(this.#app.brokenInvariants(), []);
  }

  #request(height: number, { block_id, block }: Block): RequestFinalizeBlock {
    assert.equal(block.evidence.evidence?.length ?? 0, 0, "nobody misbehaved");
    const votes = (block.last_commit.signatures ?? []).map(({ block_id_flag: blockIdFlag, validator_address: address }) => ({
      validator: { address: hex(address), power: this.#power },
      blockIdFlag: blockIdFlag as BlockIDFlag,
    }));
    return RequestFinalizeBlock.fromPartial({
      txs: (block.data.txs ?? []).map((tx) => new Uint8Array(Buffer.from(tx, "base64"))),
      decidedLastCommit: { round: block.last_commit.round, votes },
      hash: hex(block_id.hash),
      height: BigInt(height),
      time: parseTimestamp(block.header.time),
      nextValidatorsHash: hex(block.header.next_validators_hash),
      proposerAddress: hex(block.header.proposer_address),
    });
  }
}

function requireSameResults(height: number, { txResults }: ResponseFinalizeBlock, { txs_results }: BlockResults): void {
  assert.deepEqual(
    (txs_results ?? []).map(({ code, data, gas_used, events }) => [code ?? 0, data ?? "", gas_used ?? "0", events?.length ?? 0]),
    txResults.map(({ code, data, gasUsed, events }) => [code, Buffer.from(data).toString("base64"), String(gasUsed), events.length]),
    `results of height ${height}`,
  );
}

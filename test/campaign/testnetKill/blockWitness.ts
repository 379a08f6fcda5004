// What the network said of its blocks while its nodes were killed, and whether every node says the same at the end.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { appHead, callRpc } from "../../e2e/harness/rpc.ts";

/** A committed block as one node shows it. */
interface SeenBlock {
  /** Hash of the block: of its header, and so of its transactions and of the state before it. */
  readonly hash: string;
  /** State hash after it. */
  readonly appHash: string;
  /** Hashes of its transactions with their codes. */
  readonly txs: readonly string[];
}

/** Reads one block and its results. @throws Error when the node does not have it, or does not answer */
async function readBlock(rpc: string, height: number): Promise<SeenBlock> {
  const params = { height: String(height) };
  const [{ block_id, block }, { app_hash, txs_results }] = await Promise.all([
    callRpc<{ block_id: { hash: string }; block: { data: { txs: readonly string[] | null } } }>(rpc, "block", params),
    callRpc<{ app_hash: string; txs_results: readonly { code?: number }[] | null }>(rpc, "block_results", params),
  ]);
  const txs = (block.data.txs ?? []).map((tx, index) => {
    const hash = createHash("sha256").update(Buffer.from(tx, "base64")).digest("hex");
    return `${hash}:${txs_results?.[index]?.code ?? 0}`;
  });
  return { hash: block_id.hash, appHash: app_hash, txs };
}

/** Follows the blocks of a network through whichever node answers, and keeps what was said. */
export class BlockWitness {
  readonly #seen = new Map<number, SeenBlock>();

  /** Heights whose blocks were seen. */
  get heights(): number {
    return this.#seen.size;
  }

  /** Transactions in blocks that were seen. */
  get transactions(): number {
    let sum = 0;
    for (const { txs } of this.#seen.values()) sum += txs.length;
    return sum;
  }

  /** Asks the nodes in turn until it is aborted; one that is down is passed over. */
  async follow(rpcs: readonly string[], until: AbortSignal): Promise<void> {
    for (let turn = 0; !until.aborted; turn++) {
      const rpc = rpcs[turn % rpcs.length] ?? "";
      const height = await appHead(rpc).then(
        (head) => head.height,
        () => 0,
      );
      // The results of a block are there when the next one is being made.
      for (let at = this.#seen.size + 1; at < height && !until.aborted; at++) {
        const block = await readBlock(rpc, at).catch(() => undefined);
        if (block === undefined) break;
        this.#seen.set(at, block);
      }
      await sleep(50);
    }
  }

  /** Compares every height up to `height` on every node with what was seen, and with each other. @returns a line for each height that differs */
  async compare(rpcs: readonly string[], height: number): Promise<string[]> {
    const different: string[] = [];
    for (let at = 1; at <= height; at++) {
      const blocks = await Promise.all(rpcs.map((rpc) => readBlock(rpc, at)));
      const expected = this.#seen.get(at) ?? blocks[0];
      for (const [node, block] of blocks.entries())
        if (JSON.stringify(block) !== JSON.stringify(expected))
          different.push(`height ${at}: expected ${JSON.stringify(expected)}, node${node} says ${JSON.stringify(block)}`);
    }
    return different;
  }

  /** State hashes up to a height, upper-case hexadecimal: what the application said after its commits. */
  async stateHashes(rpc: string, height: number): Promise<ReadonlyMap<number, string>> {
    const hashes = new Map<number, string>();
    for (let at = 1; at <= height; at++) {
      const hash = (this.#seen.get(at) ?? (await readBlock(rpc, at))).appHash;
      hashes.set(at, Buffer.from(hash, "base64").toString("hex").toUpperCase());
    }
    return hashes;
  }
}

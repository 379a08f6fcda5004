// The node without CometBFT: a process that is called over its ABCI socket as CometBFT calls it.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CheckTxType, Request, Response } from "#proto/tendermint/abci/types";
import { ConsensusParams } from "#proto/tendermint/types/params";
import { BlockIDFlag } from "#proto/tendermint/types/validator";
import { encodeFrame, FrameReader } from "../../app/abci/framing.ts";
import { toTimestamp } from "../../app/sdk/time.ts";
import type { Home } from "../../cmd/hanzod/node/home.ts";
import { openAbci } from "../e2e/harness/abciSocket.ts";

/** Anything of a Request that is given; the rest is as protobuf leaves it out. */
type Ask = Parameters<typeof Request.fromPartial>[0];

const frameOf = (ask: Ask): Uint8Array => encodeFrame(Request.encode(Request.fromPartial(ask)).finish());
const FLUSH = frameOf({ flush: {} });
/** Bursts of CheckTx under way: while one is answered, the next one is there. */
const BURSTS_AHEAD = 2;
const MAX_TX_BYTES = 4_194_304n;
const BLOCK_NS = 1_000_000_000n;
/** Until a node listens. */
const START_TRIES = 600;
const START_PAUSE_MS = 100;

/** A connection of CometBFT's. */
class AbciLink {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #waiting: { readonly frames: Uint8Array[]; readonly count: number; readonly resolve: (frames: Uint8Array[]) => void }[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Uint8Array) => this.#receive(chunk));
  }

  /** Sends calls in one write with a Flush behind them. @returns the answers as bytes, without the Flush's */
  ask(calls: readonly Uint8Array[]): Promise<Uint8Array[]> {
    this.#socket.write(Buffer.concat([...calls, FLUSH]));
    return new Promise((resolve) => this.#waiting.push({ frames: [], count: calls.length, resolve }));
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Uint8Array): void {
    for (const frame of this.#reader.push(chunk)) {
      const waiting = this.#waiting[0];
      if (waiting === undefined) throw new Error("an answer to no call");
      if (waiting.frames.length < waiting.count) waiting.frames.push(frame);
      else this.#waiting.shift()?.resolve(waiting.frames);
    }
  }
}

/** The transactions of one height, and how CometBFT sends them. */
export interface DrivenBlock {
  /** Come in before the block. */
  readonly fresh: readonly Uint8Array[];
  readonly txs: readonly Uint8Array[];
  /** Stay in the mempool and are checked again. */
  readonly left: readonly Uint8Array[];
  /** CheckTx calls in one write. */
  readonly burst: number;
}

interface GenesisFile {
  readonly chain_id: string;
  readonly app_state: object;
}

/** A node of some build that waits for calls. */
export class DrivenNode {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #mempool: AbciLink;
  readonly #consensus: AbciLink;
  #height = 0n;
  #validators: { readonly address: Uint8Array; readonly power: bigint }[] = [];

  private constructor(child: ChildProcess, mempool: AbciLink, consensus: AbciLink) {
    this.pid = child.pid ?? 0;
    this.#child = child;
    this.#mempool = mempool;
    this.#consensus = consensus;
  }

  /**
   * Starts the program of a build on a new home and begins its chain.
   * @param flags of Node, besides those of main.ts's first line, and variables as `NAME=value`
   */
  static async start(dist: string, home: Home, flags: readonly string[]): Promise<DrivenNode> {
    const address = `unix://${home.run.abciSocket}`;
    const program = [join(dist, "cmd/hanzod/main.js"), "start", "--home", home.root, "--comet", "external", "--abci", address, "--quiet"];
    const words = ["--max-semi-space-size=64", ...flags.filter((flag) => flag.startsWith("-")), ...program];
    const variables = Object.fromEntries(flags.filter((flag) => !flag.startsWith("-")).map((flag) => flag.split(/=(.*)/s)));
    const child = spawn(process.execPath, words, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, MALLOC_ARENA_MAX: "2", ...variables },
    });
    const links: AbciLink[] = [];
    for (let tries = 0; links.length < 2; tries++) {
      if (child.exitCode !== null || tries > START_TRIES) throw new Error(`${dist} does not listen`);
      await openAbci(address).then(
        (socket) => links.push(new AbciLink(socket)),
        () => sleep(START_PAUSE_MS),
      );
    }
    const [mempool, consensus] = links;
    if (mempool === undefined || consensus === undefined) throw new Error("two connections expected");
    const node = new DrivenNode(child, mempool, consensus);
    await node.#begin(JSON.parse(readFileSync(home.config.genesis, "utf8")) as GenesisFile);
    return node;
  }

  /** One height from its first CheckTx to the last recheck. @returns a hash of all answers @throws Error when a transaction is refused */
  async block({ fresh, txs, left, burst }: DrivenBlock): Promise<string> {
    const digest = createHash("sha256");
    const check = async (all: readonly Uint8Array[], type: CheckTxType): Promise<void> => {
      const calls = all.map((tx) => frameOf({ checkTx: { tx, type } }));
      const ahead: Promise<Uint8Array[]>[] = [];
      for (let from = 0; from < calls.length || ahead.length > 0; from += burst) {
        if (from < calls.length) ahead.push(this.#mempool.ask(calls.slice(from, from + burst)));
        if (from < calls.length && ahead.length < BURSTS_AHEAD) continue;
        for (const answer of (await ahead.shift()) ?? []) {
          requireSuccess([Response.decode(answer).checkTx]);
          digest.update(answer);
        }
      }
    };
    await check(fresh, CheckTxType.NEW);
    for (const answer of await this.#decide(txs)) digest.update(answer);
    await check(left, CheckTxType.RECHECK);
    return digest.digest("hex");
  }

  /** SIGINT, and its end. */
  async stop(): Promise<void> {
    this.#child.kill("SIGINT");
    if (this.#child.exitCode === null) await once(this.#child, "exit");
    for (const link of [this.#mempool, this.#consensus]) link.close();
  }

  async #begin(genesis: GenesisFile): Promise<void> {
    const consensusParams = ConsensusParams.fromPartial({
      block: { maxBytes: MAX_TX_BYTES, maxGas: -1n },
      evidence: { maxAgeNumBlocks: 100_000n, maxAgeDuration: { seconds: 172_800n }, maxBytes: 1_048_576n },
      validator: { pubKeyTypes: ["ed25519"] },
      version: {},
      abci: {},
    });
    const appStateBytes = Buffer.from(JSON.stringify(genesis.app_state));
    const initChain = { time: this.#time(), chainId: genesis.chain_id, consensusParams, appStateBytes, initialHeight: 1n };
    const answer = await this.#call({ initChain });
    this.#validators = (Response.decode(answer).initChain?.validators ?? []).map(({ pubKey, power }) => ({
      address: createHash("sha256")
        .update(pubKey?.ed25519 ?? "")
        .digest()
        .subarray(0, 20),
      power,
    }));
    // Transactions are checked against committed state.
    await this.#decide([]);
  }

  /** From the proposal to the commit. */
  async #decide(txs: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    this.#height++;
    const votes =
      this.#height === 1n ? [] : this.#validators.map((validator) => ({ validator, blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_COMMIT }));
    const commit = { round: 0, votes };
    const hash = createHash("sha256").update(String(this.#height)).digest();
    const head = {
      height: this.#height,
      time: this.#time(),
      proposerAddress: this.#validators[0]?.address ?? hash,
      nextValidatorsHash: hash,
    };
    const prepareProposal = { ...head, txs: [...txs], maxTxBytes: MAX_TX_BYTES, localLastCommit: commit };
    const prepared = await this.#call({ prepareProposal });
    const block = { ...head, hash, txs: Response.decode(prepared).prepareProposal?.txs ?? [] };
    if (block.txs.length !== txs.length) throw new Error(`${block.txs.length} of ${txs.length} transactions proposed`);
    const processed = await this.#call({ processProposal: { ...block, proposedLastCommit: commit } });
    const finalized = await this.#call({ finalizeBlock: { ...block, decidedLastCommit: commit } });
    requireSuccess(Response.decode(finalized).finalizeBlock?.txResults ?? [undefined]);
    return [prepared, processed, finalized, await this.#call({ commit: {} })];
  }

  async #call(ask: Ask): Promise<Uint8Array> {
    const [answer] = await this.#consensus.ask([frameOf(ask)]);
    if (answer === undefined) throw new Error("one answer expected");
    return answer;
  }

  #time(): ReturnType<typeof toTimestamp> {
    return toTimestamp((1_800_000_000n + this.#height) * BLOCK_NS);
  }
}

function requireSuccess(results: readonly ({ readonly code: number; readonly log: string } | undefined)[]): void {
  for (const result of results) if (result?.code !== 0) throw new Error(`refused: ${result?.log ?? "no answer"}`);
}

// Swaps against transfers: both through the same CometBFT, from the same senders, with the same fee, in turns.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MsgMintCredit, MsgSell, MsgSwap } from "#proto/hanzo/hmm/v1/tx";
import { CHAIN } from "../../app/hanzo.ts";
import { call } from "../../cmd/hanzod/job/followBlocks.ts";
import type { CometBuild } from "../../cmd/hanzod/node/cometBuild.ts";
import { LOCAL_CLASSES } from "../../modules/hmm/index.ts";
import { createSenders, type LoadResult, runLoad, type Sender, signLoadTx } from "./loadDriver.ts";
import { type LoadFigures, loadFiguresOf } from "./loadFigures.ts";
import { type LoadGenesis, makeLoadHome, startLoadNode } from "./loadNode.ts";
import { transferRounds } from "./transferRounds.ts";

const CHAIN_ID = "hanzo-bench-1";
/** Of every transaction, transfers too: the same work for the mempool, and one fee. */
const FEE = "10000";
const GAS = 400_000n;
const AI = 10n ** 18n;
/** Credit base units of one swap: a thousandth of a credit, so that thousands in one block stay within a pool's window. */
const SWAP_CREDIT = AI / 1000n;
/** Longest wait for one answer. */
const PATIENCE_MS = 60_000;
/** Credit that every sender mints before the clock runs. */
const MINTED = AI / 2n;

/** How large the load is. */
export interface SwapLoadOptions {
  /** Accounts of the chain. */
  readonly accounts: number;
  /** How many of them send, no more than there are. */
  readonly senders: number;
  /** Transactions of every sender, of each kind. */
  readonly each: number;
  /** Parts into which `each` is divided, better an even number: transfers and swaps take turns, so that a machine that slows down slows both. */
  readonly passes: number;
  readonly timeoutCommitMs: number;
  /** Build of CometBFT; the default one when left out. */
  readonly cometBuild?: CometBuild;
}

/** What became of the swaps. */
export interface SwapOutcomes {
  readonly executedAtOnce: number;
  readonly queued: number;
  /** By `codespace/code`. */
  readonly failed: Readonly<Record<string, number>>;
}

export interface SwapLoadFigures {
  readonly send: LoadFigures;
  readonly swap: LoadFigures & SwapOutcomes;
  /** Swaps per second over transfers per second. */
  readonly ratio: number;
}

/** Resource base units that a swap's credit is worth in a fresh pool. */
const swapResource = ({ psi, theta }: { readonly psi: bigint; readonly theta: bigint }): bigint => (psi * SWAP_CREDIT) / theta;

/** Every sender trades with one pool; half of the pool's senders buy first, the others sell, and each alternates. */
function swapMessage(sender: Sender, index: number, sequence: number): { readonly typeUrl: string; readonly value: Uint8Array } {
  const pool = LOCAL_CLASSES[index % LOCAL_CLASSES.length];
  if (pool === undefined) throw new Error("pools expected");
  const turn = Math.floor(index / LOCAL_CLASSES.length) + sequence;
  if (turn % 2 === 0) {
    const value = { sender: sender.address, poolId: pool.id, creditIn: SWAP_CREDIT.toString(), minOut: "" };
    return { typeUrl: "/hanzo.hmm.v1.MsgSwap", value: MsgSwap.encode(value).finish() };
  }
  const value = { sender: sender.address, poolId: pool.id, amountIn: swapResource(pool).toString(), minCredit: "" };
  return { typeUrl: "/hanzo.hmm.v1.MsgSell", value: MsgSell.encode(value).finish() };
}

type MessageOf = (sender: Sender, index: number, sequence: number) => { readonly typeUrl: string; readonly value: Uint8Array };

function signRounds(senders: readonly Sender[], firstSequence: number, rounds: number, messageOf: MessageOf): readonly string[][] {
  return Array.from({ length: rounds }, (_, round) =>
    senders.map((sender, index) => {
      const sequence = firstSequence + round;
      const message = messageOf(sender, index, sequence);
      return signLoadTx({ sender, accountNumber: index, sequence, message, chainId: CHAIN_ID, fee: FEE, gas: GAS });
    }),
  );
}

const mintMessage: MessageOf = (sender) => ({
  typeUrl: "/hanzo.hmm.v1.MsgMintCredit",
  value: MsgMintCredit.encode({ sender: sender.address, amount: MINTED.toString() }).finish(),
});

/** Capacity behind the resource that the senders own: one commitment per pool, by the worker of the genesis pools. */
function withHolders(genesis: LoadGenesis, owned: (index: number) => bigint): LoadGenesis {
  const { hmm } = genesis.app_state;
  const commitments = hmm["commitments"] as readonly Readonly<Record<string, unknown>>[];
  const more = commitments.map((commitment, index) => ({
    ...commitment,
    id: String(commitments.length + index + 1),
    outstanding: owned(index).toString(),
  }));
  const changed = { ...hmm, commitments: [...commitments, ...more], last_commitment_id: String(2 * commitments.length) };
  return { ...genesis, app_state: { ...genesis.app_state, hmm: changed } };
}

/** Runs transfers and swaps in turns on a new chain. */
export async function measureSwapLoad(options: SwapLoadOptions): Promise<SwapLoadFigures> {
  const { passes, timeoutCommitMs, cometBuild } = options;
  const build = cometBuild === undefined ? {} : { cometBuild };
  const accounts = createSenders(options.accounts);
  const senders = accounts.slice(0, options.senders);
  const rounds = Math.max(1, Math.floor(options.each / passes));
  // Every sender gets resource of its pool: what it sells before it has bought.
  const stock = LOCAL_CLASSES.map((pool) => swapResource(pool) * BigInt(options.each));
  const ai = { denom: CHAIN.baseDenom, amount: AI.toString() };
  const coinsOf = (index: number): readonly { readonly denom: string; readonly amount: string }[] => {
    const place = index % LOCAL_CLASSES.length;
    const pool = LOCAL_CLASSES[place];
    return index >= senders.length || pool === undefined ? [ai] : [ai, { denom: pool.denom, amount: (stock[place] ?? 0n).toString() }];
  };
  const tradersOf = (place: number): number => senders.filter((_, index) => index % LOCAL_CLASSES.length === place).length;
  const change = (genesis: LoadGenesis): LoadGenesis => withHolders(genesis, (place) => (stock[place] ?? 0n) * BigInt(tradersOf(place)));
  const root = mkdtempSync(join(tmpdir(), "hanzo-bench-"));
  try {
    const node = await startLoadNode(
      await makeLoadHome(join(root, "home"), { chainId: CHAIN_ID, senders: accounts, timeoutCommitMs, coinsOf, change, ...build }),
    );
    try {
      await node.reach(2);
      await runLoad(node, signRounds(senders, 0, 1, mintMessage));
      const sends: LoadResult[] = [];
      const swaps: LoadResult[] = [];
      let firstSequence = 1;
      const run = async (loads: LoadResult[], txs: readonly (readonly string[])[]): Promise<void> => {
        firstSequence += rounds;
        loads.push(await runLoad(node, txs));
      };
      const send = (): Promise<void> =>
        run(sends, transferRounds({ senders, chainId: CHAIN_ID, firstSequence, rounds, fee: FEE, gas: GAS }));
      const swap = (): Promise<void> => run(swaps, signRounds(senders, firstSequence, rounds, swapMessage));
      // The kind that goes second finds compiled code, and a larger state: each does in turn.
      for (let pass = 0; pass < passes; pass++) for (const load of pass % 2 === 0 ? [send, swap] : [swap, send]) await load();
      // A block is there before its results are.
      await node.reach((swaps.at(-1)?.to ?? 0) + 1);
      const outcomes = await Promise.all(swaps.map((load) => countOutcomes(node.rpc, load)));
      return figuresOf(sends, swaps, outcomes);
    } finally {
      await node.stop();
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

interface BlockResults {
  readonly txs_results:
    | readonly { readonly code?: number; readonly codespace?: string; readonly events?: readonly { readonly type: string }[] | null }[]
    | null;
}

/** Reads what became of the swaps, after the clock has stopped. */
async function countOutcomes(rpc: string, { from, to }: LoadResult): Promise<SwapOutcomes> {
  let executedAtOnce = 0;
  let queued = 0;
  const failed: Record<string, number> = {};
  for (let height = from; height <= to; height++) {
    const { txs_results: results } = await call<BlockResults>(rpc, `block_results?height=${height}`, PATIENCE_MS);
    for (const { code = 0, codespace = "", events } of results ?? []) {
      const name = `${codespace}/${code}`;
      if (code !== 0) failed[name] = (failed[name] ?? 0) + 1;
      else if (events?.some(({ type }) => type === "hanzo.hmm.v1.EventOrderPlaced")) queued++;
      else executedAtOnce++;
    }
  }
  return { executedAtOnce, queued, failed };
}

function figuresOf(sends: readonly LoadResult[], swaps: readonly LoadResult[], outcomes: readonly SwapOutcomes[]): SwapLoadFigures {
  const send = loadFiguresOf(sends);
  const swap = loadFiguresOf(swaps);
  const failed: Record<string, number> = {};
  for (const outcome of outcomes) for (const [name, count] of Object.entries(outcome.failed)) failed[name] = (failed[name] ?? 0) + count;
  const sum = (pick: (outcome: SwapOutcomes) => number): number => outcomes.reduce((total, outcome) => total + pick(outcome), 0);
  return {
    send,
    swap: { ...swap, executedAtOnce: sum(({ executedAtOnce }) => executedAtOnce), queued: sum(({ queued }) => queued), failed },
    ratio: Number((swap.txPerSecond / send.txPerSecond).toFixed(3)),
  };
}

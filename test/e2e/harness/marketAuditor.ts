// Goes through a chain height by height and proves on each that nothing was lost, found or disagreed upon.
import assert from "node:assert/strict";
import { CHAIN } from "../../../app/hanzo.ts";
import { moduleAccount } from "../../harness/accounts.ts";
import {
  assertInvariantKept,
  assertMarketAccount,
  assertSupplies,
  type Holdings,
  holdingsAt,
  lockedAt,
  type MarketRecords,
  readMarket,
  supplyAt,
} from "./marketAudit.ts";
import { assertOnlyFee, balanceChanges, type ExecutedBlock, ownAppHash, readBlock } from "./marketBlocks.ts";
import { waitForHeight } from "./rpc.ts";

/** Where to ask. */
export interface AuditedNet {
  readonly rpcs: readonly string[];
  readonly rests: readonly string[];
}

/** An audit that goes on as the chain does. */
export interface ChainAuditor {
  /** Last height that was found in order; 0 before the first. */
  readonly height: number;
  readonly blocks: readonly ExecutedBlock[];
  /** Audits the next height, which every node must have executed soon. @throws AssertionError with height and transactions */
  auditNext(): Promise<void>;
}

/** State of a height that the next one is compared with. */
interface Snapshot {
  readonly records: MarketRecords;
  /** By address. */
  readonly holdings: ReadonlyMap<string, Holdings>;
}

const MARKET = moduleAccount("hmm", CHAIN.bech32Prefix);
const LP_LOSS = "hanzo.hmm.v1.EventLpLoss";

/** @param accounts every account that can own coins on the chain */
export function createChainAuditor(net: AuditedNet, accounts: readonly string[]): ChainAuditor {
  const blocks: ExecutedBlock[] = [];
  let before: Snapshot | undefined;
  return {
    blocks,
    get height() {
      return blocks.length;
    },
    async auditNext() {
      const height = blocks.length + 1;
      const block = await readBlock(net.rpcs[0] ?? "", height);
      try {
        before = await auditHeight(net, accounts, block, before);
      } catch (cause) {
        const txs = block.txs.map(({ hash, verdict }) => `${hash} ${verdict}`).join(", ");
        throw new Error(`height ${height}: ${cause instanceof Error ? cause.message : cause}\ntransactions: ${txs}`, { cause });
      }
      blocks.push(block);
    },
  };
}

async function auditHeight(
  { rpcs, rests }: AuditedNet,
  accounts: readonly string[],
  block: ExecutedBlock,
  before: Snapshot | undefined,
): Promise<Snapshot> {
  const { height } = block;
  // Nodes are a moment apart, and CometBFT knows a block's results before the application has committed them.
  await Promise.all(rpcs.map((rpc) => waitForHeight(rpc, height)));
  const hashes = await Promise.all(rpcs.map((rpc) => ownAppHash(rpc, height)));
  assert.deepEqual(
    hashes,
    hashes.map(() => block.appHash),
    "state hashes of the nodes",
  );
  // A different node every time: what holds must hold on all.
  const rpc = rpcs[height % rpcs.length] ?? "";
  const rest = rests[(height + 1) % rests.length] ?? "";
  const [records, supply, locked, ...found] = await Promise.all([
    readMarket(rpc, height),
    supplyAt(rest, height),
    lockedAt(rest, height),
    ...accounts.map((address) => holdingsAt(rpc, height, address)),
  ]);
  const holdings = new Map(accounts.map((address, index) => [address, found[index] ?? new Map()]));
  assert.deepEqual(
    records.invariants.filter(({ holds }) => !holds),
    [],
    "invariants",
  );
  assertSupplies(records, supply, locked);
  assertMarketAccount(records, holdings.get(MARKET) ?? new Map(), locked);
  assert.deepEqual(sorted(totalOf(found)), sorted(supply), "supplies are the sums of all balances");
  for (const tx of block.txs) if (tx.verdict !== "ok") assertOnlyFee(tx);
  if (before !== undefined) {
    const hurt = [...block.events, ...block.txs.flatMap(({ events }) => events)].some(({ type }) => type === LP_LOSS);
    if (!hurt) assertInvariantKept(before.records.pools, records.pools);
    assertTransfers(block, before.holdings, holdings);
  }
  return { records, holdings };
}

function totalOf(holdings: readonly Holdings[]): Holdings {
  const totals = new Map<string, bigint>();
  for (const held of holdings) for (const [denom, amount] of held) totals.set(denom, (totals.get(denom) ?? 0n) + amount);
  return totals;
}

const sorted = (amounts: Holdings): readonly (readonly [string, bigint])[] =>
  [...amounts].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));

/** Every balance changed by what the block's transfers say, and by nothing else. */
function assertTransfers(block: ExecutedBlock, before: ReadonlyMap<string, Holdings>, after: ReadonlyMap<string, Holdings>): void {
  const changes = balanceChanges(block);
  const seen = new Map<string, bigint>();
  for (const [address, held] of after) {
    const denoms = new Set([...held.keys(), ...(before.get(address)?.keys() ?? [])]);
    for (const denom of denoms) {
      const change = (held.get(denom) ?? 0n) - (before.get(address)?.get(denom) ?? 0n);
      if (change !== 0n) seen.set(`${address} ${denom}`, change);
    }
  }
  assert.deepEqual(sorted(seen), sorted(changes), "changes of balances are the block's transfers");
}

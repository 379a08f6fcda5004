import { formatTable } from "../../../shared/output.ts";
import { FULL_EVERY, type InvariantPlan } from "./invariantWatch.ts";
import type { ChainDocument } from "./manyChains.ts";
import type { SimTally } from "./tally.ts";

/** How long a simulation took. */
export interface SimSpeed {
  /** On the wall. */
  readonly seconds: number;
  /** Of the processor, all threads together. */
  readonly cpuSeconds: number;
}

/** What a simulation was told. */
export interface SimTerms {
  readonly seed: number;
  readonly invariants: InvariantPlan;
}

/** A tally as JSON. But for the time it took, everything follows from the seed. */
export function chainJson(tally: SimTally): object {
  const { blocks, txs, unchecked, crashes, restarts, snapshots, accused, validatorChanges, validators, mostValidators, appHash } = tally;
  return {
    blocks,
    txs,
    refused_by_mempool: unchecked,
    codes: Object.fromEntries(sorted(tally.codes)),
    messages: Object.fromEntries(sorted(tally.types)),
    crashes,
    restarts,
    snapshots,
    accused,
    validator_changes: validatorChanges,
    validators,
    most_validators: mostValidators,
    app_hash: appHash,
  };
}

/** A tally for people. */
export function chainText(tally: SimTally, { seed, invariants }: SimTerms, speed: SimSpeed): string {
  const { blocks, txs, unchecked, crashes, restarts, snapshots, accused, validatorChanges, validators, mostValidators, appHash } = tally;
  const codes = [...tally.codes].sort(([, a], [, b]) => b - a).map(([name, count]) => `${count} ${name}`);
  const width = Math.max(...[...tally.types.keys()].map((name) => name.length), 8);
  return [
    `seed ${seed}: ${blocks} blocks, every invariant held ${looksOf(invariants)}`,
    `${txs} transactions in blocks (${codes.join(", ")}), ${unchecked} refused by the mempool`,
    `validators: ${validatorChanges} changes of power, at most ${mostValidators} at once, ${validators} at the end, ${accused} accused of misbehaviour`,
    `process: ${crashes} crashes before a commit, ${restarts} restarts after one with the last block played again, ${snapshots} nodes begun with a snapshot`,
    "",
    `${"message".padEnd(width)}  accepted  refused`,
    ...sorted(tally.types).map(
      ([name, { accepted, refused }]) => `${name.padEnd(width)}  ${String(accepted).padStart(8)}  ${String(refused).padStart(7)}`,
    ),
    "",
    `app hash ${appHash}`,
    rateText(blocks, speed),
  ].join("\n");
}

/** What chains of several seeds came to. @param seconds on the wall, from the first one's beginning to the last one's end */
export function summary(chains: readonly ChainDocument[], invariants: InvariantPlan, seconds: number) {
  const [blocks, txs, cpuSeconds] = (["blocks", "txs", "cpuSeconds"] as const).map((name) =>
    chains.reduce((sum, chain) => sum + chain[name], 0),
  ) as [number, number, number];
  const rows = chains.map((chain) => [chain.seed, chain.txs, (chain.blocks / chain.seconds).toFixed(0), chain.app_hash].map(String));
  const text = [
    `${chains.length} chains, ${blocks} blocks, ${txs} transactions in them, every invariant held ${looksOf(invariants)}`,
    "",
    formatTable(["seed", "transactions", "blocks/s", "app hash"], rows),
    "",
    rateText(blocks, { seconds, cpuSeconds }),
  ].join("\n");
  return { blocks, cpuSeconds, text };
}

function rateText(blocks: number, { seconds, cpuSeconds }: SimSpeed): string {
  return `${(blocks / seconds).toFixed(0)} blocks/s on the wall, ${(blocks / cpuSeconds).toFixed(0)} per second of the processor`;
}

function looksOf(plan: InvariantPlan): string {
  if (plan === "every" || plan === 1) return "after each";
  if (plan === "changed") return `wherever it was looked at: what each block changed, all every ${FULL_EVERY} blocks`;
  return `wherever it was looked at, every ${plan} blocks`;
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

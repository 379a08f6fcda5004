import type { Entry, Vote } from "#proto/hanzo/experience/v1/types";
import { BPS, type ReadCtx } from "#sdk";
import { MAX_QUALITY } from "../params.ts";
import type { Registry } from "../registry.ts";

/** What the votes say of an entry. */
export interface Tally {
  /** 0 to 65535. */
  readonly quality: number;
  /** Whether enough stake voted; else the quality is the parameters' default. */
  readonly voted: boolean;
}

/**
 * Quality of entries: the lower weighted median of their scores, each voter with its stake, of which a capped part of all voters' counts. Whoever
 * left an entry out does not count for it. Where those that count have less than the quorum of the bonded stake, the quality is the default.
 * @param votes revealed ones
 */
export function tallyVotes({ ports, params, needs }: Registry, ctx: ReadCtx, entries: readonly Entry[], votes: readonly Vote[]): Tally[] {
  const { voterCapBps, voteQuorumBps, defaultQuality } = params.get(ctx);
  const bonded = needs.staking.totalBonded(ctx);
  const scores = new Map<bigint, { readonly qualities: number[]; readonly powers: bigint[] }>();
  for (const { id } of entries) scores.set(id, { qualities: [], powers: [] });
  for (const vote of votes) {
    for (const { entryId, quality } of vote.scores) {
      const of = scores.get(entryId);
      of?.qualities.push(quality);
      of?.powers.push(BigInt(vote.power));
    }
  }
  return entries.map(({ id }) => {
    const { qualities = [], powers = [] } = scores.get(id) ?? {};
    const power = powers.reduce((sum, value) => sum + value, 0n);
    if (power === 0n || power * BPS < bonded * BigInt(voteQuorumBps)) return { quality: defaultQuality, voted: false };
    // Equal qualities make weights of the capped stakes alone.
    const full = powers.map(() => MAX_QUALITY);
    return { quality: ports.kernels.median(qualities, ports.kernels.weights(powers, full, { capBps: voterCapBps, qMin: 0 })), voted: true };
  });
}

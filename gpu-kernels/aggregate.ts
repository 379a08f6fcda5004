// The aggregate of a round: the agreement vote (specification §5). Scales are clipped to their weighted median; a contributor is accepted by its
// median agreement with the others, counts by its agreement with the accepted core, and counts less the more its group agrees with itself beyond
// what its agreement with the others explains.
import { AgreementMedians, type Ballot, ballotOf, capsOf, globalAgreement, rowWeights } from "./agreement.ts";
import { cidOf } from "./cid.ts";
import { type FactorParams, FactorSolver, requireFactorParams } from "./factors.ts";
import { KernelError } from "./kernelError.ts";
import type { Kernels } from "./kernels.ts";
import { joinSigns } from "./medianQ.ts";
import { merkleRoot, srcRoot } from "./merkle.ts";
import { q8Magnitudes } from "./scaleTable.ts";
import { MAX_SUM, requireContributors, requireLength, requireShape, type Shape } from "./shape.ts";
import { compress, parseShard } from "./shard.ts";
import { requireWeights } from "./weights.ts";

export interface AggregateParams extends FactorParams {
  /** Quantile of the scales at which they are clipped, 1/2…2/3: the part of the weight that a row needs, too. */
  readonly capNum: number;
  readonly capDen: number;
}

export const DEFAULT_AGGREGATE_PARAMS: AggregateParams = { capNum: 1, capDen: 2, lo: 1434, hi: 3072, rounds: 3 };

/** The matrix of an aggregate, and how it came about. */
export interface Vote {
  /** rows × cols, −32767…32767. */
  readonly e: Int16Array;
  /** By row: the scale in Q8 to which scales were clipped; 0 for a dead row. */
  readonly caps: Int32Array;
  /** By row: its part of the global agreement, in 1/16384. */
  readonly rho: Int32Array;
  /** By contributor, 0…4096. */
  readonly globalFactors: Int32Array;
  /** n × rows, 0…4096; 0 in dead rows. */
  readonly rowFactors: Int32Array;
  /** No row is live, or contributors of less than half of the weight agree with the others: such a result must not replace an active prior. */
  readonly noCore: boolean;
}

export interface Aggregate extends Vote {
  /** The matrix as a shard. */
  readonly shard: Uint8Array;
  readonly merkleRoot: Uint8Array;
  readonly srcRoot: Uint8Array;
  /** Of the shard. */
  readonly cid: Uint8Array;
}

/** @throws KernelError `params` */
export function requireAggregateParams(params: AggregateParams): void {
  requireFactorParams(params);
  const { capNum, capDen } = params;
  const isFraction = Number.isInteger(capNum) && Number.isInteger(capDen) && capNum >= 1 && capDen >= 1 && capDen <= 65_536;
  if (!isFraction || 2 * capNum < capDen || 3 * capNum > 2 * capDen)
    throw new KernelError("params", `expected a cap of 1/2 to 2/3, got ${capNum}/${capDen}`);
}

/**
 * Aggregates n shards.
 * @param shards canonical, in ascending order of their entries
 * @param w their weights, sum ≤ 2^24 − 1
 * @throws KernelError `shape`, `count`, what parseShard throws, `length`, `weights`, `params`
 */
export async function aggregate(
  kernels: Kernels,
  shards: readonly Uint8Array[],
  w: Int32Array,
  shape: Shape,
  params: AggregateParams = DEFAULT_AGGREGATE_PARAMS,
): Promise<Aggregate> {
  return (await openRound(kernels, shards, shape)).aggregate(w, params);
}

/**
 * The matrix that the round would give without each contributor in turn: its weight becomes 0, all other weights stay. Agreements of pairs are
 * computed once.
 * @returns one matrix for each contributor
 * @throws KernelError as {@link aggregate}
 */
export async function aggregateWithout(
  kernels: Kernels,
  shards: readonly Uint8Array[],
  w: Int32Array,
  shape: Shape,
  params: AggregateParams = DEFAULT_AGGREGATE_PARAMS,
): Promise<Int16Array[]> {
  return (await openRound(kernels, shards, shape)).aggregateWithout(w, params);
}

/** A round whose shards are read and compared: it can be aggregated with any weights. */
export interface Round {
  aggregate(w: Int32Array, params?: AggregateParams): Promise<Aggregate>;
  aggregateWithout(w: Int32Array, params?: AggregateParams): Promise<Int16Array[]>;
}

/** Reads and compares the shards of a round. @throws KernelError `shape`, `count`, what parseShard throws */
export async function openRound(kernels: Kernels, shards: readonly Uint8Array[], shape: Shape): Promise<Round> {
  requireShape(shape);
  requireContributors(shards.length);
  const { rows, cols } = shape;
  const n = shards.length;
  const parsed = shards.map((bytes) => parseShard(bytes, shape));
  const signs = joinSigns(parsed);
  const scales = new Int32Array(n * rows);
  parsed.forEach(({ codes }, i) => {
    scales.set(q8Magnitudes(codes), i * rows);
  });
  const ballot = ballotOf(scales, await kernels.pairDistances(signs, n, shape), n, rows, cols);
  const vote = (w: Int32Array, params: AggregateParams): Promise<Vote> => countVotes(kernels, ballot, signs, shape, w, params);
  const check = (w: Int32Array, params: AggregateParams): void => {
    requireLength("weights", w.length, n);
    requireWeights(w);
    requireAggregateParams(params);
  };
  return {
    async aggregate(w, params = DEFAULT_AGGREGATE_PARAMS) {
      check(w, params);
      const result = await vote(w, params);
      const shard = await compress(kernels, result.e, shape);
      return {
        ...result,
        shard: shard.bytes,
        merkleRoot: merkleRoot(shard, shape),
        srcRoot: srcRoot(result.e, shape),
        cid: cidOf(shard.bytes),
      };
    },
    async aggregateWithout(w, params = DEFAULT_AGGREGATE_PARAMS) {
      check(w, params);
      const all = w.includes(0) ? (await vote(w, params)).e : undefined;
      const matrices: Int16Array[] = [];
      for (let i = 0; i < n; i++) {
        const rest = w.with(i, 0);
        matrices.push(w[i] === 0 && all !== undefined ? all.slice() : (await vote(rest, params)).e);
      }
      return matrices;
    },
  };
}

async function countVotes(
  kernels: Kernels,
  ballot: Ballot,
  signs: Uint8Array,
  shape: Shape,
  w: Int32Array,
  params: AggregateParams,
): Promise<Vote> {
  const weight = requireWeights(w);
  const caps = capsOf(ballot, w, weight, { num: params.capNum, den: params.capDen });
  const rho = rowWeights(caps);
  const solver = new FactorSolver(ballot.n, params);
  solver.setWeights(w);
  const isLive = caps.some((cap) => cap > 0);
  const g = globalAgreement(ballot, rho);
  // Without a live row there is nothing to agree on, and nobody counts.
  const { f: globalFactors, honestMajority } = isLive
    ? solver.solve(g, solver.medians(g))
    : { f: new Int32Array(ballot.n), honestMajority: false };
  const rowFactors = rowFactorsOf(ballot, caps, w, weight, solver);
  const { votes, shifts, weights } = votesOf(ballot, caps, w, globalFactors, rowFactors);
  const sums = await kernels.vote(signs, votes, ballot.n, shape);
  return { e: elementsOf(sums, shifts, weights, shape), caps, rho, globalFactors, rowFactors, noCore: !honestMajority };
}

/** Factors in every live row, n × rows. */
function rowFactorsOf(ballot: Ballot, caps: Int32Array, w: Int32Array, weight: number, solver: FactorSolver): Int32Array {
  const { n, rows, cols, agreements } = ballot;
  const all = new Int32Array(n * rows);
  const medians = new AgreementMedians(cols, w, weight);
  const [g, m] = [new Int32Array(n * n), new Int32Array(n)];
  for (let row = 0; row < rows; row++) {
    if (caps[row] === 0) continue;
    const from = row * n * n;
    for (let pair = 0; pair < g.length; pair++) g[pair] = 256 * (agreements[from + pair] as number);
    for (let i = 0; i < n; i++) m[i] = medians.at(agreements, from + i * n);
    const { f } = solver.solve(g, m);
    for (let i = 0; i < n; i++) all[i * rows + row] = f[i] as number;
  }
  return all;
}

/** §5.5 up to the sum: votes of rows × n below 2^24 together, and by row how far they were shifted and the weight behind them. */
function votesOf(
  { n, rows, scales }: Ballot,
  caps: Int32Array,
  w: Int32Array,
  globalFactors: Int32Array,
  rowFactors: Int32Array,
): { readonly votes: Int32Array; readonly shifts: Int32Array; readonly weights: Int32Array } {
  const votes = new Int32Array(rows * n);
  const [shifts, weights] = [new Int32Array(rows), new Int32Array(rows)];
  const wide = new Float64Array(n);
  for (let row = 0; row < rows; row++) {
    const cap = caps[row] as number;
    if (cap === 0) continue;
    let [sum, behind, shift] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const factor = ((globalFactors[i] as number) * (rowFactors[i * rows + row] as number)) >> 12;
      const lambda = Math.floor(((w[i] as number) * factor) / 4096);
      wide[i] = lambda * Math.min(scales[i * rows + row] as number, cap);
      sum += wide[i] as number;
      behind += lambda;
    }
    while (Math.floor(sum / 2 ** shift) > MAX_SUM) shift++;
    for (let i = 0; i < n; i++) votes[row * n + i] = Math.floor((wide[i] as number) / 2 ** shift);
    shifts[row] = shift;
    weights[row] = behind;
  }
  return { votes, shifts, weights };
}

/** Sums of votes as int16: divided by the weight behind them, from Q8 to units, half away from zero. */
function elementsOf(sums: Int32Array, shifts: Int32Array, weights: Int32Array, { rows, cols }: Shape): Int16Array {
  const e = new Int16Array(sums.length);
  for (let row = 0; row < rows; row++) {
    const weight = weights[row] as number;
    if (weight === 0) continue;
    const scale = 2 ** (shifts[row] as number);
    for (let at = row * cols; at < (row + 1) * cols; at++) {
      const sum = sums[at] as number;
      const magnitude = Math.min(32767, Math.floor((Math.abs(sum) * scale + 128 * weight) / (256 * weight)));
      e[at] = sum < 0 ? -magnitude : magnitude;
    }
  }
  return e;
}

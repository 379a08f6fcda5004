// A white-box search against the chain's own rule: attackers who know it try many mixtures and send the worst that they find.
import type { Kernels } from "#kernels";
import type { AttackScene } from "./attacks.ts";
import { cosineOf } from "./cosine.ts";
import { Prng } from "./prng.ts";
import { ours } from "./rules.ts";
import { type Matrix, meanOf, shardOf, type World } from "./world.ts";

/** What the searchers may mix. Every number is drawn, and the best ones are changed a little. */
interface Mixture {
  /** Of the truth; negative works against it. */
  readonly truth: number;
  /** Of noise that all of a group share. */
  readonly shared: number;
  /** Of noise that each attacker has alone. */
  readonly own: number;
  /** Of the noise of some honest contributors, with sight only: to be taken for their friend. */
  readonly borrowed: number;
  /** Honest contributors whose noise is borrowed. */
  readonly friends: number;
  /** Groups that share noise and friends. */
  readonly groups: number;
  /** Part of the rows that are attacked; the others look honest. */
  readonly rows: number;
  /** Factor on all scales. */
  readonly scale: number;
  readonly seed: number;
}

/** What a search came to. */
export interface SearchResult {
  readonly sent: readonly Uint8Array[];
  /** Cosine of the chain's result to the honest mean. */
  readonly cosine: number;
  readonly tried: number;
}

/** How hard is searched. */
export interface SearchEffort {
  readonly draws: number;
  readonly changes: number;
  readonly seed: number;
}

/**
 * Searches. @param sight whether the attackers know the honest shards of this round, or only what honest contributors look like in general
 * @param target what the result is compared with
 */
export async function searchAttack(
  kernels: Kernels,
  scene: AttackScene,
  honestShards: readonly Uint8Array[],
  target: Matrix,
  sight: boolean,
  { draws, changes, seed }: SearchEffort,
): Promise<SearchResult> {
  const random = new Prng(seed);
  // Without sight: as many matrices of their own as the honest ones are, which tell them the same about everything but the noise.
  const known = sight ? scene.honest : scene.honest.slice(0, KNOWN).map(() => scene.world.draw());
  const most = Math.max(2, Math.min(known.length, Math.ceil(scene.n / 2) - scene.byz + 3));
  let [worst, sent, best]: [number, readonly Uint8Array[], Mixture | undefined] = [Number.POSITIVE_INFINITY, [], undefined];
  for (let tried = 0; tried < draws + changes; tried++) {
    const isDrawn = tried < draws || best === undefined;
    // Later changes are smaller.
    const step = 0.4 * (1 - (tried - draws) / changes) + 0.03;
    const mixture: Mixture = isDrawn || best === undefined ? drawMixture(random, sight, most) : changed(best, random, step, most);
    const shards = mix(scene, known, mixture, sight);
    const { e } = await ours(kernels, [...honestShards, ...shards], scene.world.shape);
    const cosine = cosineOf(e, target);
    if (cosine < worst) [worst, sent, best] = [cosine, shards, mixture];
  }
  return { sent, cosine: worst, tried: draws + changes };
}

/** Honest look-alikes that attackers without sight make for themselves. */
const KNOWN = 16;
/** @param most friends that are worth having: with so many an attacker agrees with more than half of all */
function drawMixture(random: Prng, sight: boolean, most: number): Mixture {
  return {
    truth: random.unit() * 1.6 - 1.2,
    shared: random.unit() < 0.5 ? 0 : random.unit() * 1.2,
    own: random.unit() < 0.3 ? 0 : random.unit() * 1.2,
    borrowed: sight && random.unit() < 0.8 ? random.unit() * 3 : 0,
    friends: 1 + Math.floor(random.unit() * most),
    groups: random.unit() < 0.5 ? 1 : 2 + Math.floor(random.unit() * 3),
    rows: random.unit() < 0.6 ? 1 : 0.25 + random.unit() * 0.75,
    scale: 2 ** Math.floor(random.unit() * 4),
    seed: random.next(),
  };
}

/** @param step largest change */
function changed(mixture: Mixture, random: Prng, step: number, most: number): Mixture {
  const near = (x: number): number => x + (random.unit() - 0.5) * 2 * step;
  const friends = mixture.friends + Math.floor(random.unit() * 3) - 1;
  return {
    ...mixture,
    truth: near(mixture.truth),
    shared: mixture.shared === 0 ? 0 : near(mixture.shared),
    own: Math.max(0, near(mixture.own)),
    borrowed: mixture.borrowed === 0 ? 0 : near(mixture.borrowed),
    friends: Math.min(most, Math.max(1, friends)),
    rows: Math.min(1, Math.max(0.1, near(mixture.rows))),
  };
}

/** The attackers' shards. */
function mix({ world, byz }: AttackScene, known: readonly Matrix[], mixture: Mixture, sight: boolean): Uint8Array[] {
  const random = new Prng(mixture.seed);
  const groups = Array.from({ length: mixture.groups }, () => groupMatrix(world, known, mixture, sight, random));
  return Array.from({ length: byz }, (_, i) => {
    const matrix = groups[i % groups.length] ?? world.other;
    return shardOf(withOwn(world, matrix, mixture, random), world.shape);
  });
}

function groupMatrix({ truth, draw }: World, known: readonly Matrix[], mixture: Mixture, sight: boolean, random: Prng): Matrix {
  const mean = sight ? meanOf(known.slice(0, KNOWN)) : truth;
  const noise = draw();
  const friends = Array.from({ length: mixture.friends }, () => known[random.next() % known.length] ?? mean);
  const share = mixture.borrowed / Math.sqrt(friends.length);
  return mean.map((x, at) => {
    let mixed = mixture.truth * x + mixture.shared * ((noise[at] ?? 0) - (truth[at] ?? 0));
    if (mixture.borrowed !== 0) for (const friend of friends) mixed += share * ((friend[at] ?? 0) - (mean[at] ?? 0));
    return mixed;
  });
}

function withOwn({ shape, truth, draw }: World, group: Matrix, { own, rows, scale }: Mixture, random: Prng): Matrix {
  const honest = draw();
  const attacked = Array.from({ length: shape.rows }, () => random.unit() < rows);
  return group.map((x, at) => {
    const learned = honest[at] ?? 0;
    if (attacked[Math.floor(at / shape.cols)] === false) return learned;
    return scale * (x + own * (learned - (truth[at] ?? 0)));
  });
}

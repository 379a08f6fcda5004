// What Byzantine contributors send. Those with sight know the shards of all honest ones, which commit-then-reveal denies them on the chain.
import { deviationOf, type Matrix, meanOf, type World } from "./world.ts";

/** What an attack is made with. */
export interface AttackScene {
  readonly world: World;
  /** Matrices of the honest contributors of this round. */
  readonly honest: readonly Matrix[];
  /** Contributors in all, and attackers among them. */
  readonly n: number;
  readonly byz: number;
}

/** An attack: one matrix for each attacker. */
export interface Attack {
  readonly name: string;
  readonly what: string;
  /** Rows that the attack is about; the result is measured there. Left out: all. */
  readonly rows?: number;
  send(scene: AttackScene): Matrix[];
}

/** So much larger than honest ones that rows reach the largest scale. */
const HUGE = 1000;

const times = (matrix: Matrix, factor: number): Matrix => matrix.map((x) => x * factor);
const plus = (a: Matrix, b: Matrix, factor: number): Matrix => a.map((x, at) => x + factor * (b[at] ?? 0));
const each = (byz: number, make: () => Matrix): Matrix[] => Array.from({ length: byz }, make);
/** All send the same matrix; it is compressed once. */
const copies = (byz: number, matrix: Matrix): Matrix[] => each(byz, () => matrix);

/** The attacks of the table, in its order. */
export const ATTACKS: readonly Attack[] = [
  {
    name: "random",
    what: "noise of honest size, each its own",
    send: ({ world, byz }) => each(byz, () => plus(world.draw(), world.truth, -1)),
  },
  { name: "sign flip ×1", what: "the opposite of what each learned", send: ({ world, byz }) => each(byz, () => times(world.draw(), -1)) },
  { name: "sign flip ×10", what: "ten times the opposite", send: ({ world, byz }) => each(byz, () => times(world.draw(), -10)) },
  {
    name: "identical inverse",
    what: "all the same: ten times the opposite of the truth, without noise",
    send: ({ world, byz }) => copies(byz, times(world.truth, -10)),
  },
  {
    name: "IPM",
    what: "inner-product manipulation: all −½ of the honest mean, with sight",
    send: ({ honest, byz }) => copies(byz, times(meanOf(honest), -0.5)),
  },
  {
    name: "LIE",
    what: "a little is enough: all the honest mean less z deviations, with sight",
    send(scene) {
      const mean = meanOf(scene.honest);
      return copies(scene.byz, plus(mean, deviationOf(scene.honest, mean), -littleEnough(scene)));
    },
  },
  {
    name: "sybil copies",
    what: "one wrong matrix of honest size under many names",
    send: ({ world, byz }) => copies(byz, world.other),
  },
  {
    name: "scale inflation",
    what: "noise at the largest scale",
    send: ({ world, byz }) => each(byz, () => times(plus(world.draw(), world.truth, -1), HUGE)),
  },
  {
    name: "single row",
    what: "honest but for row 0, where all send ten times the opposite; measured in that row",
    rows: 1,
    send: ({ world, byz }) =>
      each(byz, () => {
        const drawn = world.draw();
        for (let at = 0; at < world.shape.cols; at++) drawn[at] = -10 * (world.truth[at] ?? 0);
        return drawn;
      }),
  },
  {
    name: "min-max",
    what: "all as far against the honest mean as the two most distant honest ones are from each other, with sight",
    send: ({ honest, byz }) => copies(byz, farthestInside(honest)),
  },
];

/** z of "A little is enough": as far as the honest ones that the attackers need for a majority. */
function littleEnough({ n, byz }: AttackScene): number {
  const needed = Math.floor(n / 2 + 1) - byz;
  const share = Math.min(0.999, Math.max(0.5, (n - byz - needed) / (n - byz)));
  let [low, high] = [0, 4];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return low;
}

/** Share of a normal distribution below z ≥ 0 (Abramowitz and Stegun 26.2.17). */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}

/** The honest mean pushed against itself until it is as far from some honest matrix as two honest ones are from each other. */
function farthestInside(honest: readonly Matrix[]): Matrix {
  const mean = meanOf(honest);
  const sample = honest.slice(0, MOST_COMPARED);
  let reach = 0;
  for (const [i, a] of sample.entries()) for (const b of sample.slice(0, i)) reach = Math.max(reach, distance(a, b));
  let [low, high] = [0, 20];
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    const pushed = times(mean, 1 - middle);
    if (sample.every((matrix) => distance(pushed, matrix) <= reach)) low = middle;
    else high = middle;
  }
  return times(mean, 1 - low);
}

/** Pairs of more honest matrices give the same largest distance within a per cent. */
const MOST_COMPARED = 16;

function distance(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += ((a[at] ?? 0) - (b[at] ?? 0)) ** 2;
  return Math.sqrt(sum);
}

// Cosines of all rules under all attacks.
import type { Kernels, Shape } from "#kernels";
import { ATTACKS, type Attack, type AttackScene } from "./attacks.ts";
import { cosineOf } from "./cosine.ts";
import { RULES, type Rule, rule } from "./rules.ts";
import { type SearchEffort, searchAttack } from "./search.ts";
import { createWorld, type Matrix, meanOf, rowScale, shardOf, type World } from "./world.ts";

/** What is measured. */
export interface RobustPlan {
  /** Numbers of contributors. */
  readonly sizes: readonly number[];
  /** Parts of the contributors that attack, per cent. */
  readonly percents: readonly number[];
  readonly shape: Shape;
  /** Worlds; every figure is the worst of them. */
  readonly seeds: readonly number[];
  readonly search: Omit<SearchEffort, "seed">;
  /** Names of attacks; left out: all. */
  readonly only?: readonly string[];
}

/** One row: an attack at a size and part. Cosines to the honest mean over those of the same rule without attack, the worst of all worlds. */
export interface RobustRow {
  readonly attack: string;
  readonly n: number;
  readonly percent: number;
  readonly byz: number;
  readonly kept: Readonly<Record<Rule, number>>;
}

/** All that was measured. */
export interface RobustFigures {
  readonly rows: readonly RobustRow[];
  /** Cosine without attack, by size: the worst of all worlds. */
  readonly clean: readonly { readonly n: number; readonly cosine: Readonly<Record<Rule, number>> }[];
}

/** The searches, as rows of the table. */
export const SEARCHES = [
  {
    name: "white-box search (blind)",
    what: "the worst of a seeded search by attackers who know the rule, and the truth, and not the others' shards",
    sight: false,
  },
  { name: "white-box search (sighted)", what: "the same with sight of all honest shards, which commit-then-reveal denies", sight: true },
] as const;

/** Measures. @param progress told after each row, with the rows so far and in all */
export async function measureRobustness(
  kernels: Kernels,
  plan: RobustPlan,
  progress: (done: number, all: number) => void = () => {},
): Promise<RobustFigures> {
  const wanted = ({ name }: { readonly name: string }): boolean => plan.only === undefined || plan.only.includes(name);
  const [attacks, searches] = [ATTACKS.filter(wanted), SEARCHES.filter(wanted)];
  const all = plan.sizes.length * plan.percents.length * (attacks.length + searches.length) * plan.seeds.length;
  const worst = new Map<string, RobustRow>();
  const clean: RobustFigures["clean"][number][] = [];
  let done = 0;
  for (const n of plan.sizes) {
    let lowest = constant(Number.POSITIVE_INFINITY);
    for (const seed of plan.seeds) {
      const world = createWorld(n, plan.shape, seed);
      const shards = world.honest.map((matrix) => shardOf(matrix, plan.shape));
      const bench = new Bench(kernels, world, shards);
      const cosines = await bench.clean();
      lowest = least(lowest, cosines);
      for (const percent of plan.percents)
        for (const { name, measure } of [
          ...attacks.map((attack) => ({ name: attack.name, measure: (byz: number) => bench.under(attack, byz) })),
          ...searches.map(({ name, sight }) => ({ name, measure: (byz: number) => bench.searched(sight, byz, effortOf(plan, n, seed)) })),
        ]) {
          const byz = Math.floor((n * percent) / 100);
          const kept = await measure(byz);
          const key = `${name} ${n} ${percent}`;
          worst.set(key, { attack: name, n, percent, byz, kept: least(worst.get(key)?.kept ?? constant(Number.POSITIVE_INFINITY), kept) });
          progress(++done, all);
        }
    }
    clean.push({ n, cosine: lowest });
  }
  return { rows: [...worst.values()], clean };
}

/** Large rounds take long: above 64 contributors a quarter of the mixtures is tried. */
function effortOf({ search: { draws, changes } }: RobustPlan, n: number, seed: number): SearchEffort {
  const part = n > 64 ? 4 : 1;
  return { draws: Math.ceil(draws / part), changes: Math.ceil(changes / part), seed };
}

/** One world under all attacks. */
class Bench {
  readonly #kernels: Kernels;
  readonly #world: World;
  readonly #shards: readonly Uint8Array[];
  /** Cosines without attack, by the rows in which they are measured. */
  readonly #clean = new Map<number, Readonly<Record<Rule, number>>>();

  constructor(kernels: Kernels, world: World, shards: readonly Uint8Array[]) {
    this.#kernels = kernels;
    this.#world = world;
    this.#shards = shards;
  }

  /** Cosines without attack. @param rows in which they are measured */
  async clean(rows = this.#world.shape.rows): Promise<Readonly<Record<Rule, number>>> {
    const known = this.#clean.get(rows);
    if (known !== undefined) return known;
    const cosines = await this.#rulings(this.#shards, this.#target(this.#world.honest), rows);
    this.#clean.set(rows, cosines);
    return cosines;
  }

  async under({ send, rows }: Attack, byz: number): Promise<Readonly<Record<Rule, number>>> {
    const scene = this.#scene(byz);
    const compressed = new Map<Matrix, Uint8Array>();
    const sent = send(scene).map((matrix) => {
      const shard = compressed.get(matrix) ?? shardOf(matrix, this.#world.shape);
      compressed.set(matrix, shard);
      return shard;
    });
    return this.#kept([...this.#shards.slice(0, scene.honest.length), ...sent], scene.honest, rows);
  }

  async searched(sight: boolean, byz: number, effort: SearchEffort): Promise<Readonly<Record<Rule, number>>> {
    const scene = this.#scene(byz);
    const honest = this.#shards.slice(0, scene.honest.length);
    const target = this.#target(scene.honest);
    const { sent } = byz === 0 ? { sent: [] } : await searchAttack(this.#kernels, scene, honest, target, sight, effort);
    return this.#kept([...honest, ...sent], scene.honest, undefined);
  }

  #scene(byz: number): AttackScene {
    const n = this.#shards.length;
    return { world: this.#world, honest: this.#world.honest.slice(0, n - byz), n, byz };
  }

  async #kept(shards: readonly Uint8Array[], honest: readonly Matrix[], rows: number | undefined): Promise<Readonly<Record<Rule, number>>> {
    const cosines = await this.#rulings(shards, this.#target(honest), rows ?? this.#world.shape.rows);
    const clean = await this.clean(rows);
    return Object.fromEntries(RULES.map((name) => [name, cosines[name] / clean[name]])) as Record<Rule, number>;
  }

  async #rulings(shards: readonly Uint8Array[], target: Matrix, rows: number): Promise<Readonly<Record<Rule, number>>> {
    const length = rows * this.#world.shape.cols;
    const cosines: Partial<Record<Rule, number>> = {};
    for (const name of RULES) {
      const ruling = await rule(name, this.#kernels, shards, this.#world.shape);
      cosines[name] = cosineOf(ruling.subarray(0, length), target.subarray(0, length));
    }
    return cosines as Record<Rule, number>;
  }

  /** The honest mean at its rows' scales. */
  #target(honest: readonly Matrix[]): Matrix {
    return meanOf(honest).map((x, at) => x * rowScale(at, this.#world.shape));
  }
}

function constant(value: number): Readonly<Record<Rule, number>> {
  return { mean: value, median: value, vote: value, ours: value };
}

function least(a: Readonly<Record<Rule, number>>, b: Readonly<Record<Rule, number>>): Readonly<Record<Rule, number>> {
  return Object.fromEntries(RULES.map((name) => [name, Math.min(a[name], b[name])])) as Record<Rule, number>;
}

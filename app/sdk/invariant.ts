// Rules of the state, written so that they can be looked at in two ways: in full, and by what a block changed.

import { formatKeyText } from "../store/keyText.ts";
import type { ChangeSet } from "../store/kv.ts";
import type { BoundMap } from "./collections.ts";
import type { ReadCtx } from "./ctx.ts";

/** What is wrong; undefined where nothing is. */
type Verdict = string | undefined;

/** Looks at what one block changed. @param ctx the state after the block */
export type Watch = (ctx: ReadCtx, changes: ChangeSet) => Verdict;

/** A rule of the state: called it looks at all of it. */
export interface Invariant {
  (ctx: ReadCtx): Verdict;
  /**
   * Begins to watch from a state in which the rule holds. Absent for rules that are only looked at in full.
   * CONTRACT: what watches is told of the changes of every block from then on, in order.
   */
  readonly watch?: (ctx: ReadCtx) => Watch;
}

type AnyMap<K, V> = Pick<BoundMap<K, V, object>, "raw" | "changed">;

/**
 * A rule that each entry of a map keeps by itself, beside what it looks up elsewhere.
 * @param judge told of the value, undefined where a block removed the entry
 */
export function each<K, V>(map: AnyMap<K, V>, judge: (ctx: ReadCtx, key: K, value: V | undefined) => Verdict): Invariant {
  const whole = (ctx: ReadCtx): Verdict => firstOf(map.raw(ctx, {}), ([, key, value]) => judge(ctx, key, value));
  return Object.assign(whole, {
    watch: (): Watch => (ctx, changes) => firstOf(map.changed(changes), ([, key, value]) => judge(ctx, key, value)),
  });
}

/** Several rules as one: the first that does not hold tells. Those that cannot watch are looked at in full only. */
export function all(...rules: readonly Invariant[]): Invariant {
  const whole = (ctx: ReadCtx): Verdict => firstOf(rules, (rule) => rule(ctx));
  const watchable = rules.flatMap(({ watch }) => (watch === undefined ? [] : [watch]));
  if (watchable.length === 0) return whole;
  return Object.assign(whole, {
    watch(ctx: ReadCtx): Watch {
      const watches = watchable.map((watch) => watch(ctx));
      return (after, changes) => firstOf(watches, (look) => look(after, changes));
    },
  });
}

/** What an entry adds to which groups. */
type Parts = readonly (readonly [group: string, amount: bigint])[];
const NOTHING: Parts = [];

/** What an entry of a map adds. */
type Row = readonly [row: string, parts: Parts];
const NO_ROWS: readonly Row[] = [];
const NO_GROUPS: readonly string[] = [];

/** Amounts of a map by group, to be added up. */
export interface Column {
  rows(ctx: ReadCtx): Iterable<Row>;
  changed(changes: ChangeSet): readonly Row[];
}

/** @param parts what an entry adds to which groups; follows from the entry alone */
export function column<K, V>(map: AnyMap<K, V>, parts: (key: K, value: V) => Parts): Column {
  return {
    *rows(ctx) {
      for (const [raw, key, value] of map.raw(ctx, {})) yield [formatKeyText(raw), parts(key, value)];
    },
    changed(changes) {
      const entries = map.changed(changes);
      if (entries.length === 0) return NO_ROWS;
      return entries.map(([text, key, value]) => [text, value === undefined ? NOTHING : parts(key, value)] as const);
    },
  };
}

/** Sums of all columns by group; absent where nothing was added. */
type Sums = Map<string, bigint[]>;

/**
 * A rule of what entries add up to. Where it watches it keeps the sums, and judges the groups that a block touched.
 * @param judge told the sum of each column in a group
 * @param always groups that are judged at every look, since they depend on more than the columns
 */
export function sums(
  columns: readonly Column[],
  judge: (ctx: ReadCtx, group: string, sums: readonly bigint[]) => Verdict,
  always: (ctx: ReadCtx) => readonly string[] = () => NO_GROUPS,
): Invariant {
  const judged = (ctx: ReadCtx, groups: Set<string>, totals: Sums): Verdict => {
    for (const group of always(ctx)) groups.add(group);
    return firstOf(groups, (group) => judge(ctx, group, totals.get(group) ?? columns.map(() => 0n)));
  };
  const add = (totals: Sums, at: number, parts: Parts, sign: bigint): void => {
    for (const [group, amount] of parts) {
      let row = totals.get(group);
      if (row === undefined) {
        row = columns.map(() => 0n);
        totals.set(group, row);
      }
      row[at] = (row[at] ?? 0n) + sign * amount;
    }
  };
  const whole = (ctx: ReadCtx): Verdict => {
    const totals: Sums = new Map();
    for (const [at, one] of columns.entries()) for (const [, parts] of one.rows(ctx)) add(totals, at, parts, 1n);
    return judged(ctx, new Set(totals.keys()), totals);
  };
  return Object.assign(whole, {
    watch(begun: ReadCtx): Watch {
      const totals: Sums = new Map();
      const known = columns.map((one) => new Map(one.rows(begun)));
      for (const [at, rows] of known.entries()) for (const parts of rows.values()) add(totals, at, parts, 1n);
      const update = (touched: Set<string>, at: number, changed: readonly Row[]): void => {
        const rows = known[at] as Map<string, Parts>;
        for (const [row, parts] of changed) {
          const before = rows.get(row) ?? NOTHING;
          if (isSame(before, parts)) continue;
          add(totals, at, before, -1n);
          add(totals, at, parts, 1n);
          for (const [group] of before) touched.add(group);
          for (const [group] of parts) touched.add(group);
          if (parts.length === 0) rows.delete(row);
          else rows.set(row, parts);
        }
      };
      return (ctx, changes) => {
        const touched = new Set<string>();
        // Most blocks leave most columns alone.
        for (let at = 0; at < columns.length; at++) {
          const changed = (columns[at] as Column).changed(changes);
          if (changed.length > 0) update(touched, at, changed);
        }
        return judged(ctx, touched, totals);
      };
    },
  });
}

function isSame(a: Parts, b: Parts): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i]?.[0] !== b[i]?.[0] || a[i]?.[1] !== b[i]?.[1]) return false;
  return true;
}

function firstOf<T>(items: Iterable<T>, judge: (item: T) => Verdict): Verdict {
  for (const item of items) {
    const verdict = judge(item);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

import type { Chart } from "./chart.ts";
import { SHAPES, type Shape } from "./chart.ts";

/** Figures under a heading, all text. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One question of the report: a chart, what to see in it, and its figures. */
export interface Section {
  /** Anchor. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what to see. */
  readonly sentence: string;
  readonly chart: Chart;
  readonly table: Table;
  /** What the lines and marks are, when the legend does not say it. */
  readonly note?: string;
}

/** Sign of the n-th series. */
export function shapeOf(index: number): Shape {
  return SHAPES[index % 4] ?? "circle";
}

/** A number at or above the value of the form 1, 1.5, 2, 3, 5 or 7 times a power of ten: the end of an axis. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 5, 7, 10].find((m) => m * power >= value * (1 - 1e-9)) ?? 10) * power;
}

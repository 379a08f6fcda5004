import { formatNumber, formatPower } from "./numbers.ts";

/** One axis of a chart. */
export interface Axis {
  /** Quantity and unit. */
  readonly label: string;
  readonly kind: "linear" | "log";
  readonly min: number;
  readonly max: number;
  /** Text of a tick; by default the number. */
  readonly format?: (value: number) => string;
}

/** A tick of an axis. */
export interface Tick {
  readonly value: number;
  readonly text: string;
}

/** Maps values of an axis to pixels, linear or by ratio. */
export function scaleOf({ kind, min, max }: Axis, from: number, to: number): (value: number) => number {
  const at = kind === "log" ? Math.log10 : (value: number): number => value;
  const [low, span] = [at(min), at(max) - at(min)];
  return (value) => from + ((at(value) - low) / span) * (to - from);
}

/** Round values 1, 2, 2.5 or 5 times a power of ten apart. */
function evenTicks(min: number, max: number, count: number): number[] {
  const raw = (max - min) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((m) => m * power >= raw * 0.999) ?? 10) * power;
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Powers of ten, with 2 and 5 times them when few fit, every second or third power when many do. */
function ratioTicks(min: number, max: number, count: number): number[] {
  const decades = Math.log10(max / min);
  if (decades < 0.7) return evenTicks(min, max, count);
  const mantissas = decades <= 1.6 ? [1, 2, 3, 5] : decades <= 2.7 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / (count + 2)));
  const [first, last] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((power) => power % every === 0);
  const near = 1 + 1e-9;
  return powers.flatMap((power) => mantissas.map((m) => m * 10 ** power)).filter((v) => v * near >= min && v <= max * near);
}

/** Ticks of an axis. @param count how many fit, roughly */
export function ticksOf({ kind, min, max, format }: Axis, count: number): Tick[] {
  const values = kind === "log" ? ratioTicks(min, max, count) : evenTicks(min, max, count);
  const powers = kind === "log" && max / min > 1e5;
  const text =
    format ?? ((value: number): string => (powers && value !== 1 ? formatPower(Math.round(Math.log10(value))) : formatNumber(value)));
  return values.map((value) => ({ value, text: text(value) }));
}

// Charts as SVG text: axes with ticks and units, lines, marks, reference lines. Colours come from the page's style sheet, so that one drawing
// serves a light and a dark page.
import { escapeHtml } from "./escapeHtml.ts";
import { type Axis, scaleOf, ticksOf } from "./scale.ts";

/** A point of a chart in values of its axes. */
export type Point = readonly [x: number, y: number];

/** Signs that tell series apart without colour. */
export const SHAPES = ["circle", "square", "triangle", "diamond", "cross"] as const;

/** One of {@link SHAPES}. */
export type Shape = (typeof SHAPES)[number];

/** Lines and marks of one colour. */
export interface Series {
  readonly label: string;
  /** Colour of the style sheet, 0 … 4; "ink" for what is theory or reference. */
  readonly colour: number | "ink";
  readonly shape: Shape;
  /** Drawn as a line. */
  readonly line?: readonly Point[];
  readonly dash?: "solid" | "dashed" | "dotted";
  /** Drawn as hollow marks. */
  readonly marks?: readonly Point[];
  /** Drawn as a cross: where something begins. */
  readonly events?: readonly Point[];
}

/** A line across the chart at one value. */
export interface Reference {
  readonly axis: "x" | "y";
  readonly value: number;
  readonly label: string;
}

/** A chart. */
export interface Chart {
  /** For those who do not see it. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly references?: readonly Reference[];
}

/** Size of the drawing; text is as large in every size. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

const MOST_POINTS = 220;
const CHARACTER_WIDTH = 6.6;

const px = (value: number): string => String(Math.round(value * 10) / 10);

const colourClass = (colour: number | "ink"): string => (colour === "ink" ? "ink" : `s${colour}`);

/** A sign around a point. */
function shapeMark(shape: Shape, x: number, y: number, radius: number): string {
  const r = radius;
  const [left, right, up, down] = [px(x - r), px(x + r), px(y - r), px(y + r)];
  switch (shape) {
    case "circle":
      return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(r)}"/>`;
    case "square":
      return `<rect x="${left}" y="${up}" width="${px(2 * r)}" height="${px(2 * r)}"/>`;
    case "triangle":
      return `<path d="M${left} ${down}L${px(x)} ${up}L${right} ${down}Z"/>`;
    case "diamond":
      return `<path d="M${left} ${px(y)}L${px(x)} ${px(y - 1.2 * r)}L${right} ${px(y)}L${px(x)} ${px(y + 1.2 * r)}Z"/>`;
    case "cross":
      return `<path d="M${left} ${up}L${right} ${down}M${left} ${down}L${right} ${up}"/>`;
  }
}

function frameOf({ x, y }: Chart, { width, height }: ChartSize, yTexts: readonly string[]): Frame {
  const left = 14 + CHARACTER_WIDTH * Math.max(...yTexts.map((text) => text.length));
  const [right, top, bottom] = [width - 12, 30, height - 42];
  return { left, right, top, bottom, x: scaleOf(x, left, right), y: scaleOf(y, bottom, top) };
}

function drawAxes(chart: Chart, size: ChartSize, frame: Frame): string[] {
  const { left, right, bottom } = frame;
  const parts: string[] = [];
  for (const { value, text } of ticksOf(chart.y, size.height > 260 ? 6 : 5)) {
    const at = px(frame.y(value));
    parts.push(`<path class="grid" d="M${px(left)} ${at}H${px(right)}"/>`);
    parts.push(`<text class="tick" x="${px(left - 9)}" y="${px(frame.y(value) + 4)}" text-anchor="end">${escapeHtml(text)}</text>`);
  }
  for (const { value, text } of ticksOf(chart.x, size.width > 480 ? 7 : 4)) {
    const at = frame.x(value);
    parts.push(`<path class="axis" d="M${px(at)} ${px(bottom)}v5"/>`);
    const anchor = at > right - 10 ? "end" : "middle";
    parts.push(
      `<text class="tick" x="${px(anchor === "end" ? right : at)}" y="${px(bottom + 18)}" text-anchor="${anchor}">${escapeHtml(text)}</text>`,
    );
  }
  parts.push(`<path class="axis" d="M${px(left)} ${px(bottom)}H${px(right)}"/>`);
  parts.push(`<text class="label" x="4" y="14">${escapeHtml(chart.y.label)}</text>`);
  parts.push(`<text class="label" x="${px(right)}" y="${px(size.height - 6)}" text-anchor="end">${escapeHtml(chart.x.label)}</text>`);
  return parts;
}

function drawReference({ axis, value, label }: Reference, { left, right, top, bottom, x, y }: Frame): string {
  const text = escapeHtml(label);
  if (axis === "y") {
    const at = y(value);
    return `<path class="reference" d="M${px(left)} ${px(at)}H${px(right)}"/><text class="note" x="${px(left + 8)}" y="${px(at - 6)}">${text}</text>`;
  }
  const at = x(value);
  return `<path class="reference" d="M${px(at)} ${px(top)}V${px(bottom)}"/><text class="note" x="${px(at + 5)}" y="${px(top + 10)}">${text}</text>`;
}

/** Every n-th point of a long line, and the last. */
function thin(points: readonly Point[]): readonly Point[] {
  const every = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => i % every === 0 || i === points.length - 1);
}

function drawSeries({ colour, shape, line = [], dash = "solid", marks = [], events = [] }: Series, frame: Frame): string[] {
  const name = colourClass(colour);
  const parts: string[] = [];
  if (line.length > 1) {
    const path = thin(line).map(([x, y], i) => `${i === 0 ? "M" : "L"}${px(frame.x(x))} ${px(frame.y(y))}`);
    parts.push(`<path class="line ${name} ${dash}" d="${path.join("")}"/>`);
  }
  if (marks.length > 0)
    parts.push(`<g class="mark ${name}">${marks.map(([x, y]) => shapeMark(shape, frame.x(x), frame.y(y), 4)).join("")}</g>`);
  if (events.length > 0)
    parts.push(`<g class="event ${name}">${events.map(([x, y]) => shapeMark("cross", frame.x(x), frame.y(y), 5)).join("")}</g>`);
  return parts;
}

function inside({ x, y }: Chart, [a, b]: Point): boolean {
  return a >= x.min && a <= x.max && b >= y.min && b <= y.max;
}

/**
 * Draws a chart.
 * @param className which of several sizes this is
 */
export function drawChart(chart: Chart, size: ChartSize, className: string): string {
  const yTexts = ticksOf(chart.y, 6).map(({ text }) => text);
  const frame = frameOf(chart, size, yTexts);
  const visible = (points: readonly Point[] | undefined): readonly Point[] => (points ?? []).filter((point) => inside(chart, point));
  const parts = [
    ...drawAxes(chart, size, frame),
    ...(chart.references ?? []).map((reference) => drawReference(reference, frame)),
    ...chart.series.flatMap((series) =>
      drawSeries({ ...series, line: visible(series.line), marks: visible(series.marks), events: visible(series.events) }, frame),
    ),
  ];
  const open = `<svg class="${className}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeHtml(chart.description)}">`;
  return `${open}${parts.join("")}</svg>`;
}

/** The legend of a chart: a piece of each line with its mark. */
export function drawLegend(series: readonly Series[]): string {
  const items = series.map(({ label, colour, shape, line, dash = "solid", marks, events }) => {
    const name = colourClass(colour);
    const stroke = line === undefined ? "" : `<path class="line ${name} ${dash}" d="M1 7H27"/>`;
    const mark = marks === undefined ? "" : `<g class="mark ${name}">${shapeMark(shape, 14, 7, 4)}</g>`;
    const event =
      events === undefined || events.length === 0 || line !== undefined
        ? ""
        : `<g class="event ${name}">${shapeMark("cross", 14, 7, 5)}</g>`;
    return `<li><svg viewBox="0 0 28 14" aria-hidden="true">${stroke}${mark}${event}</svg>${escapeHtml(label)}</li>`;
  });
  return `<ul class="legend">${items.join("")}</ul>`;
}

// The figures as a picture: a panel for each attack, a line for each rule.
import type { RobustFigures, RobustPlan } from "./measure.ts";
import { RULES, type Rule } from "./rules.ts";

const PANEL = { width: 210, height: 130, left: 34, top: 26, right: 10, bottom: 24 };
const COLUMNS = 3;
const LEGEND = 34;
/** Readable on white and on black, and by who does not tell red from green: each rule has a dash of its own, too. */
const STYLES: Readonly<Record<Rule, { readonly colour: string; readonly dash: string; readonly width: number }>> = {
  mean: { colour: "#b0563c", dash: "2 3", width: 1.5 },
  median: { colour: "#8a7a2f", dash: "6 3", width: 1.5 },
  vote: { colour: "#5b6fb5", dash: "8 3 2 3", width: 1.5 },
  ours: { colour: "#1f9d6b", dash: "", width: 2.5 },
};

/** A picture of what is kept under each attack for one number of contributors. */
export function robustChart({ rows }: RobustFigures, { percents }: RobustPlan, n: number): string {
  const attacks = [...new Set(rows.filter((row) => row.n === n).map(({ attack }) => attack))];
  const [width, height] = [COLUMNS * PANEL.width, Math.ceil(attacks.length / COLUMNS) * PANEL.height + LEGEND];
  const panels = attacks.map((attack, at) => {
    const [x, y] = [(at % COLUMNS) * PANEL.width, Math.floor(at / COLUMNS) * PANEL.height + LEGEND];
    const lines = RULES.map((name) => line(name, (percent) => keptOf(rows, attack, n, percent, name), percents));
    return `<g transform="translate(${x} ${y})">${frame(attack, percents)}${lines.join("")}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="10" fill="#808080">`,
    `<title>Part of the clean cosine that is kept with ${n} contributors, by attack and part of attackers</title>`,
    legend(n),
    ...panels,
    "</svg>\n",
  ].join("\n");
}

function keptOf(rows: RobustFigures["rows"], attack: string, n: number, percent: number, name: Rule): number | undefined {
  return rows.find((row) => row.attack === attack && row.n === n && row.percent === percent)?.kept[name];
}

function legend(n: number): string {
  const entries = RULES.map((name, at) => {
    const { colour, dash, width } = STYLES[name];
    const x = 250 + at * 90;
    return `<path d="M${x} 14h26" stroke="${colour}" stroke-width="${width}" stroke-dasharray="${dash}"/><text x="${x + 32}" y="18">${name}</text>`;
  });
  return `<text x="6" y="18" font-size="12">kept with n = ${n}, over part of attackers</text>${entries.join("")}`;
}

const plotX = (percent: number): number => PANEL.left + (percent / 50) * (PANEL.width - PANEL.left - PANEL.right);
/** From −1 to 1.1; what is outside is drawn at the edge. */
const plotY = (kept: number): number =>
  PANEL.top + ((1.1 - Math.max(-1, Math.min(1.1, kept))) / 2.1) * (PANEL.height - PANEL.top - PANEL.bottom);
const round = (x: number): string => x.toFixed(1);

function frame(attack: string, percents: readonly number[]): string {
  const grid = [-1, 0, 0.9, 1].map((kept) => {
    const y = round(plotY(kept));
    const text = kept === 0.9 ? "" : `<text x="${PANEL.left - 4}" y="${Number(y) + 3}" text-anchor="end">${kept}</text>`;
    return `<path d="M${PANEL.left} ${y}H${PANEL.width - PANEL.right}" stroke="#808080" stroke-opacity="${kept === 0.9 ? 0.6 : 0.25}"/>${text}`;
  });
  const ticks = percents
    .filter((percent) => percent % 10 === 0)
    .map((percent) => `<text x="${round(plotX(percent))}" y="${PANEL.height - 10}" text-anchor="middle">${percent}%</text>`);
  return `<text x="${PANEL.left}" y="16" font-size="11">${attack}</text>${grid.join("")}${ticks.join("")}`;
}

function line(name: Rule, keptAt: (percent: number) => number | undefined, percents: readonly number[]): string {
  const points = percents.flatMap((percent) => {
    const kept = keptAt(percent);
    return kept === undefined ? [] : [`${round(plotX(percent))} ${round(plotY(kept))}`];
  });
  const { colour, dash, width } = STYLES[name];
  return `<path d="M${points.join("L")}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-dasharray="${dash}"/>`;
}

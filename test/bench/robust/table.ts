import { formatTable } from "../../../cmd/shared/output.ts";
import { ATTACKS } from "./attacks.ts";
import { type RobustFigures, type RobustPlan, SEARCHES } from "./measure.ts";
import { RULES } from "./rules.ts";

const digits = (value: number): string => value.toFixed(2).replace("-0.00", "0.00").replace("-", "−");

/** Cosines without attack, by size and rule. */
export function cleanLines({ clean }: RobustFigures): readonly string[] {
  return clean.map(
    ({ n, cosine }) =>
      `n = ${n}: cosine to the honest mean without attack ${RULES.map((name) => `${name} ${cosine[name].toFixed(3)}`).join(", ")}`,
  );
}

/** The figures for a terminal: a row for each attack, size and part. */
export function robustTable({ rows }: RobustFigures): string {
  const cells = rows.map(({ attack, n, percent, byz, kept }) => [
    attack,
    String(n),
    `${percent} %`,
    String(byz),
    ...RULES.map((name) => digits(kept[name])),
  ]);
  return formatTable(["attack", "n", "part", "attackers", ...RULES], cells);
}

/** The figures as a part of a document: a table for each size, in each cell mean, median, vote and ours. */
export function robustMarkdown(figures: RobustFigures, { sizes, percents, shape, seeds, search }: RobustPlan): string {
  const heading = ["attack", ...percents.map((percent) => `${percent} %`)];
  const bar = heading.map(() => "---");
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const parts = sizes.map((n) => {
    const rows = figures.rows.filter((row) => row.n === n);
    const names = [...new Set(rows.map(({ attack }) => attack))];
    const body = names.map((name) => {
      const cells = percents.map((percent) => {
        const kept = rows.find((row) => row.attack === name && row.percent === percent)?.kept;
        return kept === undefined
          ? ""
          : RULES.map((rule) => (rule === "ours" ? `**${digits(kept[rule])}**` : digits(kept[rule]))).join(" / ");
      });
      return line([name, ...cells]);
    });
    const clean = figures.clean.find((candidate) => candidate.n === n)?.cosine;
    const cosines = clean === undefined ? "" : RULES.map((rule) => `${rule} ${clean[rule].toFixed(3)}`).join(", ");
    return `### n = ${n}\n\nWithout attack: ${cosines}.\n\n${[line(heading), line(bar), ...body].join("\n")}\n`;
  });
  const note = `${shape.rows} rows of ${shape.cols} columns; each figure is the worst of these worlds: ${seeds.join(", ")}; the searches try ${search.draws} + ${search.changes} mixtures, for n = 256 a quarter of them.`;
  return `${note}\n\n${parts.join("\n")}`;
}

/** What each attack is, as a table. */
export function attackMarkdown(): string {
  return ["| attack | what is sent |", "| --- | --- |", ...[...ATTACKS, ...SEARCHES].map(({ name, what }) => `| ${name} | ${what} |`)].join(
    "\n",
  );
}

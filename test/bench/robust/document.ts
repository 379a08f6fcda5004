import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { robustChart } from "./chart.ts";
import type { RobustFigures, RobustPlan } from "./measure.ts";
import { attackMarkdown, robustMarkdown } from "./table.ts";

const DOCS = fileURLToPath(new URL("../../../../docs/", import.meta.url));
/** Size that the picture shows. */
const SHOWN = 64;

/** Writes the figures into docs/ROBUSTNESS.md between their marks, and the picture beside it. @throws Error when a mark is missing */
export function writeRobustDocument(figures: RobustFigures, plan: RobustPlan): void {
  const path = `${DOCS}ROBUSTNESS.md`;
  const text = replaceMarked(readFileSync(path, "utf8"), "attacks", attackMarkdown());
  writeFileSync(path, replaceMarked(text, "figures", robustMarkdown(figures, plan)));
  writeFileSync(`${DOCS}robustness.svg`, robustChart(figures, plan, plan.sizes.includes(SHOWN) ? SHOWN : (plan.sizes[0] ?? SHOWN)));
}

/** The text with what stands between `<!-- name -->` and `<!-- /name -->` replaced. */
export function replaceMarked(text: string, name: string, inner: string): string {
  const marked = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!marked.test(text)) throw new Error(`<!-- ${name} --> and <!-- /${name} --> expected`);
  return text.replace(marked, (_, open: string, close: string) => `${open}\n${inner}\n\n${close}`);
}

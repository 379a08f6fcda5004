import { MARKET_FEE_E18, USUAL_SHARE } from "../experiment/setting.ts";
import { fromE18 } from "../market/simPool.ts";
import type { MarketResult } from "../runMarket.ts";
import { drawChart, drawLegend } from "./chart.ts";
import { escapeHtml } from "./escapeHtml.ts";
import { type Headline, headlinesOf } from "./headlines.ts";
import { formatNumber, formatPercent } from "./numbers.ts";
import type { Section, Table } from "./section.ts";
import { sectionsOf } from "./sections.ts";
import { STYLE } from "./style.ts";

const WIDE = { width: 600, height: 330 };
const NARROW = { width: 340, height: 290 };

/** Whether a column holds words rather than figures. */
function isWords({ rows }: Table, column: number): boolean {
  return rows.every((row) => /^[a-z]{3}/.test(row[column] ?? ""));
}

function tableHtml(table: Table): string {
  const words = table.head.map((_, column) => (isWords(table, column) ? ' class="words"' : ""));
  const head = table.head.map((text, column) => `<th scope="col"${words[column] ?? ""}>${escapeHtml(text)}</th>`).join("");
  const rows = table.rows.map(
    (row) => `<tr>${row.map((text, column) => `<td${words[column] ?? ""}>${escapeHtml(text)}</td>`).join("")}</tr>`,
  );
  return `<div class="figures" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}

function sectionHtml({ id, title, sentence, chart, note, table }: Section): string {
  return [
    `<section id="${id}"><h2>${escapeHtml(title)}</h2>`,
    `<p class="sentence">${escapeHtml(sentence)}</p>`,
    drawLegend(chart.series),
    drawChart(chart, WIDE, "wide"),
    drawChart(chart, NARROW, "narrow"),
    note === undefined ? "" : `<p class="note">${escapeHtml(note)}</p>`,
    `${tableHtml(table)}</section>`,
  ].join("\n");
}

function headlineHtml({ figure, meaning }: Headline): string {
  return `<li><b>${escapeHtml(figure)}</b><span>${escapeHtml(meaning)}</span></li>`;
}

/** The command that makes the same report again. */
export function commandOf({ setting, choice }: MarketResult): string {
  const lambdas = setting.lambdasE18.map((lambda) => String(fromE18(lambda))).join(",");
  return `hanzod sim market --lambda ${lambdas} --blocks ${setting.blocks} --seed ${setting.seed} --shock ${choice}`;
}

function parametersHtml(result: MarketResult): string {
  const rows = [
    ["curve", "w = 1; λ as shown; both reserves 10¹⁵ base units, worth the same at the centre price c"],
    ["market fee f_m", `${formatNumber(fromE18(MARKET_FEE_E18) * 1e4)} bps of what is paid or received`],
    ["risk fee ρ", "0: the theory that is compared with has none"],
    ["demand, supply", "D(p) = φ·a_d·(p/c)^(−ε_d), S(p) = φ·a_s·(p/c)^(ε_s) of the reserve per block, at prices with fees"],
    ["φ", `${formatPercent(USUAL_SHARE)} per block and side; 30 % in the large steps`],
    ["blocks", formatNumber(result.setting.blocks, 8)],
    ["seed", String(result.setting.seed)],
  ];
  const list = rows.map(([name = "", value = ""]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join("\n");
  return `<h2>Parameters</h2>\n<dl>${list}</dl>\n<p>The same report again, byte for byte: <code>${escapeHtml(commandOf(result))}</code></p>`;
}

/** The report as one HTML file that needs nothing else. The same result gives the same bytes. */
export function reportPage(result: MarketResult): string {
  const sections = sectionsOf(result);
  const links = sections.map(({ id, title }) => `<a href="#${id}">${escapeHtml(title)}</a>`).join("\n");
  const headlines = headlinesOf(result);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Hanzo compute market: how prices move</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>How prices move in the compute market</h1>
<p class="lead">Demand and supply that answer to the price meet a pool of the Hanzo compute market, block by block. What enters and leaves the pool is computed by the integer code that the chain runs; every figure stands beside what the theory says.</p>
${headlines.length === 0 ? "" : `<ul class="tiles">${headlines.map(headlineHtml).join("\n")}</ul>`}
<nav aria-label="Sections">${links}</nav>
</header>
<main>
${sections.map(sectionHtml).join("\n")}
</main>
<footer>${parametersHtml(result)}</footer>
</body>
</html>
`;
}

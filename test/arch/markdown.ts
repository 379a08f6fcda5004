/** Texts of the headings of a level, in order. */
export function headings(markdown: string, level: number): string[] {
  return [...markdown.matchAll(new RegExp(`^#{${level}} (.+)$`, "gm"))].map(([, text]) => text ?? "");
}

/** The text between a heading of the second level and the next one; undefined when there is no such heading. */
export function findSection(markdown: string, heading: string): string | undefined {
  return `\n${markdown}`.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0];
}

/** The tables under a heading of the second level: rows without the two heading lines, cells without blanks and backquotes. */
export function sectionTables(markdown: string, heading: string): string[][][] {
  const blocks = (findSection(markdown, heading) ?? "")
    .split(/\n(?!\|)/)
    .map((block) => block.split("\n").filter((line) => line.startsWith("|")));
  return blocks.filter((lines) => lines.length > 2).map((lines) => lines.slice(2).map(cellsOf));
}

function cellsOf(line: string): string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll("`", ""));
}

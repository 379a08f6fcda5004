import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Writes a program that starts CometBFT with a fail point of its own (FAIL_TEST_INDEX) as often as there are indexes, and afterwards without.
 * @param folder where it and its memory lie
 * @returns its path
 */
export async function writeFailingComet(folder: string, binary: string, indexes: readonly number[]): Promise<string> {
  const [script, armed] = [join(folder, "cometbft-failing"), join(folder, "fail-points-armed")];
  await writeFile(armed, indexes.map((index) => `${index}\n`).join(""));
  const lines = [
    "#!/bin/sh",
    `if [ "$1" = start ] && [ -s '${armed}' ]; then`,
    `  read -r FAIL_TEST_INDEX < '${armed}'; export FAIL_TEST_INDEX`,
    `  tail -n +2 '${armed}' > '${armed}.rest'; mv '${armed}.rest' '${armed}'`,
    "fi",
    `exec '${binary}' "$@"`,
  ];
  await writeFile(script, `${lines.join("\n")}\n`, { mode: 0o755 });
  return script;
}

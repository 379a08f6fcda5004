import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { findFatalFailure, isLastWord } from "../node/cometFailures.ts";
import { type DoctorCheck, error } from "./finding.ts";

/** Bytes at the end of CometBFT's log that are looked at: its last words and the trace behind them. */
const TAIL_BYTES = 256 * 1024;
/** A line of CometBFT's log in either of its formats; what it says when it dies has none of them. */
const LOG_LINE = /^(?:[A-Z]\[|\{")/;

/** A stopped node whose CometBFT ended in a way that no start mends and that nothing else shows: its data is only legible to itself. */
export const checkLastEnd: DoctorCheck = async ({ home, runningPid }) => {
  // Without CometBFT's state it was seen to since.
  if (runningPid !== undefined || !existsSync(join(home.data.dir, "state.db"))) return [];
  const failure = findFatalFailure(await lastWords(home.logs.comet), home.root);
  if (failure?.code !== "HZN-STATE-SYNC") return [];
  const [what = "", why = ""] = failure.message.split("\n");
  return [error("comet.state-sync", what, why.trim(), failure.next)];
};

/** What CometBFT said when it ended, unless it was started again since; at most one line. */
async function lastWords(path: string): Promise<readonly string[]> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return [];
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, Math.max(0, size - TAIL_BYTES));
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n");
    const last = lines.findLastIndex((line) => isLastWord(line));
    return last < 0 || lines.slice(last + 1).some((line) => LOG_LINE.test(line)) ? [] : lines.slice(last, last + 1);
  } finally {
    await file.close();
  }
}

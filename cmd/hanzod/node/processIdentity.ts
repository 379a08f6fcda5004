import { readFile } from "node:fs/promises";

/** A process as it can be written to a file and recognised later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in the kernel's ticks: tells it from a later process with the same id. "" where unknown. */
  readonly born: string;
}

/** Who a running process is. */
export async function identify(pid: number): Promise<ProcessIdentity> {
  return { pid, born: (await statOf(pid)).born };
}

/** One line for a file. */
export function formatIdentity(identity: ProcessIdentity): string {
  return `${JSON.stringify(identity)}\n`;
}

/** Finds the process that a file's text names, if it still runs; undefined for one that has ended and for a damaged text. */
export async function findRunning(text: string): Promise<ProcessIdentity | undefined> {
  const identity = parseIdentity(text);
  return identity !== undefined && (await isRunning(identity)) ? identity : undefined;
}

function parseIdentity(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("pid" in value) || !("born" in value)) return undefined;
    if (typeof value.pid !== "number" || !Number.isSafeInteger(value.pid) || value.pid <= 0 || typeof value.born !== "string")
      return undefined;
    return { pid: value.pid, born: value.born };
  } catch {
    return undefined;
  }
}

async function isRunning({ pid, born }: ProcessIdentity): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, under another user.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const now = await statOf(pid);
  return !now.ended && (born === "" || now.born === "" || now.born === born);
}

/** What /proc/<pid>/stat says of a process. */
interface ProcessStat {
  /** Field 22; "" on systems without the file. */
  readonly born: string;
  /** All of its threads have ended and only its parent has not asked yet: the first process of a container may take its time. */
  readonly ended: boolean;
}

/** The second field holds the name, which may contain blanks and brackets. */
async function statOf(pid: number): Promise<ProcessStat> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { born: fields[19] ?? "", ended: fields[0] === "Z" && Number(fields[17]) <= 1 };
}

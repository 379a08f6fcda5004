import { type ChildProcess, spawn } from "node:child_process";
import { HANZOD } from "../harness/nodeProcess.ts";

/** How a command ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Only what hangs for good reaches it, also on a machine that is starved. */
const LIMIT_MS = 600_000;

/** Runs `hanzod` with these words to its end, as a shell would. */
export function hanzod(
  words: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [HANZOD, ...words], { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...options.env } });
  const output = collect(child);
  child.stdin.end(options.input ?? "");
  const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  return new Promise((done) => {
    child.once("close", (code) => {
      clearTimeout(limit);
      done({ code, stdout: output.stdout, stderr: output.stderr });
    });
  });
}

/** Runs a command that must succeed. @returns its standard output @throws Error with everything it said when it fails */
export async function hanzodOk(words: readonly string[], options: Parameters<typeof hanzod>[1] = {}): Promise<string> {
  const { code, stdout, stderr } = await hanzod(words, options);
  if (code !== 0) throw new Error(`hanzod ${words.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}

/** A command that runs until it is told to stop. */
export interface RunningCommand {
  readonly pid: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Waits until standard output has a match. @throws Error with everything it said when it ends first or takes too long */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  readonly exited: Promise<number | null>;
}

/** Lets a node's queries take longer than usual: a machine that is starved is slow. */
export const PATIENT_NODE = { HANZOD_QUERY_DEADLINE_MS: "60000" } as const;

/** Starts `hanzod` with these words. */
export function startHanzod(words: readonly string[]): RunningCommand {
  const child = spawn(process.execPath, [HANZOD, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...PATIENT_NODE },
  });
  const output = collect(child);
  const exited = new Promise<number | null>((done) => child.once("close", done));
  return {
    pid: child.pid ?? 0,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    exited,
    async waitFor(pattern, timeoutMs = LIMIT_MS) {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const found = pattern.exec(output.stdout);
        if (found !== null) return found;
        const ended = child.exitCode !== null || child.signalCode !== null;
        if (ended || performance.now() > deadline)
          throw new Error(
            `${pattern} expected from hanzod ${words.join(" ")}${ended ? ", which has ended" : ""}:\n${output.stdout}${output.stderr}`,
          );
        await new Promise((wake) => setTimeout(wake, 20));
      }
    },
    end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (part: string) => {
    output.stdout += part;
  });
  child.stderr?.setEncoding("utf8").on("data", (part: string) => {
    output.stderr += part;
  });
  return output;
}

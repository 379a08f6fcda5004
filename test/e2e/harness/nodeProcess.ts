import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findRunning } from "../../../cmd/hanzod/node/processIdentity.ts";
import type { ChainHome } from "./chainHome.ts";
import { callRpc } from "./rpc.ts";

/** The checkout: tests run from dist/test/e2e. */
export const CHECKOUT = fileURLToPath(new URL("../../../../", import.meta.url));

/** Path of the program as `make build` leaves it. */
export const HANZOD = fileURLToPath(new URL("../../../cmd/hanzod/main.js", import.meta.url));

/** `hanzod start` in a process of its own. */
export interface NodeProcess {
  readonly child: ChildProcess;
  /** Resolves with the exit code when it has ended; null after a signal. */
  readonly exited: Promise<number | null>;
  /** What it printed so far, both streams. */
  output(): string;
  /** Waits until the RPC of its own CometBFT answers. @throws Error with the output when the process ends first */
  ready(): Promise<void>;
  /** Sends a signal and waits for the end of the process. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** A machine that is starved is slow; a node that hangs is found a little later. */
const READY_MS = 300_000;

/** Starts `hanzod start --home … --quiet`. @param extra further arguments @param env further variables @param program another program's entry */
export function spawnNode(
  { home, rpc }: Pick<ChainHome, "home" | "rpc">,
  extra: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  program = HANZOD,
): NodeProcess {
  const child = spawn(process.execPath, [program, "start", "--home", home.root, "--quiet", ...extra], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return {
    child,
    exited,
    output: () => text,
    async ready() {
      const deadline = performance.now() + READY_MS;
      for (;;) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`hanzod ended with ${child.exitCode ?? child.signalCode}:\n${text}`);
        if ((await hasOwnComet(home, child.pid)) && (await answers(rpc))) return;
        if (performance.now() > deadline) throw new Error(`no answer within ${READY_MS} ms:\n${text}`);
        await sleep(25);
      }
    },
    async end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

/** Whether a node has started its CometBFT: one that a killed node left behind answers, too, until it is ended. */
async function hasOwnComet({ run }: ChainHome["home"], pid: number | undefined): Promise<boolean> {
  const comet = await findRunning(await readFile(run.cometPid, "utf8").catch(() => ""));
  if (comet === undefined) return false;
  return new RegExp(`^PPid:\\s+${pid}$`, "m").test(await readFile(`/proc/${comet.pid}/status`, "utf8").catch(() => ""));
}

/** Kills the CometBFT of a home, if one runs. Only the process that the home names, recognised by its birth. */
export async function killComet({ home }: Pick<ChainHome, "home">): Promise<boolean> {
  const found = await findRunning(await readFile(home.run.cometPid, "utf8").catch(() => ""));
  if (found === undefined || found.born === "") return false;
  process.kill(found.pid, "SIGKILL");
  return true;
}

async function answers(rpc: string): Promise<boolean> {
  try {
    await callRpc(rpc, "health");
    return true;
  } catch {
    return false;
  }
}

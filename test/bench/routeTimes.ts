// Routes and certificates are timed by a program of their own; this runs it and hands its figures on.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The figures of route.js, or why there are none. */
export type RouteFigures = { readonly missing: string } | Readonly<Record<string, unknown>>;

/** Runs route.js in a process of its own, so that nothing else is compiled or on the heap; with the young generation of the solver's thread. */
export async function measureRoutes(args: readonly string[]): Promise<RouteFigures> {
  const program = join(import.meta.dirname, "route.js");
  if (!existsSync(program)) return { missing: `${program} is not built` };
  const child = spawn(process.execPath, ["--max-semi-space-size=128", program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    stdout += part;
  });
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    stderr += part;
  });
  const code = await new Promise<number | null>((done) => child.once("close", done));
  if (code !== 0) return { missing: `route.js ended with ${code}: ${stderr.trim().split("\n").at(-1) ?? ""}` };
  try {
    return JSON.parse(stdout.slice(stdout.indexOf("{"))) as Readonly<Record<string, unknown>>;
  } catch {
    return { missing: `route.js printed no JSON: ${stdout.slice(0, 200)}` };
  }
}

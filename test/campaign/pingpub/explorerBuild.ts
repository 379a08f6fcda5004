// Ping.pub's explorer from a checkout of it: copied, told of one chain, and built with its own tools. It is under the GPL: it is run, and nothing of
// it comes into this repository.

import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";

/** Addresses that the build knows the chain by; the server of the files puts the real ones in their place. */
export const PLACE = { rest: "http://rest.of-this-chain.invalid", rpc: "http://rpc.of-this-chain.invalid" } as const;

const SKIPPED = new Set([".git", "node_modules", "dist"]);
const CONFIG_FOLDER = "chains/mainnet";

/**
 * Builds it once per commit and chain.
 * @param source the checkout, which stays as it is @param work where builds are kept @param config the chain, with the addresses of {@link PLACE}
 * @returns folder of the pages
 * @throws Error for another folder than a checkout, or what the tools said
 */
export async function buildExplorer(source: string, work: string, config: { readonly chain_name: string }): Promise<string> {
  const checkout = resolve(source);
  await stat(join(checkout, CONFIG_FOLDER)).catch(() => {
    throw new Error(`${checkout} is no checkout of github.com/ping-pub/explorer: ${CONFIG_FOLDER} is not there`);
  });
  const { stdout } = await promisify(execFile)("git", ["-C", checkout, "rev-parse", "HEAD"]);
  const told = createHash("sha256").update(JSON.stringify(config)).digest("hex").slice(0, 8);
  const folder = join(work, `${stdout.trim()}-${told}`);
  const pages = join(folder, "dist");
  if (await exists(join(pages, "index.html"))) return pages;
  await rm(folder, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  await cp(checkout, folder, { recursive: true, filter: (path) => path === checkout || !SKIPPED.has(basename(path)) });
  // Alone it is the explorer's default chain, and no page looks for others.
  for (const name of await readdir(join(folder, CONFIG_FOLDER))) await rm(join(folder, CONFIG_FOLDER, name));
  await writeFile(join(folder, CONFIG_FOLDER, `${config.chain_name}.json`), JSON.stringify(config));
  const yarn = await yarnOf(folder);
  console.log("installing its packages");
  await run(folder, "npx", ["--yes", yarn, "install", "--frozen-lockfile", "--ignore-scripts", "--ignore-engines", "--non-interactive"]);
  console.log("building it, some minutes");
  await run(folder, "npx", ["vite", "build", "--outDir", "dist.tmp", "--logLevel", "error"]);
  await rename(join(folder, "dist.tmp"), pages);
  return pages;
}

/** The yarn that the checkout names, without its hash. */
async function yarnOf(folder: string): Promise<string> {
  const { stdout } = await promisify(execFile)("node", ["-p", "require('./package.json').packageManager ?? ''"], { cwd: folder });
  return /^yarn@[\d.]+/.exec(stdout)?.[0] ?? "yarn@1.22.22";
}

function run(cwd: string, command: string, words: readonly string[]): Promise<void> {
  const child = spawn(command, words, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => said.push(text));
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) =>
      code === 0 ? done() : fail(new Error(`${command} ${words.join(" ")} ended with ${code}:\n${said.join("").slice(-4000)}`)),
    );
  });
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

// Turns the specifications of a cosmjs checkout into files that Node runs, with the checkout's own sources of every cosmjs package.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";

/** What the specifications run on, besides the packages' own dependencies. */
const RUNNER = "jasmine";
/** Whose specifications talk to a chain. */
const TESTED = "stargate";

/** Where the results lie. */
export interface SpecBundle {
  /** Folder with `*.spec.js`. */
  readonly specs: string;
  /** Folder of the test runner's package. */
  readonly runner: string;
}

/**
 * Installs what the checkout's packages depend on, in the versions of its lock file, and bundles the specifications.
 * @param checkout folder of the repository cosmos/cosmjs
 * @param cache folder for packages and bundles
 * @throws Error when the checkout is none, or a package is not in its lock file
 */
export async function bundleSpecs(checkout: string, cache: string): Promise<SpecBundle> {
  const packages = join(checkout, "packages");
  if (!existsSync(join(packages, TESTED, "src"))) throw new Error(`packages/${TESTED}/src expected in ${checkout}`);
  mkdirSync(cache, { recursive: true });
  await install(cache, lockedDependencies(checkout));
  const specs = join(cache, "specs");
  rmSync(specs, { recursive: true, force: true });
  const source = join(packages, TESTED, "src");
  const names = readdirSync(packages);
  await build({
    entryPoints: readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".spec.ts"))
      .map((file) => join(source, file)),
    outdir: specs,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    alias: Object.fromEntries(names.map((name) => [`@cosmjs/${name}`, join(packages, name, "src/index.ts")])),
    nodePaths: [join(cache, "node_modules")],
    logLevel: "error",
  });
  return { specs, runner: join(cache, "node_modules", RUNNER) };
}

/** `name@version` of every dependency from outside of the checkout. */
function lockedDependencies(checkout: string): readonly string[] {
  const lock = readFileSync(join(checkout, "yarn.lock"), "utf8");
  const wanted = new Map<string, string>();
  for (const name of readdirSync(join(checkout, "packages"))) {
    const file = join(checkout, "packages", name, "package.json");
    if (!existsSync(file)) continue;
    const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(file, "utf8")) as PackageFile;
    const runner = devDependencies[RUNNER];
    for (const [dependency, range] of Object.entries({ ...dependencies, ...(runner === undefined ? {} : { [RUNNER]: runner }) }))
      if (!range.startsWith("workspace:") && isNeeded(name)) wanted.set(dependency, range);
  }
  return [...wanted].map(([name, range]) => `${name}@${lockedVersion(lock, name, range)}`).sort();
}

interface PackageFile {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Programs and hardware wallets are no part of the specifications. */
const isNeeded = (name: string): boolean => !["cli", "faucet", "ledger-amino"].includes(name);

function lockedVersion(lock: string, name: string, range: string): string {
  const lines = lock.split("\n");
  // An entry's head names all ranges that it answers: `"a@npm:^1, a@npm:^1.2":`.
  const at = lines.findIndex((line) => /^"(.*)":$/.exec(line)?.[1]?.split(", ").includes(`${name}@npm:${range}`));
  const version = /^ {2}version: (.+)$/.exec(lines[at + 1] ?? "")?.[1];
  if (at < 0 || version === undefined) throw new Error(`a version of ${name}@${range} in yarn.lock expected`);
  return version;
}

async function install(cache: string, packages: readonly string[]): Promise<void> {
  const stamp = join(cache, "installed");
  const wanted = packages.join("\n");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  writeFileSync(join(cache, "package.json"), JSON.stringify({ private: true }));
  const options = ["--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"];
  await promisify(execFile)("npm", ["install", "--prefix", cache, ...options, ...packages]);
  writeFileSync(stamp, wanted);
}

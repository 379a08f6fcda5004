// What the chapters of docs/OPERATORS.md and README.md tell people to type does what they say.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "smol-toml";
import { cometBinary } from "../../cmd/hanzod/command/cometBinary.ts";
import { readAppConfig } from "../../cmd/hanzod/config/appConfig.ts";
import { homeLayout } from "../../cmd/hanzod/node/home.ts";
import { findFreePorts, isPortFree } from "../../cmd/hanzod/node/ports.ts";
import { sectionTables } from "../arch/markdown.ts";
import { PATIENT_NODE } from "./cli/hanzod.ts";
import { CHECKOUT, HANZOD } from "./harness/nodeProcess.ts";
import { waitForHeight } from "./harness/rpc.ts";

interface Section {
  readonly title: string;
  readonly blocks: readonly string[];
}

/** Shell blocks by section. */
function sectionsOf(markdown: string): Section[] {
  return markdown
    .split(/\n## /)
    .map((text) => ({
      title: text.split("\n")[0] ?? "",
      blocks: [...text.matchAll(/\n```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? ""),
    }))
    .filter(({ blocks }) => blocks.length > 0);
}

/** Paths of the chapters of docs/OPERATORS.md, in its order. */
async function chapters(): Promise<string[]> {
  const index = await readFile(join(CHECKOUT, "docs", "OPERATORS.md"), "utf8");
  return [...index.matchAll(/^\| \[[^\]]+\]\((operators\/[a-z]+\.md)\)/gm)].map(([, path]) => join("docs", path ?? ""));
}

const readChapter = (name: string): Promise<string> => readFile(join(CHECKOUT, "docs", "operators", `${name}.md`), "utf8");

/** Commands that run until they are stopped. */
const SERVES = /^(hanzod|cometbft) start /;

/** Ports named in the documents, and free ones that stand in for them; the testnet takes sixteen in a row. */
async function createPortMap(): Promise<ReadonlyMap<string, number>> {
  const named = ["26657", "26656", "1317", "9090", "26757", "26756", "1417", "9190"];
  const free = await findFreePorts(named.length);
  const ports = new Map(named.map((name, index) => [name, free[index] ?? 0]));
  // Below the ports that the system hands out by itself: theirs may be taken by the time they are used.
  for (let base = 20_000 + (process.pid % 700) * 16; ; base += 16) {
    const checks = await Promise.all(Array.from({ length: 16 }, (_, index) => isPortFree(base + index)));
    if (checks.every(Boolean)) return ports.set("27000", base);
    if (base > 32_000) assert.fail("no sixteen free ports in a row");
  }
}

describe("the documents for operators", () => {
  let folder: string;
  let ports: ReadonlyMap<string, number>;
  let environment: Record<string, string | undefined>;
  const running: { readonly child: ChildProcess; readonly output: () => string }[] = [];

  /** The text with free ports in place of those it names, also of those that `hanzod init` takes without being told. */
  const withFreePorts = (text: string): string =>
    text
      .replace(/^hanzod init (?!.*-port)/m, "hanzod init --rpc-port 26657 --p2p-port 26656 --rest-port 1317 --grpc-port 9090 ")
      // In one go: a free port may be one that the documents name.
      .replaceAll(new RegExp(`\\b(${[...ports.keys()].join("|")})\\b`, "g"), (name) => String(ports.get(name)));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hz-"));
    ports = await createPortMap();
    const bin = join(folder, "bin");
    await mkdir(bin);
    await writeFile(join(bin, "hanzod"), `#!/bin/sh\nexec "${process.execPath}" "${HANZOD}" "$@"\n`, { mode: 0o755 });
    await writeFile(join(bin, "npx"), `#!/bin/sh\nexec "$@"\n`, { mode: 0o755 });
    await symlink(await cometBinary(), join(bin, "cometbft"));
    await symlink(join(CHECKOUT, "test"), join(folder, "test"));
    environment = { ...process.env, ...PATIENT_NODE, HOME: folder, PATH: `${bin}:${process.env["PATH"] ?? ""}`, HANZO_HOME: undefined };
  });
  after(async () => {
    await stopAll();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  function start(block: string): { readonly child: ChildProcess; readonly output: () => string } {
    // exec: a signal must reach the program itself.
    const script = SERVES.test(block) ? `exec ${block}` : block;
    const child = spawn("bash", ["-euo", "pipefail", "-c", withFreePorts(script)], {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
    return { child, output: () => text };
  }

  async function stopAll(): Promise<void> {
    for (let last = running.pop(); last !== undefined; last = running.pop()) {
      const { child, output } = last;
      const code = new Promise<number | null>((resolve) => child.once("exit", resolve));
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      assert.equal(child.exitCode ?? (await code), 0, output());
    }
  }

  /** The RPC of the home that a command names. */
  async function rpcOf(block: string): Promise<string> {
    const name = /--home (\S+)/.exec(block)?.[1]?.replace("~", folder) ?? assert.fail(`--home expected in ${block}`);
    const { rpc } = parse(await readFile(homeLayout(name).config.comet, "utf8")) as { readonly rpc: { readonly laddr: string } };
    return rpc.laddr.replace("tcp:", "http:");
  }

  async function run(block: string): Promise<string> {
    const { child, output } = start(block);
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    assert.equal(code, 0, `${block}\n${output()}`);
    return output();
  }

  async function runSection({ blocks }: Section): Promise<void> {
    // What was started and has not made a block yet: several validators may need each other for the first one.
    const begun: string[] = [];
    const settle = async (): Promise<void> => {
      for (const block of begun.splice(0)) await waitForHeight(await rpcOf(block), 1);
    };
    try {
      for (const block of blocks) {
        if (!SERVES.test(block)) {
          await settle();
          await run(block);
          continue;
        }
        running.push(start(block));
        // The application alone makes no blocks: its CometBFT is in the next block of the document.
        if (!block.includes("--comet external")) begun.push(block);
      }
      await settle();
    } finally {
      await stopAll();
    }
  }

  it("OPERATORS.md: every shell block of every chapter does what it says", async (t) => {
    const paths = await chapters();
    const files = (await readdir(join(CHECKOUT, "docs", "operators"))).map((name) => join("docs", "operators", name));
    assert.deepEqual([...paths].sort(), files.sort(), "the table of chapters names every chapter once");
    const texts = await Promise.all(paths.map((path) => readFile(join(CHECKOUT, path), "utf8")));
    const sections = texts.flatMap(sectionsOf);
    assert.ok(sections.length >= 8);
    for (const section of sections) await t.test(section.title, () => runSection(section));
  });

  it("README.md: the commands under 'Use it' work on the local chain", async () => {
    const readme = await readFile(join(CHECKOUT, "README.md"), "utf8");
    const section = sectionsOf(readme).find(({ title }) => title === "Use it") ?? assert.fail("a section Use it");
    await symlink(join(folder, "hanzo"), join(folder, ".localnet"));
    await runSection({ title: section.title, blocks: ["hanzod start --home ~/hanzo --quiet", ...section.blocks] });
  });

  it("SIMULATION.md: the shell blocks run, and the market's writes its report", async () => {
    const sections = sectionsOf(await readFile(join(CHECKOUT, "docs", "SIMULATION.md"), "utf8"));
    assert.equal(sections.length, 2);
    for (const section of sections) await runSection(section);
    assert.match(await readFile(join(folder, "market.html"), "utf8"), /<html/);
  });

  it("EXPERIENCE.md: a whole round by hand, and its shards on another home", async () => {
    const sections = sectionsOf(await readFile(join(CHECKOUT, "docs", "EXPERIENCE.md"), "utf8"));
    assert.deepEqual(
      sections.map(({ title }) => title),
      ["A round by hand"],
    );
    for (const section of sections) await runSection(section);
  });

  it("every shell block of every document is run by a test, or stands here with the reason why not", async () => {
    const found: string[] = [];
    for (const path of [
      "README.md",
      ...(await readdir(join(CHECKOUT, "docs"), { recursive: true })).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`),
    ]) {
      const text = await readFile(join(CHECKOUT, path), "utf8");
      for (const part of text.split(/\n## /))
        for (const [, language = ""] of part.matchAll(/\n```(sh|bash|shell|console)\n/g))
          found.push(`${path}, ${part.split("\n")[0]}: ${language}`);
    }
    const elsewhere = new Set(["docs/CLIENT.md, Tell a wallet about the chain: sh"]);
    const skipped = new Map([
      [
        "README.md, First minute: sh",
        "installs and builds what is under test; `hanzod localnet`, which it ends in, is run by mainJobRun.test.ts",
      ],
      [
        "docs/COMETBFT.md, Other releases: sh",
        "downloads and builds another release; cometReleases.test.ts runs those that COMETBFT_OTHERS names",
      ],
      [
        "docs/COMETBFT.md, Against a chain of the Cosmos SDK: sh",
        "benchmarks of minutes; the rows and their aims are tested by themselves",
      ],
      [
        "docs/KERNELS.md, Backends: sh",
        "a benchmark and a campaign; the vectors and fewer tensors are run by golden/kernels and conformance/kernels",
      ],
      ["docs/KERNELS.md, The optional libraries: sh", "downloads libraries; optionalBackends.test.ts runs those that are installed"],
      [
        "docs/operators/running.md, As a service: console",
        "needs root and systemd; the units are checked by systemd-analyze in systemd.test.ts",
      ],
    ]);
    for (const [block, reason] of skipped) console.log(`not run: ${block}: ${reason}`);
    const run = (block: string): boolean =>
      /^docs\/(operators\/[a-z]+|SIMULATION|EXPERIENCE)\.md, .*: sh$/.test(block) || block === "README.md, Use it: sh";
    assert.deepEqual(found.filter((block) => !run(block)).sort(), [...elsewhere, ...skipped.keys()].sort());
  });

  it("the table of the home names everything that is in it", async () => {
    const document = await readChapter("home");
    const named = (sectionTables(document, "Make a node")[0] ?? []).flatMap(([cell = ""]) => cell.split(", "));
    const entries: string[] = [];
    for (const directory of ["", "config", "data"])
      for (const entry of await readdir(join(folder, "hanzo", directory))) entries.push(join(directory, entry));
    const isNamed = (entry: string): boolean =>
      named.some((name) => {
        const [before = "", after = ""] = name.replace(/\/$/, "").split("*");
        return name.includes("*") ? entry.startsWith(before) && entry.endsWith(after) : entry === name.replace(/\/$/, "");
      });
    const folders = ["config", "data", "logs"];
    assert.deepEqual(
      entries.filter((entry) => !isNamed(entry) && !folders.includes(entry)),
      [],
    );
    // Snapshots and content are there from the first one on.
    for (const name of named.filter((path) => !path.includes("*") && path !== "data/snapshots" && path !== "data/content"))
      assert.ok(existsSync(join(folder, "hanzo", name)), `${name} is in the home`);
  });

  it("the table of app.toml has exactly the keys that a home has", async () => {
    const document = await readChapter("home");
    const home = homeLayout(join(folder, "hanzo"));
    const table = parse(await readFile(home.config.app, "utf8"));
    const keys = Object.entries(table).flatMap(([key, value]) =>
      typeof value === "object" && !Array.isArray(value) ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key],
    );
    assert.deepEqual(
      (sectionTables(document, "Settings")[0] ?? []).map(([key]) => key),
      keys,
    );
    assert.equal(readAppConfig(home)["pruning-keep-recent"], 128);
  });
});

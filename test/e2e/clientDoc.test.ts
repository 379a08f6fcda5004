// What docs/CLIENT.md shows to wallet authors compiles, runs on a local chain and does what it says.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { codeBlocks, compileExamples } from "../harness/docExamples.ts";
import { type BrowserPage, openBrowser } from "./harness/browser.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { type InProcessNode, startInProcess } from "./harness/inProcessNode.ts";
import { CHECKOUT, HANZOD } from "./harness/nodeProcess.ts";
import { waitForHeight } from "./harness/rpc.ts";

const run = promisify(execFile);
const DOCUMENT = join(CHECKOUT, "docs", "CLIENT.md");

describe("docs/CLIENT.md", () => {
  let chain: ChainHome;
  let running: InProcessNode;
  let markdown: string;
  let folder: string;

  before(async () => {
    markdown = await readFile(DOCUMENT, "utf8");
    folder = await mkdtemp(join(tmpdir(), "hz-client-doc-"));
    chain = await createChainHome(200, "hanzo-local-1");
    running = await startInProcess(chain);
    await waitForHeight(chain.rpc, 5);
  });
  after(async () => {
    await running?.node.stop();
    await chain?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const onThisChain = (text: string): string =>
    text
      .replaceAll("http://127.0.0.1:26657", chain.rpc)
      .replaceAll("http://127.0.0.1:1317", chain.rest)
      .replaceAll("~/hanzo", chain.home.root);

  it("every TypeScript example compiles with strict checks, and runs", async () => {
    const blocks = codeBlocks(markdown, "ts");
    assert.equal(blocks.length, 3);
    const files = Object.fromEntries(blocks.map((block, index) => [`example${index}`, onThisChain(block)]));
    const examples = await compileExamples(files);
    try {
      const SAYS = [/^disk \d+$/m, /^[0-9A-F]{64} \d+$/m, /^\d+n \d+n 1\d{22,}$/m];
      for (const [index, says] of SAYS.entries()) assert.match(await examples.run(`example${index}`), says);
    } finally {
      await examples.remove();
    }
  });

  it("every shell command prints a document, and home and node tell the same", async () => {
    const commands = codeBlocks(markdown, "sh").flatMap((block) => block.trim().split("\n"));
    assert.equal(commands.length, 6);
    const printed: unknown[] = [];
    for (const command of commands) {
      const [program, ...words] = onThisChain(command).split(" ");
      assert.equal(program, "hanzod");
      const { stdout } = await run(process.execPath, [HANZOD, ...words]);
      printed.push(JSON.parse(stdout));
    }
    const byBase = (info: unknown): unknown => {
      const { currencies, ...rest } = info as { currencies: { coinMinimalDenom: string }[] };
      return { ...rest, currencies: currencies.toSorted((a, b) => (a.coinMinimalDenom < b.coinMinimalDenom ? -1 : 1)) };
    };
    assert.deepEqual(byBase(printed[5]), byBase(printed[0]));
    assert.match(JSON.stringify(printed[1]), /"chain_name":"hanzodevnet"/);
    assert.match(JSON.stringify(printed[3]), /"assetLists":\[\{/);
  });

  it("the page shows the price from the bundle", async () => {
    const [page = ""] = codeBlocks(markdown, "html");
    const { buildClient } = (await import(new URL("tools/build/client.mjs", `file://${CHECKOUT}`).href)) as {
      buildClient(outdir: string): Promise<unknown>;
    };
    await buildClient(folder);
    const browser: BrowserPage = await openBrowser();
    const server = createServer((request, response) => {
      const isBundle = request.url === "/hanzo-client.js";
      response.setHeader("content-type", isBundle ? "text/javascript" : "text/html");
      readFile(join(folder, "hanzo-client.js")).then(
        (bundle) => response.end(isBundle ? bundle : `<!doctype html><body>${onThisChain(page)}</body>`),
        () => response.destroy(),
      );
    });
    try {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      assert.ok(address !== null && typeof address === "object");
      await browser.open(`http://127.0.0.1:${address.port}/`);
      await browser.until(`/^\\d{10,}$/.test(document.body.innerText)`);
    } finally {
      await browser.close();
      server.closeAllConnections();
      server.close();
    }
  });
});

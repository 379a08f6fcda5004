// The explorer Ping.pub, unmodified, on a chain of this program, in a real browser: `node dist/test/campaign/pingpub/main.js CHECKOUT [SCREENSHOTS]`
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readHomeFacts } from "../../../cmd/hanzod/chaininfo/chainFacts.ts";
import { pingPubChain } from "../../../cmd/hanzod/chaininfo/pingPub.ts";
import { type BrowserPage, openBrowser, type PageAnswer } from "../../e2e/harness/browser.ts";
import { CHECKOUT } from "../../e2e/harness/nodeProcess.ts";
import { buildExplorer, PLACE } from "./explorerBuild.ts";
import { servePages } from "./pageServer.ts";
import { ABSENT, type ExplorerPage, PAGES } from "./pages.ts";
import { type Scene, startScene } from "./scene.ts";

/** How long a page may take until it shows everything, and how long it is listened to then. */
const PATIENCE_MS = 30_000;
const LISTEN_MS = 1500;
const LOOK_MS = 250;
const WIDTH = 1400;

/** What was seen of a page. */
interface Visit {
  /** Texts that did not appear. */
  readonly missing: readonly string[];
  /** What the chain answered otherwise than with 200, with whether that is by design. */
  readonly refused: readonly (PageAnswer & { readonly byDesign: boolean })[];
  readonly asked: number;
  /** Errors of the page's own program. */
  readonly thrown: readonly string[];
}

async function visit(browser: BrowserPage, scene: Scene, page: ExplorerPage, url: string): Promise<Visit> {
  const [answersBefore, complaintsBefore] = [browser.answers.length, browser.complaints.length];
  await browser.open(url);
  let missing: readonly (string | RegExp)[] = page.shows(scene);
  for (const deadline = performance.now() + PATIENCE_MS; missing.length > 0 && performance.now() < deadline; await sleep(LOOK_MS)) {
    const text = (await browser.evaluate<string>("document.body.innerText")).replace(/\s+/g, " ");
    missing = page
      .shows(scene)
      .filter((shown) => (typeof shown === "string" ? !text.includes(shown.replace(/\s+/g, " ")) : !shown.test(text)));
  }
  await sleep(LISTEN_MS);
  const ofChain = browser.answers.slice(answersBefore).filter((answer) => [scene.home.rest, scene.home.rpc].includes(originOf(answer.url)));
  const isByDesign = ({ url: asked, status }: PageAnswer): boolean =>
    ABSENT.some(([path, expected]) => status === expected && path.test(new URL(asked).pathname));
  return {
    missing: missing.map(String),
    refused: ofChain.filter(({ status }) => status !== 200).map((answer) => ({ ...answer, byDesign: isByDesign(answer) })),
    asked: ofChain.length,
    thrown: browser.complaints.slice(complaintsBefore).flatMap(errorOf),
  };
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : "");

/** The description of an exception that is no failed request: those are counted by their answers, and other hosts cannot be reached here. */
function errorOf(complaint: string): string[] {
  if (!complaint.startsWith("{")) return [];
  const { exception } = JSON.parse(complaint) as { readonly exception?: { readonly description?: string } };
  const [description = "an error without words"] = (exception?.description ?? "").split("\n");
  return /^(?:TypeError: (?:Network request failed|Failed to fetch)|Error: HTTP error)/.test(description) ? [] : [description];
}

function report(index: number, { name }: ExplorerPage, { missing, refused, asked, thrown }: Visit): boolean {
  const bad = refused.filter(({ byDesign }) => !byDesign);
  const isGood = missing.length === 0 && bad.length === 0 && thrown.length === 0 && asked > 0;
  const designed = refused.length - bad.length;
  console.log(
    `${isGood ? "ok    " : "FAILED"} ${index + 1} ${name}: ${asked} requests${designed === 0 ? "" : `, ${designed} refused by design`}`,
  );
  for (const text of missing) console.log(`       not shown: ${text}`);
  for (const { url, status, byDesign } of refused)
    console.log(`       ${status} ${new URL(url).pathname}${byDesign ? " (by design)" : ""}`);
  for (const error of thrown) console.log(`       the page failed: ${error}`);
  return isGood;
}

async function main(checkout: string, screenshots: string): Promise<number> {
  await mkdir(screenshots, { recursive: true });
  const scene = await startScene();
  const opened: (() => unknown)[] = [() => scene.stop()];
  try {
    const config = pingPubChain({ ...(await readHomeFacts(scene.home.home)), ...PLACE }) as { readonly chain_name: string };
    const folder = await buildExplorer(checkout, process.env["PINGPUB_WORK"] ?? join(tmpdir(), "hanzo-pingpub"), config);
    const server = await servePages(folder, scene.home);
    opened.push(() => server.close());
    const browser = await openBrowser(["127.0.0.1"]);
    opened.push(() => browser.close());
    await browser.show("dark", WIDTH);
    let passed = 0;
    for (const [index, page] of PAGES.entries()) {
      const seen = await visit(browser, scene, page, `${server.url}/${config.chain_name}${page.path(scene)}`);
      await browser.screenshot(join(screenshots, `${String(index + 1).padStart(2, "0")}-${page.name}.png`));
      if (report(index, page, seen)) passed += 1;
    }
    console.log(`screenshots are in ${screenshots}\n${passed} passed, ${PAGES.length - passed} failed`);
    return PAGES.length - passed;
  } finally {
    for (const end of opened.toReversed()) await end();
  }
}

const [checkout = "", screenshots = join(CHECKOUT, ".cache/pingpub")] = process.argv.slice(2);
if (checkout === "") {
  console.error(
    "a checkout of the explorer is expected:\n  git clone https://github.com/ping-pub/explorer ../explorer\n  make pingpub SOURCE=../explorer",
  );
  process.exitCode = 2;
} else process.exit((await main(checkout, screenshots)) > 0 ? 1 : 0);

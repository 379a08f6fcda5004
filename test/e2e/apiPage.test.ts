// The page of a node and the page of its API, in a real browser on a development chain.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { hanzodOk, type RunningCommand, startHanzod } from "./cli/hanzod.ts";
import { type BrowserPage, openBrowser } from "./harness/browser.ts";

/** Set to a folder: screenshots of the pages are kept there. */
const SCREENSHOTS = process.env["PAGE_SCREENSHOTS"];

describe("the pages of a development chain", () => {
  let dev: RunningCommand;
  let rest: string;
  let page: BrowserPage;

  before(async () => {
    dev = startHanzod(["dev", "--rest-port", "0", "--grpc-port", "0", "--rpc-port", "0", "--block-time", "300"]);
    rest = (await dev.waitFor(/^REST\s+(\S+)/m))[1] ?? "";
    page = await openBrowser();
    await page.show("light", 1100);
  });
  after(async () => {
    await page?.close();
    await dev?.end("SIGKILL");
  });

  const picture = async (name: string): Promise<void> => {
    if (SCREENSHOTS === undefined) return;
    await mkdir(SCREENSHOTS, { recursive: true });
    await page.screenshot(join(SCREENSHOTS, `${name}.png`));
  };
  const links = (): Promise<string[]> =>
    page.evaluate(`[...document.querySelectorAll("#links a")].map((link) => link.getAttribute("href"))`);
  /** Hosts that the page loaded anything from. */
  const hosts = (): Promise<string[]> =>
    page.evaluate(`[...new Set(performance.getEntriesByType("resource").map(({ name }) => new URL(name).origin))]`);

  it("the first tells the chain, its height as it grows, and what there is", async () => {
    await page.open(`${rest}/`);
    await page.until(`document.querySelector("#state").classList.contains("live")`);
    assert.equal(await page.text("#chain"), "hanzo-local-1");
    assert.match(await page.text("#version"), /^hanzod \d/);
    const height = Number(await page.text("#height"));
    assert.ok(height >= 1);
    await page.until(`Number(document.querySelector("#height").innerText) > ${height}`);
    assert.deepEqual(await links(), ["/swagger/", "/openapi.json", "/wallet/"]);
    for (const href of await links()) assert.equal((await fetch(rest + href)).status, 200, href);
    await picture("1-home");
    await page.show("dark", 420);
    await picture("2-home-dark-narrow");
    await page.show("light", 1100);
  });

  it("the second shows every service of the API, from this node alone", async () => {
    assert.match(dev.stdout, /^API page\s+http:\S+\/swagger\/$/m);
    await page.open(`${rest}/swagger/`);
    await page.until(`document.querySelectorAll(".opblock-tag").length > 0`);
    const document = (await (await fetch(`${rest}/openapi.json`)).json()) as { readonly tags: readonly { readonly name: string }[] };
    const shown = await page.evaluate<string[]>(`[...document.querySelectorAll(".opblock-tag")].map((tag) => tag.dataset.tag)`);
    assert.deepEqual(shown.toSorted(), document.tags.map(({ name }) => name).toSorted());
    assert.match(await page.text(".info .title"), /Hanzo Network/);
    assert.deepEqual(await hosts(), [rest]);
    await picture("3-api");
  });

  it("and tries a method out", async () => {
    await page.evaluate(`document.querySelector('[data-tag="hanzo.hmm.v1.Query"]').click()`);
    const operation = `[...document.querySelectorAll(".opblock")].find((block) => block.querySelector("[data-path='/hanzo/hmm/v1/pools']"))`;
    await page.until(operation);
    await page.evaluate(`${operation}.querySelector(".opblock-summary-control").click()`);
    await page.until(`${operation}.querySelector(".execute")`);
    // Bytes are typed as base64, not taken from a file.
    await page.until(`${operation}.querySelector("[data-param-name='pagination.key'] input")`);
    assert.equal(await page.evaluate(`${operation}.querySelector("[data-param-name='pagination.key'] input").type`), "text");
    await page.evaluate(`${operation}.querySelector(".execute").click()`);
    await page.until(`${operation}.querySelector(".live-responses-table tr.response .response-col_status")?.innerText.startsWith("200")`);
    assert.match(await page.evaluate(`${operation}.querySelector(".live-responses-table").innerText`), /"pools": \[/);
    await picture("4-api-tried");
  });

  it("neither wrote an error to the console: the policy lets all through that they need", () => assert.deepEqual(page.complaints, []));

  it("the policy lets nothing else through", async () => {
    const blocked = await page.evaluate<string>(
      `fetch("http://127.0.0.1:1/").then(() => "sent", () => new Promise((done) => {
         document.addEventListener("securitypolicyviolation", (event) => event.blockedURI.includes("127.0.0.2") && done(event.violatedDirective));
         fetch("http://127.0.0.2:1/").catch(() => {});
       }))`,
    );
    assert.equal(blocked, "connect-src");
    const inline = await page.evaluate<string>(
      `new Promise((done) => {
         document.addEventListener("securitypolicyviolation", (event) => event.blockedURI === "inline" && done(event.violatedDirective));
         const script = document.createElement("script");
         script.textContent = "window.injected = true";
         document.body.append(script);
       })`,
    );
    assert.deepEqual([inline, await page.evaluate("window.injected === undefined")], ["script-src-elem", true]);
  });

  it("the command's help names its ports", async () => assert.match(await hanzodOk(["dev", "--help"]), /--rest-port/));
});

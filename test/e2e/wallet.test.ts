// The wallet page, in a real browser on a real chain: what people click, and what they then read.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type BrowserPage, openBrowser } from "./harness/browser.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { type InProcessNode, startInProcess } from "./harness/inProcessNode.ts";
import { findBlockTx, waitForHeight } from "./harness/rpc.ts";
import { balancesOf, devAccounts } from "./harness/wallet.ts";

const ONE_AI = 10n ** 18n;
/** Set to a folder: screenshots of the steps are kept there. */
const SCREENSHOTS = process.env["WALLET_SCREENSHOTS"];

describe("the wallet page", () => {
  let chain: ChainHome;
  let running: InProcessNode | undefined;
  let page: BrowserPage;
  let addresses: readonly string[];

  before(async () => {
    chain = await createChainHome(200, "hanzo-local-1");
    running = await startInProcess(chain);
    await waitForHeight(chain.rpc, 2);
    addresses = (await devAccounts()).map(({ address }) => address);
    page = await openBrowser();
    await page.show("light", 1100);
  });
  after(async () => {
    await page?.close();
    await running?.node.stop();
    await chain?.remove();
  });

  const picture = async (name: string): Promise<void> => {
    if (SCREENSHOTS === undefined) return;
    await mkdir(SCREENSHOTS, { recursive: true });
    await page.screenshot(join(SCREENSHOTS, `${name}.png`));
  };
  /** The fact of that name in the result. */
  const fact = (name: string): Promise<string> =>
    page.evaluate(
      `[...document.querySelectorAll("#facts dt")].find((term) => term.textContent === ${JSON.stringify(name)})?.nextElementSibling?.textContent ?? ""`,
    );
  const resultSays = (part: string): Promise<void> =>
    page.until(`document.querySelector("#outcome").innerText.includes(${JSON.stringify(part)})`);
  const balance = async (address: string, denom: string): Promise<bigint> => (await balancesOf(chain.rpc, address)).get(denom) ?? 0n;

  it("is served with its parts by the node, with a policy that keeps foreign code out", async () => {
    const answer = await fetch(`${chain.rest}/wallet`, { redirect: "manual" });
    assert.deepEqual([answer.status, answer.headers.get("location")], [308, "/wallet/"]);
    for (const [file, type] of [
      ["", "text/html"],
      ["wallet.css", "text/css"],
      ["wallet.js", "text/javascript"],
      ["endpoints.json", "application/json"],
    ]) {
      const part = await fetch(`${chain.rest}/wallet/${file}`);
      assert.equal(part.status, 200, file);
      assert.match(part.headers.get("content-type") ?? "", new RegExp(`^${type}`));
      assert.match(part.headers.get("content-security-policy") ?? "", /^default-src 'none'; script-src 'self'; /);
      await part.arrayBuffer();
    }
    assert.equal((await fetch(`${chain.rest}/wallet/other`)).status, 501);
  });

  it("connects to the node that served it and shows account, balances and prices", async () => {
    await page.open(`${chain.rest}/wallet/`);
    await page.until(`document.querySelector("#chain").innerText.startsWith("hanzo-local-1")`);
    assert.equal(await page.text("#address"), addresses[1]);
    assert.match(await page.text(".warning"), /only/);
    assert.match(await page.text("#key-label"), /test only/);
    await page.until(`document.querySelector('[data-denom="aai"] .number')?.innerText.replaceAll("\\u202f", "") === "10000"`);
    const prices = await page.evaluate<string[]>(`[...document.querySelectorAll("#market tbody tr")].map((row) => row.dataset.pool)`);
    assert.deepEqual(prices, ["disk", "disk-eu", "gpu", "gpu-eu", "net", "net-eu", "ram", "ram-eu", "vram", "vram-eu"]);
    assert.match(await page.text(`[data-pool="gpu"] .number`), /^\d+(\.\d+)?$/);
    await picture("1-connected");
  });

  it("sends AI and shows the transaction that the chain has", async () => {
    const before = await balance(addresses[2] ?? "", "aai");
    await page.fill("#send-to", addresses[2] ?? "");
    await page.fill("#send-amount", "12.5");
    await page.click("#send-form button");
    await resultSays(`Sent 12.5 AI to ${addresses[2]}`);
    const hash = await fact("Transaction");
    assert.match(hash, /^[0-9A-F]{64}$/);
    const found = await findBlockTx(chain.rpc, hash);
    assert.equal(found?.code, 0);
    assert.equal(await fact("Height"), String(found?.height));
    assert.equal(await balance(addresses[2] ?? "", "aai"), before + (ONE_AI * 25n) / 2n);
    assert.match(await page.text("#events-title"), /^\d+ events$/);
    assert.match(await page.evaluate(`document.querySelector("#events").textContent`), /transfer/);
    await picture("2-sent");
  });

  it("mints credit and buys compute, with the price before and after", async () => {
    await page.fill("#mint-amount", "20");
    await page.click("#mint-form button");
    await resultSays("Minted 20 credit");
    assert.equal(await balance(addresses[1] ?? "", "credit"), 20n * ONE_AI);
    await page.fill("#buy-pool", "gpu");
    await page.fill("#buy-amount", "5");
    await page.until(`document.querySelector("#quote").innerText.includes("GPU-hours")`);
    await page.click("#buy-form button");
    await resultSays("Bought");
    const [low, high] = [await fact("Price before"), await fact("Price after")].map(Number.parseFloat);
    assert.ok((high ?? 0) > (low ?? 0) && (low ?? 0) > 0, `a price that rises expected, got ${low} and ${high}`);
    assert.ok((await balance(addresses[1] ?? "", "ngpu")) > 0n);
    await page.until(`document.querySelector('[data-denom="ngpu"]') !== null`);
    await picture("3-bought");
    await page.show("dark", 1100);
    await picture("4-dark");
    await page.show("light", 420);
    await picture("5-narrow");
    await page.show("light", 1100);
  });

  const MISTAKES: readonly [name: string, steps: readonly (readonly [selector: string, text: string])[], form: string, says: string][] = [
    ["more AI than there is", [["#send-amount", "99999999"]], "#send-form", "not enough"],
    [
      "an address with a typing error",
      [
        ["#send-to", "hanzo1qqqq"],
        ["#send-amount", "1"],
      ],
      "#send-form",
      "not an address of this chain",
    ],
    ["an amount that is no number", [["#mint-amount", "ten"]], "#mint-form", "Enter an amount"],
    ["more credit than there is", [["#buy-amount", "16"]], "#buy-form", "not enough"],
  ];
  for (const [name, steps, form, says] of MISTAKES)
    it(`says in words what is wrong with ${name}`, async () => {
      for (const [selector, text] of steps) await page.fill(selector, text);
      await page.click(`${form} button`);
      await resultSays(says);
      assert.equal(await page.evaluate(`document.querySelector("#result").classList.contains("failed")`), true);
    });

  it("makes a test key, keeps it, and takes another one from its phrase", async () => {
    await picture("6-mistake");
    await page.click("#create");
    await page.until(`document.querySelector("#key-label").innerText.startsWith("own test key")`);
    const made = await page.text("#address");
    assert.match(made, /^hanzo1[a-z0-9]{38}$/);
    assert.ok(!addresses.includes(made));
    await page.open(`${chain.rest}/wallet/?again`);
    await page.until(`document.querySelector("#address").innerText === ${JSON.stringify(made)}`);
    await page.fill("#send-to", addresses[0] ?? "");
    await page.click("#send-form button");
    await resultSays("has never received anything");
    await page.fill("#phrase", "not a phrase");
    await page.click("#import-form button");
    await resultSays("not a recovery phrase");
    await page.fill("#phrase", "test test test test test test test test test test test junk");
    await page.click("#import-form button");
    await page.until(`document.querySelector("#address").innerText === ${JSON.stringify(addresses[0])}`);
  });

  it("wrote no error to the console", () => assert.deepEqual(page.complaints, []));

  it("says so when the node is gone", async () => {
    await running?.node.stop();
    running = undefined;
    await page.until(`document.querySelector("#chain").classList.contains("down")`);
    await page.click("#mint-form button");
    await page.fill("#mint-amount", "1");
    await page.until(`!document.querySelector("#mint-form button").disabled`);
    await page.click("#mint-form button");
    await resultSays("node does not answer");
  });
});

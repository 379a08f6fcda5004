// A wallet for tests in one page: it shows what app/client does, on a local chain.
import { AI, parseAmount, unitOf } from "./amounts.ts";
import { byId, fieldText, onSubmit, setOptions } from "./page.ts";
import { askPools, type Endpoints, findEndpoints, openSession, type PoolPrice, type Session } from "./session.ts";
import { showAccount, showBalances, showChain, showFailure, showMarket, showQuote, showSuccess, showWaiting } from "./show.ts";
import { createKey, developmentKey, findKeptKey, importKey, keptPhrase, type PageKey } from "./testKeys.ts";
import { buyCompute, mintCredit, type Result, sendAi } from "./transactions.ts";

const REFRESH_MS = 2_000;
const DEVELOPMENT_ACCOUNTS = 10;
/** Account 0 makes the purchase of `make run`; the page begins with another. */
const FIRST_ACCOUNT = 1;

let endpoints: Endpoints;
let session: Session | undefined;
let pools: readonly PoolPrice[] = [];

/** Connects with a key, in place of the one before. */
async function use(key: PageKey): Promise<void> {
  session?.client.disconnect();
  session = undefined;
  showChain(`connecting to ${endpoints.rpc}…`, "waiting");
  session = await openSession(key, endpoints);
  showAccount(session);
  await refresh();
}

/** Reads height, balances and prices. A node that does not answer is told, and asked again. */
async function refresh(): Promise<void> {
  if (session === undefined) return;
  const { client, key, chainId } = session;
  try {
    const [height, balances, prices] = await Promise.all([
      client.signing.getHeight(),
      client.query.bank.allBalances(key.address),
      askPools(endpoints),
    ]);
    pools = prices;
    showChain(`${chainId} · block ${height}`, "live");
    showBalances(new Map(balances.map(({ denom, amount }) => [denom, BigInt(amount)])));
    showMarket(pools);
  } catch {
    showChain(`no answer from ${endpoints.rpc} or ${endpoints.rest}`, "down");
  }
}

/** Runs one of the three actions and shows how it ended. */
async function act(doing: string, action: (actor: { client: Session["client"]; address: string }) => Promise<Result>): Promise<void> {
  try {
    if (session === undefined) throw new Error("There is no connection to a node yet.");
    showWaiting(`${doing}…`);
    showSuccess(await action({ client: session.client, address: session.key.address }));
  } catch (thrown) {
    showFailure(thrown);
  }
  await refresh();
  await quote();
}

/** Says what the purchase in the form would bring; a wrong amount is told when the form is sent. */
async function quote(): Promise<void> {
  const poolId = byId("buy-pool", HTMLSelectElement).value;
  const pool = pools.find(({ id }) => id === poolId);
  const line = byId("quote", HTMLElement);
  if (session === undefined || pool === undefined) return;
  try {
    const credit = parseAmount(fieldText("buy-amount"), unitOf("credit"));
    const { trade } = await session.client.query.hmm.quoteBuy(poolId, credit.toString());
    if (trade !== undefined) showQuote(BigInt(trade.resource), pool.denom, trade.impactBps);
  } catch {
    line.textContent = "No quote for this amount.";
  }
}

/** A change of key or node that may fail. */
async function change(work: () => Promise<void>): Promise<void> {
  try {
    await work();
    byId("keys", HTMLDetailsElement).open = false;
    byId("result", HTMLElement).hidden = true;
  } catch (thrown) {
    if (session === undefined) showChain(`no answer from ${endpoints.rpc}`, "down");
    showFailure(thrown);
  }
}

function wireKeys(): void {
  setOptions(
    "development",
    Array.from({ length: DEVELOPMENT_ACCOUNTS }, (_, index) => [String(index), `dev${index}`]),
  );
  byId("development", HTMLSelectElement).value = String(FIRST_ACCOUNT);
  onSubmit("development-form", () => change(async () => use(await developmentKey(Number(byId("development", HTMLSelectElement).value)))));
  onSubmit("import-form", () => change(async () => use(await importKey(fieldText("phrase")))));
  onSubmit("node-form", () =>
    change(async () => {
      endpoints = { rpc: fieldText("rpc").replace(/\/+$/, ""), rest: fieldText("rest").replace(/\/+$/, "") };
      await use(session?.key ?? (await developmentKey(FIRST_ACCOUNT)));
    }),
  );
  byId("create", HTMLButtonElement).addEventListener("click", () => void change(async () => use(await createKey())));
  byId("reveal", HTMLButtonElement).addEventListener("click", () => {
    const line = byId("revealed", HTMLElement);
    line.textContent = keptPhrase() ?? "This browser keeps no test key yet.";
    line.hidden = !line.hidden;
  });
  byId("copy", HTMLButtonElement).addEventListener("click", () => {
    const address = session?.key.address;
    if (address !== undefined) void navigator.clipboard.writeText(address).catch(showFailure);
  });
}

function wireActions(): void {
  onSubmit("send-form", () =>
    act("Sending", async (actor) => sendAi(actor, fieldText("send-to").trim(), parseAmount(fieldText("send-amount"), AI))),
  );
  onSubmit("mint-form", () => act("Minting", async (actor) => mintCredit(actor, parseAmount(fieldText("mint-amount"), AI))));
  onSubmit("buy-form", () =>
    act("Buying", async (actor) => {
      const pool = pools.find(({ id }) => id === byId("buy-pool", HTMLSelectElement).value);
      if (pool === undefined) throw new Error("Choose a pool.");
      return buyCompute(actor, pool.id, pool.denom, parseAmount(fieldText("buy-amount"), unitOf("credit")));
    }),
  );
  byId("buy-amount", HTMLInputElement).addEventListener("input", () => void quote());
  byId("buy-pool", HTMLSelectElement).addEventListener("change", () => void quote());
}

async function start(): Promise<void> {
  endpoints = await findEndpoints();
  byId("rpc", HTMLInputElement).value = endpoints.rpc;
  byId("rest", HTMLInputElement).value = endpoints.rest;
  wireKeys();
  wireActions();
  await change(async () => use((await findKeptKey()) ?? (await developmentKey(FIRST_ACCOUNT))));
  await quote();
  setInterval(() => void refresh(), REFRESH_MS);
}

await start();

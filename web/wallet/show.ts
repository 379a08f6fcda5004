import { formatAmount, formatPrice, unitOf } from "./amounts.ts";
import { explain } from "./explain.ts";
import { byId, make, setOptions } from "./page.ts";
import type { PoolPrice, Session } from "./session.ts";
import type { Result } from "./transactions.ts";

/** Says how the connection is. */
export function showChain(text: string, state: "live" | "down" | "waiting"): void {
  const chain = byId("chain", HTMLElement);
  chain.textContent = text;
  chain.className = `chain ${state}`;
}

/** Says whose wallet this is. */
export function showAccount({ key }: Session): void {
  byId("address", HTMLElement).textContent = key.address;
  byId("key-label", HTMLElement).textContent = `${key.label} · test only`;
}

/** Shows balances, AI and credit always. @param balances base units by denomination */
export function showBalances(balances: ReadonlyMap<string, bigint>): void {
  const denoms = ["aai", "credit", ...[...balances.keys()].filter((denom) => denom !== "aai" && denom !== "credit").sort()];
  const rows = denoms.map((denom) => {
    const unit = unitOf(denom);
    const row = make("tr", [make("td", unit.name), make("td", formatAmount(balances.get(denom) ?? 0n, unit), "number")]);
    row.dataset["denom"] = denom;
    return row;
  });
  byId("balances", HTMLTableElement).tBodies[0]?.replaceChildren(...rows);
}

/** Shows what each pool asks for one unit, and offers the pools for buying. */
export function showMarket(pools: readonly PoolPrice[]): void {
  const rows = pools.map(({ id, denom, priceE18 }) => {
    const unit = unitOf(denom);
    const row = make("tr", [
      make("td", id),
      make("td", unit.name.replace("hours", "hour").replace(/ \(.*/, ""), "quiet"),
      make("td", formatPrice(priceE18, unit), "number"),
    ]);
    row.dataset["pool"] = id;
    return row;
  });
  byId("market", HTMLTableElement).tBodies[0]?.replaceChildren(...rows);
  setOptions(
    "buy-pool",
    pools.map(({ id, denom }) => [id, `${id}: ${unitOf(denom).name}`]),
  );
}

/** Says what a purchase would bring. @param resource base units */
export function showQuote(resource: bigint, denom: string, impactBps: bigint): void {
  const unit = unitOf(denom);
  const impact = `${impactBps / 100n}.${String(impactBps % 100n).padStart(2, "0")} %`;
  byId("quote", HTMLElement).textContent =
    `Brings ${formatAmount(resource, unit)} ${unit.name}, fees included; moves the price by ${impact}.`;
}

/** Says that something is under way. */
export function showWaiting(text: string): void {
  showResult(text, [], false);
}

/** Shows a transaction in a block. */
export function showSuccess({ outcome, facts, events }: Result): void {
  showResult(outcome, facts, false);
  const box = byId("events-box", HTMLDetailsElement);
  box.hidden = events.length === 0;
  byId("events-title", HTMLElement).textContent = `${events.length} events`;
  byId("events", HTMLElement).replaceChildren(
    ...events.map(({ type, attributes }) =>
      make("div", [make("b", type), ...attributes.map(({ key, value }) => make("div", `${key} = ${value}`))], "event"),
    ),
  );
}

/** Shows what went wrong, as people can read it, with the node's words below. */
export function showFailure(thrown: unknown): void {
  const { sentence, detail } = explain(thrown);
  showResult(sentence, detail === "" ? [] : [["What the node said", detail]], true);
}

function showResult(outcome: string, facts: Result["facts"], isFailed: boolean): void {
  const result = byId("result", HTMLElement);
  result.hidden = false;
  result.classList.toggle("failed", isFailed);
  byId("outcome", HTMLElement).textContent = outcome;
  byId("events-box", HTMLDetailsElement).hidden = true;
  byId("facts", HTMLElement).replaceChildren(
    ...facts.flatMap(([name, value]) => [make("dt", name), make("dd", value, /^[0-9A-F]{64}$/.test(value) ? "mono" : "")]),
  );
  result.scrollIntoView({ behavior: "smooth", block: "nearest" });
}

import { hanzoServices } from "../../../app/hanzoServices.ts";

const SERVICES: ReadonlySet<string> = new Set(hanzoServices);

/**
 * The label of a query path: the module of a service (`bank` of `/cosmos.bank.v1beta1.Query/Balance`), `store`, `app`, `p2p`, or `unknown`. Few
 * and fixed, whatever callers ask: every label value costs memory for good.
 */
export function queryClass(path: string): string {
  const first = path.split("/", 2)[1] ?? "";
  if (first === "store" || first === "app" || first === "p2p") return first;
  if (!SERVICES.has(first)) return "unknown";
  return first.split(".").slice(1, -2).join(".");
}

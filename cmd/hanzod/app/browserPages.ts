import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page, Pages } from "../../../app/api/pages.ts";

/** Where the build puts what browsers load. */
const FOLDER = fileURLToPath(new URL("../../../browser/", import.meta.url));

const HTML = "text/html; charset=utf-8";
const CSS = "text/css; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";

type Files = readonly (readonly [path: string, file: string, contentType: string])[];
const WALLET: Files = [
  ["/wallet/", "wallet/index.html", HTML],
  ["/wallet/wallet.css", "wallet/wallet.css", CSS],
  ["/wallet/wallet.js", "wallet/wallet.js", SCRIPT],
];
const API: Files = [
  ["/swagger/", "api/index.html", HTML],
  ["/swagger/api.css", "api/api.css", CSS],
  ["/swagger/api.js", "api/api.js", SCRIPT],
  ["/swagger/swagger-ui.css", "api/swagger-ui.css", CSS],
  ["/swagger/swagger-ui-bundle.js", "api/swagger-ui-bundle.js", SCRIPT],
];
const HOME: Files = [
  ["/", "home/index.html", HTML],
  ["/home/home.css", "home/home.css", CSS],
  ["/home/home.js", "home/home.js", SCRIPT],
];

/** What a node serves besides the API itself. */
export interface Served {
  /** `http://host:port` of CometBFT's RPC, which the wallet for tests connects to; without it there is no wallet. */
  readonly walletRpc?: string | undefined;
  /** Whether there is a page of the API. */
  readonly apiPage: boolean;
  /** Paths of probes on the same port: `/readyz`, `/metrics`. */
  readonly probes: Iterable<string>;
}

/** The pages of a node for browsers: its own at `/`, the API's at `/swagger/`, the test wallet's; none that the build does not have. */
export function browserPages({ walletRpc, apiPage, probes }: Served): Pages {
  const wallet = walletRpc === undefined ? new Map() : walletPages(walletRpc);
  const api = apiPage ? readPages(API) : new Map();
  const home = readPages(HOME);
  const links = json(linksTo(new Set([...wallet.keys(), ...api.keys(), ...probes])));
  return new Map([...wallet, ...api, ...home, ["/home/links.json", links]]);
}

function walletPages(rpc: string): Pages {
  const pages = readPages(WALLET);
  if (pages.size === 0) return pages;
  const open = [...pages].map(([path, page]) => [path, { ...page, callsAnyNode: true }] as const);
  return new Map([...open, ["/wallet/endpoints.json", json({ rpc })]]);
}

const LINKS = [
  { title: "API", href: "/swagger/", note: "every method, to read and to try out" },
  { title: "OpenAPI document", href: "/openapi.json", note: "the same for programs" },
  { title: "Test wallet", href: "/wallet/", note: "for this local chain only" },
  { title: "Health", href: "/healthz?verbose", note: "whether this node can serve users" },
  { title: "Metrics", href: "/metrics", note: "for Prometheus" },
] as const;

/** Links of the page at `/` to what is there. The document of the API always is. */
function linksTo(served: ReadonlySet<string>): (typeof LINKS)[number][] {
  return LINKS.filter(({ href }) => href === "/openapi.json" || served.has(href.split("?", 1)[0] ?? ""));
}

function json(value: unknown): Page {
  return { contentType: "application/json", body: new TextEncoder().encode(JSON.stringify(value)) };
}

/** Files of the build by path; none when it has not all of them. */
function readPages(files: Files): Map<string, Page> {
  try {
    return new Map(files.map(([path, file, contentType]) => [path, { contentType, body: readFileSync(FOLDER + file) }]));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return new Map();
    throw cause;
  }
}

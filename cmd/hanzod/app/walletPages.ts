import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page, Pages } from "../../../app/api/pages.ts";

const FOLDER = fileURLToPath(new URL("../../../browser/wallet/", import.meta.url));
const FILES: readonly (readonly [path: string, file: string, contentType: string])[] = [
  ["/wallet/", "index.html", "text/html; charset=utf-8"],
  ["/wallet/wallet.css", "wallet.css", "text/css; charset=utf-8"],
  ["/wallet/wallet.js", "wallet.js", "text/javascript; charset=utf-8"],
];

/**
 * The test wallet for browsers, which nodes of local chains serve; no pages when the build has none.
 * @param rpc what the page connects to: `http://host:port` of CometBFT
 */
export function readWalletPages(rpc: string): Pages {
  const pages = new Map<string, Page>();
  try {
    for (const [path, file, contentType] of FILES) pages.set(path, { contentType, body: readFileSync(FOLDER + file) });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return new Map();
    throw cause;
  }
  return pages.set("/wallet/endpoints.json", { contentType: "application/json", body: new TextEncoder().encode(JSON.stringify({ rpc })) });
}

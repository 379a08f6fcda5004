import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { PLACE } from "./explorerBuild.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
};

/**
 * Serves the explorer's files with the addresses of a chain in them; whatever is no file is the page that routes itself.
 * @returns its address, and how to end it
 */
export async function servePages(
  folder: string,
  chain: { readonly rest: string; readonly rpc: string },
): Promise<{ readonly url: string; close(): void }> {
  const fill = (bytes: Buffer): Buffer =>
    Buffer.from(bytes.toString("utf8").replaceAll(PLACE.rest, chain.rest).replaceAll(PLACE.rpc, chain.rpc), "utf8");
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const name = normalize(pathname);
    const send = (bytes: Buffer, type: string): void => void response.writeHead(200, { "content-type": type }).end(bytes);
    const type = TYPES[extname(name)];
    if (type === undefined) {
      readFile(join(folder, "index.html")).then((page) => send(fill(page), "text/html; charset=utf-8"), response.destroy.bind(response));
      return;
    }
    readFile(join(folder, name)).then(
      (bytes) => send(/\.(?:js|html)$/.test(name) ? fill(bytes) : bytes, type),
      () => void response.writeHead(404).end(),
    );
  });
  server.listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createDrain } from "./drain.ts";
import { DEFAULT_HTTP_LIMITS, guardHttp, type HttpLimits, httpServerOptions } from "./httpLimits.ts";
import type { HttpPages } from "./httpPage.ts";

/** Those who look at pages are few. */
const LIMITS = { ...DEFAULT_HTTP_LIMITS, maxConnections: 100 };

/**
 * Serves pages and nothing else on an address of their own, so that metrics can stay private where REST is public.
 * @throws Error when the address cannot be listened on
 */
export async function startPageServer(
  pages: HttpPages,
  listener: { readonly host: string; readonly port: number },
  limits: HttpLimits = LIMITS,
): Promise<{ stop(): Promise<void> }> {
  const server = createServer(httpServerOptions(limits), (request, response) => void answer(pages, request, response));
  guardHttp(server, limits);
  const drain = createDrain(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(listener, resolve);
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        drain();
      }),
  };
}

async function answer(pages: HttpPages, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.socket.destroyed) return;
  const [path = "", search] = (request.url ?? "").split("?", 2);
  const page = pages.get(path);
  if (page === undefined || request.method !== "GET") {
    const [status, text] = page === undefined ? [404, `not found; there are ${[...pages.keys()].join(", ")}\n`] : [405, "GET expected\n"];
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);
    return;
  }
  try {
    const { status, contentType, body } = await page(new URLSearchParams(search));
    response.writeHead(status, { "content-type": contentType }).end(body);
  } catch {
    response.writeHead(500, { "content-type": "text/plain; charset=utf-8" }).end("internal\n");
  }
}

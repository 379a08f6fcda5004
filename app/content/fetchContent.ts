import { ContentError } from "./contentError.ts";
import { contentIdOf, parseContentId } from "./contentId.ts";
import { MAX_BLOCK_BYTES } from "./contentStore.ts";

/** Path under which a node serves blocks; the identifier follows. */
export const CONTENT_PATH = "/hanzo/experience/content/";

/** How a block is fetched. */
export interface FetchOptions {
  /** Largest block in bytes. Default: {@link MAX_BLOCK_BYTES}. */
  readonly maxBytes?: number;
  /** Milliseconds for all of it. Default: 30 s. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;

/**
 * Fetches a block over HTTP and hashes it: whoever serves it need not be trusted.
 * @param from REST address of a node (`http://host:1317`), or with a path a gateway of IPFS (`https://host/ipfs`)
 * @throws ContentError badCid, unreachable, tooLarge, mismatch
 */
export async function fetchContent(from: string, cid: string, options: FetchOptions = {}): Promise<Uint8Array> {
  parseContentId(cid);
  const { maxBytes = MAX_BLOCK_BYTES, timeoutMs = TIMEOUT_MS } = options;
  const url = contentUrl(from, cid);
  const bytes = await download(url, maxBytes, timeoutMs);
  const got = contentIdOf(bytes);
  if (got !== cid) throw new ContentError("mismatch", `${cid} expected from ${url.origin}, got bytes of ${got}`);
  return bytes;
}

/** Where a block is. @throws ContentError unreachable when `from` is no HTTP address */
function contentUrl(from: string, cid: string): URL {
  const url = URL.canParse(from) ? new URL(from) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new ContentError("unreachable", `http://host:port of a node's REST API expected, got ${JSON.stringify(from)}`);
  if (url.pathname === "/") return new URL(`${CONTENT_PATH}${cid}`, url);
  const gateway = new URL(`${url.pathname.replace(/\/$/, "")}/${cid}`, url);
  gateway.searchParams.set("format", "raw");
  return gateway;
}

async function download(url: URL, maxBytes: number, timeoutMs: number): Promise<Uint8Array> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), headers: { accept: "application/vnd.ipld.raw" } });
    if (!answer.ok) throw new ContentError("unreachable", `${url.href} answers ${answer.status}`);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of answer.body ?? []) {
      length += part.length;
      if (length > maxBytes) throw new ContentError("tooLarge", `at most ${maxBytes} bytes expected from ${url.href}`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (cause) {
    if (cause instanceof ContentError) throw cause;
    const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw new ContentError("unreachable", `${url.href}: ${inner instanceof Error ? inner.message : String(inner)}`, { cause });
  }
}

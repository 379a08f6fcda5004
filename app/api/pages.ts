/** A file that is served as it is. */
export interface Page {
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Whether a page may talk to nodes besides the one that serves it. */
  readonly callsAnyNode?: boolean;
}

/** Files by their path, which begins with a slash; a folder's own page stands under the path that ends with one. */
export type Pages = ReadonlyMap<string, Page>;

/** Headers of a page: it may load what is served beside it and talk to its node, or any, and nothing else; no other page may frame it. */
export function pageHeaders({ contentType, callsAnyNode = false }: Page): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${callsAnyNode ? "*" : "'self'"}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return {
    "content-type": contentType,
    "content-security-policy": policy.join("; "),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
  };
}

/** The page at a URL, or where it stands: a folder without its slash. Undefined when the URL is for the API. */
export function findPage(pages: Pages, method: string, url: string): Page | { readonly location: string } | undefined {
  if (method !== "GET" && method !== "HEAD") return undefined;
  const mark = url.search(/[?#]/);
  const path = mark < 0 ? url : url.slice(0, mark);
  return pages.get(path) ?? (pages.has(`${path}/`) ? { location: `${path}/${mark < 0 ? "" : url.slice(mark)}` } : undefined);
}

/** A file that is served as it is. */
export interface Page {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Files by their path, which begins with a slash; a folder's own page stands under the path that ends with one. */
export type Pages = ReadonlyMap<string, Page>;

/** What the pages may do: load what is served beside them and talk to any node, nothing else. */
export const PAGE_HEADERS = {
  "content-security-policy":
    "default-src 'self'; connect-src *; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
} as const;

/** The page at a URL, or where it stands: a folder without its slash. Undefined when the URL is for the API. */
export function findPage(pages: Pages, method: string, url: string): Page | { readonly location: string } | undefined {
  if (method !== "GET" && method !== "HEAD") return undefined;
  const mark = url.search(/[?#]/);
  const path = mark < 0 ? url : url.slice(0, mark);
  return pages.get(path) ?? (pages.has(`${path}/`) ? { location: `${path}/${mark < 0 ? "" : url.slice(mark)}` } : undefined);
}

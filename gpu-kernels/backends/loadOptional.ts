/**
 * A library that the default installation does without.
 * @param folder whose node_modules have it; this program's own when left out
 * @throws Error that says which library is missing where
 */
export async function loadOptional<T>(library: string, folder?: string): Promise<T> {
  // Browsers have neither module; they never come here.
  const { createRequire } = await import("node:module");
  const { pathToFileURL } = await import("node:url");
  const from = folder === undefined ? import.meta.url : pathToFileURL(`${folder}/package.json`).href;
  const resolver = createRequire(from);
  let path: string;
  try {
    path = resolver.resolve(library);
  } catch {
    throw new Error(`the library ${library} is not installed${folder === undefined ? "" : ` under ${folder}`}`);
  }
  const loaded = (await import(pathToFileURL(path).href)) as T & { readonly default?: T };
  // A CommonJS library stands behind `default`.
  return loaded.default ?? loaded;
}

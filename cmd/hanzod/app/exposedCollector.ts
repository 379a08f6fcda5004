import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * V8's collector, which it hands only to contexts that are made while its flag is set.
 * @returns collects all garbage when called without a word, the young generation alone with `minor`
 */
export function exposedCollector(): (options?: { readonly type: "minor" }) => void {
  setFlagsFromString("--expose-gc");
  const collect: (options?: { readonly type: "minor" }) => void = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  return collect;
}

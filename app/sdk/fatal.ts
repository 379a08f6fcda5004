import { StoreError } from "../store/storeError.ts";

/**
 * Whether an error must stop the node: a failing store and an exhausted stack say nothing about the work that met them, and another node may not
 * see them. DETERMINISM: a node that cannot compute a result must not report one.
 */
export function isFatal(error: unknown): boolean {
  return error instanceof StoreError || (error instanceof RangeError && error.message.includes("call stack"));
}

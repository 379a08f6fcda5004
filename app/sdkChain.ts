// A chain of the Cosmos SDK's own modules on this program's state machine: what is recorded of such chains is replayed on it, and their genesis imported.
import { type Module, msgServicesOf } from "#sdk";
import { hanzoModules, sdkOnlyModules } from "./hanzo.ts";

/** Whether a service is one of the Cosmos SDK's. */
export function isSdkService(fullName: string): boolean {
  return fullName.startsWith("cosmos.");
}

/** The Cosmos SDK's modules that are here, each behind those that it needs; subscribers to hooks are called in this order. */
export const sdkChainModules: readonly Module[] = [
  ...hanzoModules.filter(({ spec }) => spec.queries === undefined || isSdkService(spec.queries[0].fullName)),
  ...sdkOnlyModules,
];

/** Services whose requests are the messages of such a chain. */
export const sdkChainMsgServices: readonly string[] = msgServicesOf(sdkChainModules);

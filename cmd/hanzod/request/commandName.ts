/** A name of the protocol as a word of the command line: `QuoteBuyExactOut` → `quote-buy-exact-out`, `pool_id` → `pool-id`. */
export function commandName(protoName: string): string {
  return protoName
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .replace(/_/g, "-")
    .toLowerCase();
}

/** The module that a service belongs to: the last part of its package that is not a version. `cosmos.base.tendermint.v1beta1.Service` → `tendermint`. */
export function moduleName(serviceName: string): string {
  const parts = serviceName.split(".").slice(0, -1);
  return parts.findLast((part) => !/^v\d+([a-z]+\d+)?$/.test(part)) ?? serviceName;
}

/** A shorter name beside the full one: `all-balances` → `balances`, `get-tx` → `tx`; undefined where there is none. */
export function findShortName(name: string): string | undefined {
  return /^(?:all|get)-(.+)$/.exec(name)?.[1];
}

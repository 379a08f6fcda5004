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

/** Commands of the Cosmos SDK that are not named after their method. */
const SDK_NAMES: Readonly<Record<string, string>> = {
  undelegate: "unbond",
  "begin-redelegate": "redelegate",
  "cancel-unbonding-delegation": "cancel-unbond",
  "validator-delegations": "delegations-to",
  "validator-unbonding-delegations": "unbonding-delegations-from",
  "delegator-delegations": "delegations",
  "delegator-unbonding-delegations": "unbonding-delegations",
  redelegations: "redelegation",
  "set-withdraw-address": "set-withdraw-addr",
  "withdraw-delegator-reward": "withdraw-rewards",
  "validator-commission": "commission",
  "validator-slashes": "slashes",
  "delegation-rewards": "rewards-by-validator",
  "delegation-total-rewards": "rewards",
  "all-evidence": "list",
  "granter-grants": "grants-by-granter",
  "grantee-grants": "grants-by-grantee",
  allowance: "grant",
  allowances: "grants-by-grantee",
  "allowances-by-granter": "grants-by-granter",
  "grant-allowance": "grant",
  "revoke-allowance": "revoke",
  "prune-allowances": "prune",
  "vote-weighted": "weighted-vote",
  "tally-result": "tally",
};

/** The Cosmos SDK's name, or a shorter one, beside the full one: `all-balances` → `balances`, `get-tx` → `tx`; undefined where there is none. */
export function findShortName(name: string): string | undefined {
  return SDK_NAMES[name] ?? /^(?:all|get)-(.+)$/.exec(name)?.[1];
}

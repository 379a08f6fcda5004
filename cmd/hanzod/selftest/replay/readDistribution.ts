// The numbers of distribution and mint, module balances and supply as a recording lists them, read through the queries that everybody uses.
import { encodeBech32 } from "../../../../app/encoding/bech32.ts";
import type { JsonValue } from "../../../../app/encoding/protoJson.ts";
import type { App } from "../../../../app/runtime/app.ts";
import { moduleAddress } from "../../../../app/sdk/index.ts";
import { type Answer, askQuery } from "./askQuery.ts";
import type { Numbers } from "./numberRows.ts";
import { ALL, listOf } from "./readStaking.ts";

const DISTRIBUTION = "cosmos.distribution.v1beta1.Query";
const MINT = "cosmos.mint.v1beta1.Query";
const BANK = "cosmos.bank.v1beta1.Query";
const STAKING = "cosmos.staking.v1beta1.Query";

/** Which accounts a recording follows. */
export interface FollowedAccounts {
  readonly prefix: string;
  /** Addresses by name. */
  readonly delegators: Readonly<Record<string, string>>;
  /** Names of modules whose balances are listed. */
  readonly modules: readonly string[];
}

/** How each group of numbers of a row is read. */
export function distributionReaders(app: App, accounts: FollowedAccounts): Readonly<Record<string, () => Promise<unknown>>> {
  const field = async (service: string, method: string, name: string): Promise<JsonValue | undefined> =>
    (await askQuery(app, service, method))[name];
  return {
    community_pool: async () => coinsText(await field(DISTRIBUTION, "CommunityPool", "pool")),
    validators: () => readValidators(app),
    pending_rewards: () => readPendingRewards(app, accounts.delegators),
    module_balances: () => readModuleBalances(app, accounts),
    inflation: () => field(MINT, "Inflation", "inflation"),
    annual_provisions: () => field(MINT, "AnnualProvisions", "annual_provisions"),
    supply: async () => coinsText((await askQuery(app, BANK, "TotalSupply", ALL))["supply"]),
  };
}

/** `1photon,2stake`: coins as their text lists them. */
function coinsText(coins: JsonValue | undefined): string {
  return ((coins ?? []) as unknown as readonly Answer[]).map(({ amount, denom }) => `${amount}${denom}`).join(",");
}

async function readValidators(app: App): Promise<Numbers> {
  const rows: Record<string, unknown> = {};
  for (const { operator_address } of listOf(await askQuery(app, STAKING, "Validators", ALL), "validators")) {
    const validator_address = String(operator_address);
    const ask = (method: string, request: object = {}): Promise<Answer> =>
      askQuery(app, DISTRIBUTION, method, { validator_address, ...request });
    const slashes = await ask("ValidatorSlashes", { starting_height: "0", ending_height: String(2n ** 63n - 1n), ...ALL });
    rows[validator_address] = {
      outstanding: coinsText(((await ask("ValidatorOutstandingRewards"))["rewards"] as Answer)["rewards"]),
      commission: coinsText(((await ask("ValidatorCommission"))["commission"] as Answer)["commission"]),
      slashes: listOf(slashes, "slashes").map(({ validator_period, fraction }) => `${validator_period}:${fraction}`),
    };
  }
  return rows;
}

async function readPendingRewards(app: App, delegators: Readonly<Record<string, string>>): Promise<Numbers> {
  const rows: Record<string, unknown> = {};
  for (const [name, delegator_address] of Object.entries(delegators)) {
    const rewards = listOf(await askQuery(app, DISTRIBUTION, "DelegationTotalRewards", { delegator_address }), "rewards");
    if (rewards.length > 0)
      rows[name] = Object.fromEntries(rewards.map(({ validator_address, reward }) => [validator_address, coinsText(reward)]));
  }
  return rows;
}

async function readModuleBalances(app: App, { prefix, modules }: FollowedAccounts): Promise<Numbers> {
  const rows: Record<string, unknown> = {};
  for (const name of modules) {
    const address = encodeBech32(prefix, moduleAddress(name));
    rows[name] = coinsText((await askQuery(app, BANK, "AllBalances", { address, ...ALL }))["balances"]);
  }
  return rows;
}

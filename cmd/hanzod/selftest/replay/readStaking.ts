// The numbers of staking and slashing as a recording lists them, read through the queries that everybody uses.
import { parseTimestamp } from "../../../../app/encoding/timeText.ts";
import type { App } from "../../../../app/runtime/app.ts";
import { AbsentModule, type Answer, askQuery } from "./askQuery.ts";
import type { Numbers } from "./numberRows.ts";

const STAKING = "cosmos.staking.v1beta1.Query";
const SLASHING = "cosmos.slashing.v1beta1.Query";
/** Everything on one page. */
export const ALL = { pagination: { limit: "100000" } };

const STATUS: Readonly<Record<string, number>> = { BOND_STATUS_UNBONDED: 1, BOND_STATUS_UNBONDING: 2, BOND_STATUS_BONDED: 3 };

/** How each group of numbers of a row is read. @param delegators addresses by name */
export function stakingReaders(app: App, delegators: Readonly<Record<string, string>>): Readonly<Record<string, () => Promise<unknown>>> {
  const pool = async (field: string): Promise<unknown> => ((await askQuery(app, STAKING, "Pool"))["pool"] as Answer)[field];
  return {
    bonded: () => pool("bonded_tokens"),
    not_bonded: () => pool("not_bonded_tokens"),
    validators: () => readValidators(app),
    delegators: () => readDelegators(app, delegators),
    signing_infos: () => readSigningInfos(app),
  };
}

/** A list in an answer; an absent one is empty. */
export const listOf = (answer: Answer, field: string): readonly Answer[] => (answer[field] ?? []) as unknown as readonly Answer[];

async function readValidators(app: App): Promise<Numbers> {
  const found = listOf(await askQuery(app, STAKING, "Validators", ALL), "validators");
  return Object.fromEntries(
    found.map((one) => [
      one["operator_address"],
      {
        tokens: one["tokens"],
        shares: one["delegator_shares"],
        status: STATUS[String(one["status"])],
        jailed: one["jailed"],
        unbonding_height: one["unbonding_height"],
        commission: ((one["commission"] as Answer)["commission_rates"] as Answer)["rate"],
        min_self_delegation: one["min_self_delegation"],
      },
    ]),
  );
}

async function readDelegators(app: App, delegators: Readonly<Record<string, string>>): Promise<Numbers> {
  const rows: Record<string, unknown> = {};
  for (const [name, address] of Object.entries(delegators)) {
    const row = {
      ...nonEmpty("delegations", await readDelegations(app, address)),
      ...nonEmpty("unbonding", await readUnbonding(app, address)),
      ...nonEmpty("redelegations", await readRedelegations(app, address)),
    };
    if (Object.keys(row).length > 0) rows[name] = row;
  }
  return rows;
}

function nonEmpty(name: string, list: readonly unknown[]): object {
  return list.length === 0 ? {} : { [name]: list };
}

async function readDelegations(app: App, delegator_addr: string): Promise<readonly unknown[]> {
  const answer = await askQuery(app, STAKING, "DelegatorDelegations", { delegator_addr, ...ALL });
  return listOf(answer, "delegation_responses").map((one) => {
    const delegation = one["delegation"] as Answer;
    return [delegation["validator_address"], delegation["shares"], (one["balance"] as Answer)["amount"]];
  });
}

async function readUnbonding(app: App, delegator_addr: string): Promise<readonly unknown[]> {
  const answer = await askQuery(app, STAKING, "DelegatorUnbondingDelegations", { delegator_addr, ...ALL });
  return listOf(answer, "unbonding_responses").map((one) => [
    one["validator_address"],
    listOf(one, "entries").map((entry) => [entry["creation_height"], entry["initial_balance"], entry["balance"], entry["unbonding_id"]]),
  ]);
}

async function readRedelegations(app: App, delegator_addr: string): Promise<readonly unknown[]> {
  const answer = await askQuery(app, STAKING, "Redelegations", { delegator_addr, ...ALL }).catch(nothingUnlessAbsent);
  return listOf(answer, "redelegation_responses").map((one) => {
    const redelegation = one["redelegation"] as Answer;
    return [
      redelegation["validator_src_address"],
      redelegation["validator_dst_address"],
      listOf(one, "entries").map(({ redelegation_entry, balance }) => {
        const entry = redelegation_entry as Answer;
        return [String(entry["creation_height"]), entry["initial_balance"], balance, entry["shares_dst"]];
      }),
    ];
  });
}

/** Redelegations to a validator who is gone or has no stake cannot be asked for: a recording leaves them out then. @throws AbsentModule */
function nothingUnlessAbsent(cause: unknown): Answer {
  if (cause instanceof AbsentModule) throw cause;
  return {};
}

async function readSigningInfos(app: App): Promise<Numbers> {
  const found = listOf(await askQuery(app, SLASHING, "SigningInfos", ALL), "info");
  return Object.fromEntries(
    found.map((one) => [
      one["address"],
      [one["start_height"], one["index_offset"], one["missed_blocks_counter"], one["tombstoned"], secondsOf(String(one["jailed_until"]))],
    ]),
  );
}

/** `1795418379.474126129`: seconds since 1970 of a time as JSON has it. */
function secondsOf(time: string): string {
  const { seconds, nanos } = parseTimestamp(time);
  return `${seconds}.${String(nanos).padStart(9, "0")}`;
}

// What clients ask of a chain's REST, from their sources: the status and the field by which each decides what the chain can do. Modules that
// are not here answer 501, which all of these clients read as "not offered".
import { recording } from "../../harness/recordedCases.ts";

/** One request of a client with what it must get. */
export interface ClientRequest {
  readonly path: string;
  /** JSON body; a POST where there is one. */
  readonly body?: object;
  readonly status: number;
  /** Field that must be in the answer; that of errors when left out. */
  readonly field?: string;
}

export const ALICE = "cosmos12ry9pq9u4xupgwkxcm3hrctpeftgh0gfnymfln";
const NOBODY = "cosmos1mdq40sddklfrzgujqz8r4rwtv3m3tsncvrxghs";
const VALIDATOR = "cosmosvaloper1f8drrc5nvnfckr0rmsuc2lgu0qg5sng8xqjqe4";
/** A transaction that the node has. */
const HASH = "F2CFB4DD7BC86DA6E75A3C01B14E3991E90C22C552FFED52A4DD3E45B31CA093";
export const BASE = "/cosmos/base/tendermint/v1beta1";
const AUTH = "/cosmos/auth/v1beta1";
const BANK = "/cosmos/bank/v1beta1";
const STAKING = "/cosmos/staking/v1beta1";
const DISTRIBUTION = "/cosmos/distribution/v1beta1";
const TX = "/cosmos/tx/v1beta1";

const served = (field: string, ...paths: readonly string[]): ClientRequest[] => paths.map((path) => ({ path, status: 200, field }));
const refused = (status: number, ...paths: readonly string[]): ClientRequest[] => paths.map((path) => ({ path, status }));
/** A recorded POST by its note. */
const posted = (path: string, note: string, status: number, field?: string): ClientRequest => {
  const found = recording.rest?.requests.find((request) => request.path === path && request.note === note);
  if (found === undefined) throw new Error(`no recorded request of ${path} with the note ${note}`);
  return { path, body: found.request_body as object, status, ...(field === undefined ? {} : { field }) };
};
const SIMULATE_LIKE_KEPLR = "mode amino, 64 zero bytes as signature, no gas, no fee";

/** Requests by client. */
export const CLIENT_REQUESTS: Readonly<Record<string, readonly ClientRequest[]>> = {
  Keplr: [
    ...served("default_node_info", `${BASE}/node_info`),
    ...refused(
      501,
      "/ibc/apps/transfer/v1/params",
      "/ibc/apps/transfer/v1/denoms/test",
      "/feemarket/v1/params",
      "/feemarket/v1/gas_prices",
    ),
    ...refused(400, `${BANK}/spendable_balances/test`),
    ...served("account", `${AUTH}/accounts/${ALICE}`),
    ...refused(404, `${AUTH}/accounts/${NOBODY}`),
    ...served("balances", `${BANK}/balances/${ALICE}?pagination.limit=1000`, `${BANK}/spendable_balances/${ALICE}?pagination.limit=1000`),
    ...served("balances", `${BANK}/balances/${NOBODY}`),
    ...served("validators", `${STAKING}/validators?pagination.limit=1000&status=BOND_STATUS_BONDED`),
    ...served("delegation_responses", `${STAKING}/delegations/${ALICE}?pagination.limit=1000`),
    ...served("unbonding_responses", `${STAKING}/delegators/${ALICE}/unbonding_delegations?pagination.limit=1000`),
    ...served("params", `${STAKING}/params`),
    ...served("pool", `${STAKING}/pool`),
    ...served("params", `${DISTRIBUTION}/params`),
    ...served("rewards", `${DISTRIBUTION}/delegators/${ALICE}/rewards`),
    ...served("grants", `/cosmos/authz/v1beta1/grants/granter/${ALICE}`),
    ...refused(
      501,
      "/ibc/core/channel/v1/channels/channel-0/ports/transfer",
      "/ibc/core/channel/v1/channels/channel-0/ports/transfer/client_state",
    ),
    posted(`${TX}/simulate`, SIMULATE_LIKE_KEPLR, 200, "gas_info"),
    posted(`${TX}/txs`, "wrong sequence: 200 with code 32", 200, "tx_response"),
  ],
  Leap: [
    ...served("application_version", `${BASE}/node_info`),
    ...served("account", `${AUTH}/accounts/${ALICE}`),
    ...served("pagination", `${BANK}/balances/${ALICE}`, `${BANK}/spendable_balances/${ALICE}`),
    ...served("amount", `${BANK}/supply/by_denom?denom=stake`),
    // As in the SDK, which has no such path.
    ...refused(501, `${BANK}/supply/stake`),
    ...served("tx_response", `${TX}/txs/${HASH}`),
    ...refused(404, `${TX}/txs/${"0".repeat(64)}`),
    ...served("validators", `${STAKING}/validators?status=BOND_STATUS_BONDED`),
    ...served("inflation", "/cosmos/mint/v1beta1/inflation"),
    ...served("proposals", "/cosmos/gov/v1/proposals", "/cosmos/gov/v1beta1/proposals"),
    ...served("total", `${DISTRIBUTION}/delegators/${ALICE}/rewards`),
    ...refused(501, "/ibc/core/client/v1/client_status/07-tendermint-0"),
    posted(`${TX}/simulate`, "unsigned: no public key, empty signature", 200, "gas_info"),
  ],
  "Cosmos Kit": served("default_node_info", `${BASE}/node_info`),
  "Ping.pub": [
    ...served("application_version", `${BASE}/node_info`),
    ...served("params", `${AUTH}/params`, `${BANK}/params`, "/cosmos/consensus/v1/params"),
    ...served("accounts", `${AUTH}/accounts`),
    ...served("account", `${AUTH}/accounts/${ALICE}`),
    ...served("balances", `${BANK}/balances/${ALICE}`),
    ...served("supply", `${BANK}/supply`),
    ...served("amount", `${BANK}/supply/by_denom?denom=stake`),
    ...served("metadatas", `${BANK}/denoms_metadata`),
    ...served("block", `${BASE}/blocks/latest`),
    ...served("sdk_block", `${BASE}/blocks/11`),
    ...refused(400, `${BASE}/blocks/999999`),
    ...served("validators", `${BASE}/validatorsets/latest`, `${BASE}/validatorsets/5`),
    ...served("tx_responses", `${TX}/txs?query=tx.height%3D11`),
    ...served("txs", `${TX}/txs/block/11`),
    ...served("tx_response", `${TX}/txs/${HASH}`),
    ...served("params", `${STAKING}/params`),
    ...served("pool", `${STAKING}/pool`),
    ...served("validators", `${STAKING}/validators`),
    ...served("validator", `${STAKING}/validators/${VALIDATOR}`),
    ...served("delegation_responses", `${STAKING}/validators/${VALIDATOR}/delegations`),
    ...served("param", "/cosmos/params/v1beta1/params?subspace=staking&key=BondDenom"),
    ...served("params", ...["distribution", "slashing", "mint"].map((module) => `/cosmos/${module}/v1beta1/params`)),
    ...served("pool", `${DISTRIBUTION}/community_pool`),
    ...served("commission", `${DISTRIBUTION}/validators/${VALIDATOR}/commission`),
    ...served("rewards", `${DISTRIBUTION}/validators/${VALIDATOR}/outstanding_rewards`),
    ...served("info", "/cosmos/slashing/v1beta1/signing_infos"),
    ...["voting", "tallying", "deposit"].flatMap((kind) =>
      ["v1", "v1beta1"].flatMap((version) =>
        served(`${kind === "tallying" ? "tally" : kind}_params`, `/cosmos/gov/${version}/params/${kind}`),
      ),
    ),
    ...served("proposals", "/cosmos/gov/v1/proposals"),
    ...["proposal", "votes", "deposits", "tally"].flatMap((field, at) =>
      served(field, `/cosmos/gov/v1/proposals/1${at === 0 ? "" : `/${field}`}`),
    ),
    ...served("params", "/cosmos/gov/v1/params/voting"),
    ...served("delegation_responses", `${STAKING}/delegations/${ALICE}`),
    ...served("redelegation_responses", `${STAKING}/delegators/${ALICE}/redelegations`),
    ...served("unbonding_responses", `${STAKING}/delegators/${ALICE}/unbonding_delegations`),
    ...served(
      "validators",
      `${STAKING}/delegators/${ALICE}/validators`,
      `${STAKING}/validators?pagination.limit=300&status=BOND_STATUS_BONDED`,
    ),
    ...served("delegation_response", `${STAKING}/validators/${VALIDATOR}/delegations/${ALICE}`),
    ...served("slashes", `${DISTRIBUTION}/validators/${VALIDATOR}/slashes`),
    ...served("rewards", `${DISTRIBUTION}/delegators/${ALICE}/rewards`),
    ...served(
      "proposals",
      "/cosmos/gov/v1/proposals?proposal_status=2&pagination.limit=50&pagination.count_total=true&pagination.reverse=true",
    ),
    ...served("tx_responses", `${TX}/txs?query=message.sender='${ALICE}'&order_by=ORDER_BY_DESC&pagination.limit=5&pagination.offset=0`),
    ...served("info", "/cosmos/slashing/v1beta1/signing_infos?pagination.limit=300"),
    ...["inflation", "annual_provisions"].flatMap((field) => served(field, `/cosmos/mint/v1beta1/${field}`)),
    ...refused(
      501,
      ...["channel/v1/channels", "connection/v1/connections", "client/v1/client_states"].map((path) => `/ibc/core/${path}`),
      "/cosmos/group/v1/groups",
    ),
  ],
  Hermes: served("minimum_gas_price", "/cosmos/base/node/v1beta1/config"),
};

/**
 * What the pages of Ping.pub read out of its answers, by page and request: paths of fields, `0` for the first of a list. A page shows nothing where one
 * is missing, without an error.
 */
export const EXPLORER_FIELDS: readonly (readonly [page: string, path: string, ...fields: readonly string[]])[] = [
  [
    "blocks",
    `${BASE}/blocks/11`,
    ...[
      "block_id.hash",
      "block.header.height",
      "block.header.time",
      "block.header.proposer_address",
      "block.header.chain_id",
      "block.data.txs.0",
    ],
    "block.last_commit.signatures.0.validator_address",
  ],
  ["blocks", `${TX}/txs/block/11`, "txs.0.body.messages.0.@type", "txs.0.auth_info.fee.gas_limit"],
  [
    "validators",
    `${STAKING}/validators?pagination.limit=300&status=BOND_STATUS_BONDED`,
    ...[
      "operator_address",
      "consensus_pubkey.key",
      "description.moniker",
      "description.identity",
      "tokens",
      "delegator_shares",
      "status",
    ].map((field) => `validators.0.${field}`),
    ...["rate", "max_rate", "max_change_rate"].map((field) => `validators.0.commission.commission_rates.${field}`),
  ],
  [
    "validator",
    `${STAKING}/validators/${VALIDATOR}`,
    ...["min_self_delegation", "unbonding_height", "description.website", "description.details", "commission.update_time"].map(
      (field) => `validator.${field}`,
    ),
  ],
  [
    "validator",
    `${STAKING}/validators/${VALIDATOR}/delegations?pagination.count_total=true`,
    "delegation_responses.0.balance.amount",
    "pagination.total",
  ],
  ["validator", `${DISTRIBUTION}/validators/${VALIDATOR}/commission`, "commission.commission.0.amount"],
  ["validator", `${DISTRIBUTION}/validators/${VALIDATOR}/outstanding_rewards`, "rewards.rewards.0.amount"],
  [
    "uptime",
    `${BASE}/validatorsets/latest`,
    "validators.0.address",
    "validators.0.pub_key.key",
    "validators.0.voting_power",
    "block_height",
  ],
  [
    "uptime",
    "/cosmos/slashing/v1beta1/signing_infos?pagination.limit=300",
    ...["address", "start_height", "jailed_until", "tombstoned", "missed_blocks_counter"].map((field) => `info.0.${field}`),
  ],
  ["uptime", "/cosmos/slashing/v1beta1/params", "params.signed_blocks_window", "params.min_signed_per_window"],
  [
    "proposals",
    "/cosmos/gov/v1/proposals?pagination.reverse=true",
    ...["id", "title", "summary", "status", "submit_time", "voting_end_time", "messages.0.@type", "total_deposit.0.amount", "proposer"].map(
      (field) => `proposals.0.${field}`,
    ),
  ],
  [
    "proposal",
    "/cosmos/gov/v1/proposals/1",
    ...["yes_count", "no_count", "abstain_count", "no_with_veto_count"].map((field) => `proposal.final_tally_result.${field}`),
  ],
  ["proposal", "/cosmos/gov/v1/proposals/1/tally", "tally.yes_count"],
  [
    "account",
    `${AUTH}/accounts/${ALICE}`,
    "account.@type",
    "account.address",
    "account.pub_key.key",
    "account.account_number",
    "account.sequence",
  ],
  ["account", `${BANK}/balances/${ALICE}`, "balances.0.denom", "balances.0.amount"],
  [
    "account",
    `${STAKING}/delegations/${ALICE}`,
    "delegation_responses.0.delegation.validator_address",
    "delegation_responses.0.balance.denom",
  ],
  ["account", `${DISTRIBUTION}/delegators/${ALICE}/rewards`, "rewards.0.validator_address", "rewards.0.reward.0.amount", "total.0.denom"],
  [
    "tx",
    `${TX}/txs/${HASH}`,
    ...["txhash", "height", "code", "gas_wanted", "gas_used", "timestamp", "raw_log", "events.0.type"].map(
      (field) => `tx_response.${field}`,
    ),
    ...["tx.body.messages.0.@type", "tx.body.memo", "tx.auth_info.fee.amount.0.denom"],
  ],
  ["parameters", `${STAKING}/params`, "params.unbonding_time", "params.max_validators", "params.bond_denom"],
  ["parameters", `${DISTRIBUTION}/params`, "params.community_tax"],
  ["parameters", "/cosmos/gov/v1/params/voting", "voting_params.voting_period", "params.quorum"],
  [
    "parameters",
    `${BASE}/node_info`,
    "default_node_info.network",
    "application_version.cosmos_sdk_version",
    "application_version.build_deps.0.version",
  ],
  ["supply", `${BANK}/supply?pagination.count_total=true`, "supply.0.denom", "supply.0.amount", "pagination.total"],
  ["state sync", `${BASE}/blocks/latest`, "block.header.height", "block_id.hash"],
];

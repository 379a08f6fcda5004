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
    ...["inflation", "annual_provisions"].flatMap((field) => served(field, `/cosmos/mint/v1beta1/${field}`)),
    ...refused(
      501,
      ...["channel/v1/channels", "connection/v1/connections", "client/v1/client_states"].map((path) => `/ibc/core/${path}`),
      "/cosmos/group/v1/groups",
    ),
  ],
  Hermes: served("minimum_gas_price", "/cosmos/base/node/v1beta1/config"),
};

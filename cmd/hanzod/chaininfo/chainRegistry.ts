import { hanzoVersion } from "../../../app/hanzo.ts";
import type { ChainFacts } from "./chainFacts.ts";
import { chainNames } from "./chainNames.ts";
import { gasPriceSteps } from "./gasPriceSteps.ts";

/** The registry takes no longer names of assets. */
const MAX_ASSET_NAME = 30;

/** `chain.json` of the Cosmos chain registry. */
export function registryChain({ chainId, bech32Prefix, coinType, feeDenom, minGasPrice, rpc, rest }: ChainFacts): object {
  const { chainName, prettyName, networkType } = chainNames(chainId);
  const { low, average, high } = gasPriceSteps(minGasPrice);
  const up = networkType === "mainnet" ? "../" : "../../";
  return {
    $schema: `${up}chain.schema.json`,
    chain_name: chainName,
    chain_type: "cosmos",
    chain_id: chainId,
    pretty_name: prettyName,
    status: "live",
    network_type: networkType,
    bech32_prefix: bech32Prefix,
    daemon_name: hanzoVersion.appName,
    node_home: "$HOME/.hanzod",
    key_algos: ["secp256k1"],
    slip44: coinType,
    fees: {
      fee_tokens: [
        { denom: feeDenom, fixed_min_gas_price: minGasPrice, low_gas_price: low, average_gas_price: average, high_gas_price: high },
      ],
    },
    codebase: {
      recommended_version: `v${hanzoVersion.version}`,
      compatible_versions: [`v${hanzoVersion.version}`],
      consensus: { type: "cometbft" },
    },
    apis: { rpc: [{ address: rpc }], rest: [{ address: rest }] },
  };
}

/** `assetlist.json` of the Cosmos chain registry: every denomination that the bank describes. */
export function registryAssets({ chainId, denoms }: ChainFacts): object {
  const { chainName, networkType } = chainNames(chainId);
  return {
    $schema: `${networkType === "mainnet" ? "../" : "../../"}assetlist.schema.json`,
    chain_name: chainName,
    assets: denoms.map(({ description, denomUnits: units, base, display, name, symbol }) => ({
      ...(description === "" ? {} : { description }),
      denom_units: units.map(({ denom, exponent, aliases }) => ({ denom, exponent, ...(aliases.length === 0 ? {} : { aliases }) })),
      type_asset: "sdk.coin",
      base,
      display,
      name: name.slice(0, MAX_ASSET_NAME),
      symbol,
    })),
  };
}

/** What cosmos-kit's `ChainProvider` takes as its properties. */
export function cosmosKitProps(facts: ChainFacts): object {
  const { chainName } = chainNames(facts.chainId);
  return {
    chains: [registryChain(facts)],
    assetLists: [registryAssets(facts)],
    endpointOptions: { endpoints: { [chainName]: { rpc: [facts.rpc], rest: [facts.rest] } } },
  };
}

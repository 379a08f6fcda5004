import { hanzoVersion } from "../../../app/hanzo.ts";
import type { ChainFacts } from "./chainFacts.ts";
import { chainNames } from "./chainNames.ts";
import { currencyOf } from "./keplr.ts";

/** Parts of the explorer for which a chain of this program has modules; it shows all of them unless told. */
const FEATURES = ["dashboard", "governance", "staking", "blocks", "tx", "uptime", "supply", "parameters", "consensus", "state-sync"];
/** What the explorer keeps of a chain that has no picture of its own: a file that it serves itself. */
const LOGO = "/logo.svg";

/** `chains/<network>/<name>.json` of the explorer Ping.pub: every denomination that the bank describes. */
export function pingPubChain({ chainId, bech32Prefix, coinType, minGasPrice, rpc, rest, denoms }: ChainFacts): object {
  const { chainName, prettyName, networkType } = chainNames(chainId);
  return {
    chain_name: chainName,
    registry_name: prettyName,
    network_type: networkType,
    api: [{ provider: prettyName, address: rest }],
    rpc: [{ provider: prettyName, address: rpc }],
    sdk_version: hanzoVersion.cosmosSdkVersion.replace(/^v/, ""),
    coin_type: String(coinType),
    min_tx_fee: String(minGasPrice),
    addr_prefix: bech32Prefix,
    logo: LOGO,
    features: FEATURES,
    assets: denoms.map(currencyOf).map(({ coinMinimalDenom, coinDenom, coinDecimals }) => ({
      base: coinMinimalDenom,
      symbol: coinDenom,
      exponent: String(coinDecimals),
      coingecko_id: "",
      logo: LOGO,
    })),
  };
}

import { CHAIN } from "../../../app/hanzo.ts";
import { commandChain } from "../config/commandChain.ts";

/** How registries call a chain. */
export interface ChainNames {
  /** Lower-case letters and digits: the folder in the registry. */
  readonly chainName: string;
  readonly prettyName: string;
  readonly networkType: "mainnet" | "testnet" | "devnet";
}

/**
 * Names that follow from a chain id: `hanzo-1` is a main network, `hanzo-test-1` a test network, `hanzo-local-1` a developer's. Another chain is called by
 * its id.
 */
export function chainNames(chainId: string): ChainNames {
  const networkType = /local|dev/.test(chainId) ? "devnet" : /test/.test(chainId) ? "testnet" : "mainnet";
  if (commandChain().bech32Prefix !== CHAIN.bech32Prefix)
    return { chainName: chainId.toLowerCase().replace(/[^a-z0-9]/g, ""), prettyName: chainId, networkType };
  const suffix = networkType === "mainnet" ? "" : networkType;
  const pretty = { mainnet: "Hanzo Network", testnet: "Hanzo Testnet", devnet: `Hanzo Local (${chainId})` };
  return { chainName: `hanzo${suffix}`, prettyName: pretty[networkType], networkType };
}

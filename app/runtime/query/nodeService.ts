import { ServiceDefinition } from "#proto/cosmos/base/node/v1beta1/query";
import { toTimestamp } from "../../sdk/time.ts";
import type { ChainHead } from "../chainHead.ts";
import { formatGasPrices, type GasPrice } from "../feeCoins.ts";
import { findHeaderHashes } from "../txIndex.ts";
import { bindService, type ServiceMethod } from "./service.ts";

/** What a node is set to do with its state. */
export interface NodeConfig {
  /** Versions that stay readable; 0 for all. */
  readonly keepVersions: bigint;
  /** Height at which the node stops; 0 for never. */
  readonly haltHeight: bigint;
}

/** A node that forgets nothing and never stops. */
export const ENDLESS_NODE: NodeConfig = { keepVersions: 0n, haltHeight: 0n };

/** Methods of cosmos.base.node.v1beta1.Service: what this node asks of transactions, what it keeps, and where it stands. */
export function nodeService(
  head: ChainHead,
  minGasPrices: readonly GasPrice[],
  { keepVersions, haltHeight }: NodeConfig,
): readonly ServiceMethod[] {
  const config = {
    minimumGasPrice: formatGasPrices(minGasPrices),
    pruningKeepRecent: keepVersions.toString(),
    // Versions are pruned at every block, where any are.
    pruningInterval: keepVersions === 0n ? "0" : "1",
    haltHeight,
  };
  return bindService(ServiceDefinition, {
    config: () => config,
    async status(_, { height, timeNs }) {
      // Those of the block's header, as the SDK has it: its app hash is that of the state before the block.
      const { appHash, nextValidatorsHash } = (await findHeaderHashes(head.store, height)) ?? {};
      const hashes = appHash === undefined || nextValidatorsHash === undefined ? {} : { appHash, validatorHash: nextValidatorsHash };
      return { earliestStoreHeight: 0n, height, timestamp: toTimestamp(timeNs), ...hashes };
    },
  });
}

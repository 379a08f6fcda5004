import { ServiceDefinition } from "#proto/cosmos/base/node/v1beta1/query";
import type { ChainHead } from "../chainHead.ts";
import { formatGasPrices, type GasPrice } from "../feeCoins.ts";
import { toTimestamp } from "../time.ts";
import { bindService, type ServiceMethod } from "./service.ts";

/** Methods of cosmos.base.node.v1beta1.Service: what this node asks of transactions, and where it stands. */
export function nodeService(head: ChainHead, minGasPrices: readonly GasPrice[]): readonly ServiceMethod[] {
  return bindService(ServiceDefinition, {
    config: () => ({ minimumGasPrice: formatGasPrices(minGasPrices), pruningKeepRecent: "0", pruningInterval: "0", haltHeight: 0n }),
    status: (_, { height, timeNs }) => ({ earliestStoreHeight: 0n, height, timestamp: toTimestamp(timeNs), appHash: head.store.appHash }),
  });
}

import { ConfigRequest, ConfigResponse } from "#proto/cosmos/base/node/v1beta1/query";
import { parseGasPrices, requiredFee } from "../../../app/runtime/feeCoins.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import type { NodeClient } from "../client/nodeClient.ts";
import { type CoinText, parseCoinsText } from "../request/coinsText.ts";

/** What the user says of the fee; at most one of the two. */
export interface FeeOptions {
  readonly fees?: string;
  readonly gasPrices?: string;
  /** Asks no node: without both of them there is no fee. */
  readonly offline?: boolean;
}

/**
 * The fee of a gas limit: what `--fees` says, else the price of `--gas-prices`, else the first price that the node asks for.
 * @throws CliError when both are given or one cannot be read
 */
export async function feeRule(client: NodeClient, { fees, gasPrices, offline }: FeeOptions): Promise<(gas: bigint) => readonly CoinText[]> {
  if (fees !== undefined && gasPrices !== undefined)
    throw new CliError("--fees and --gas-prices exclude each other", { next: "give one of them" });
  if (fees !== undefined) {
    const amount = parseCoinsText(fees);
    return () => amount;
  }
  if (gasPrices === undefined && offline === true) return () => [];
  const prices = readPrices(gasPrices ?? (await minimumGasPrices(client)));
  return (gas) =>
    requiredFee(prices, gas).flatMap(({ denom, amount = 0n }) => (amount === 0n ? [] : [{ denom, amount: amount.toString() }]));
}

/** A node accepts any one of its prices: the first is paid. */
function readPrices(text: string): ReturnType<typeof parseGasPrices> {
  try {
    return parseGasPrices(text).slice(0, 1);
  } catch (cause) {
    throw new CliError(`"${text}" is no gas price`, { why: reasonOf(cause), next: "--gas-prices 0.025aai", cause });
  }
}

async function minimumGasPrices(client: NodeClient): Promise<string> {
  const { value } = await client.query("/cosmos.base.node.v1beta1.Service/Config", ConfigRequest.encode({}).finish());
  return ConfigResponse.decode(value).minimumGasPrice;
}

import { GasPrice } from "@cosmjs/stargate";
import type { NodeExtension } from "./extensions.ts";

/** Fee per unit of gas where a node names none, in base units of AI: a node's default. */
export const DEFAULT_GAS_PRICE = "25000000aai";

/** The first price above zero in a node's `minimum_gas_price`, e.g. `0.000000000000000000credit,25000000.0aai`; undefined when there is none. */
export function findGasPrice(minimumGasPrice: string): GasPrice | undefined {
  const price = minimumGasPrice.split(",").find((text) => /^[0-9.]*[1-9]/.test(text));
  return price === undefined ? undefined : GasPrice.fromString(price);
}

/** What the node asks for at least, otherwise DEFAULT_GAS_PRICE. */
export async function askGasPrice({ node }: NodeExtension): Promise<GasPrice> {
  const { minimumGasPrice } = await node.config();
  return findGasPrice(minimumGasPrice) ?? GasPrice.fromString(DEFAULT_GAS_PRICE);
}

import { type QuoteBundleResponse, RouteServiceDefinition } from "#proto/hanzo/hmm/v1/route";
import type { MsgRouteBundle } from "#proto/hanzo/hmm/v1/tx";
import type { Bundle } from "#proto/hanzo/hmm/v1/types";
import { type AbciQuerier, askMethod } from "./askMethod.ts";

const PPM = 1_000_000n;

/**
 * The cheapest way to buy a bundle on the node's latest state, with class prices, shadow prices of the limits and a certificate.
 * @param maxLegs 0: as many as a bundle may have
 */
export function quoteBundle(base: AbciQuerier, bundle: Bundle, maxLegs = 0): Promise<QuoteBundleResponse> {
  const { fullName, methods } = RouteServiceDefinition;
  return askMethod(base, fullName, methods.quoteBundle, { bundle, maxLegs });
}

/** What a buyer adds to a quoted route. */
export interface RouteTerms {
  /** Account that signs (bech32). */
  readonly sender: string;
  /** Account that pays, when it is not the sender (bech32). */
  readonly owner?: string;
  /** By how much the cost may exceed the quote, in ppm of it; the maximum is rounded up. */
  readonly slippagePpm: bigint;
}

/** The message that buys a quoted route, all legs or none. */
export function routeMessage(
  bundle: Bundle,
  { legs, cost, certificate }: Pick<QuoteBundleResponse, "legs" | "cost" | "certificate">,
  { sender, owner = "", slippagePpm }: RouteTerms,
): MsgRouteBundle {
  const most = (BigInt(cost) * (PPM + slippagePpm) + PPM - 1n) / PPM;
  return {
    sender,
    owner,
    bundle,
    legs: legs.flatMap(({ leg }) => (leg === undefined ? [] : [leg])),
    maxCost: most.toString(),
    certificate,
  };
}

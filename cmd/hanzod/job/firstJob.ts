import { type BundleReport, buyBundle } from "./buyBundle.ts";
import { type BuyComputeOptions, type BuyComputeReport, buyCompute } from "./buyCompute.ts";

/** What the demonstration did: the purchase from one pool, and the bundle. */
export interface FirstJobReport extends BuyComputeReport {
  readonly bundle: BundleReport;
}

/** The demonstration: buys from one pool, then a whole bundle over all pools within a limit on its latency. */
export async function firstJob(options: BuyComputeOptions): Promise<FirstJobReport> {
  const bought = await buyCompute(options);
  return { ...bought, bundle: await buyBundle(options) };
}

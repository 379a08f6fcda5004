import { availableParallelism } from "node:os";
import type { CometBuild } from "./cometBuild.ts";

/**
 * How many threads of a CometBFT child run Go at once. In the release a timer of the ABCI client can hold one of them for up to 10 ms, with the
 * request that is to be sent waiting behind it; with twice as many as processors another one takes that up. Our build has no such timer.
 *
 * @param environment normally `process.env`; where it sets GOMAXPROCS, the operator has chosen.
 * @returns variables for the child's environment: GOMAXPROCS, or none.
 */
export function cometProcessors(
  build: CometBuild,
  environment: Readonly<Record<string, string | undefined>>,
  processors = availableParallelism(),
): Readonly<Record<string, string>> {
  if (build !== "stock" || (environment["GOMAXPROCS"] ?? "") !== "") return {};
  return { GOMAXPROCS: String(2 * processors) };
}

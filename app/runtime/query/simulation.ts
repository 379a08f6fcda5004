import type { GasInfo, Result } from "#proto/cosmos/base/abci/v1beta1/abci";
import { toUnindexedEvents } from "../abciEvents.ts";
import type { TxOutcome } from "../tx.ts";

/** The wire form of a simulation: gas and what the messages answered. */
export function simulationResult({ gasWanted, gasUsed, data, events, responses }: TxOutcome): {
  readonly gasInfo: GasInfo;
  readonly result: Result;
} {
  return {
    gasInfo: { gasWanted, gasUsed },
    result: { data, log: "", events: toUnindexedEvents(events), msgResponses: [...responses] },
  };
}

import type { Event } from "#proto/tendermint/abci/types";
import type { ChainEvent } from "#sdk";

/** Events of something that never happens, so that nothing of them is indexed. */
export function toUnindexedEvents(events: readonly ChainEvent[]): Event[] {
  return events.map(({ type, attributes }) => ({ type, attributes: attributes.map(({ key, value }) => ({ key, value, index: false })) }));
}

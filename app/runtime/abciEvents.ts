import type { Event } from "#proto/tendermint/abci/types";
import type { ChainEvent } from "#sdk";

/** Events of something that never happens, so that nothing of them is indexed. */
export function toUnindexedEvents(events: readonly ChainEvent[]): Event[] {
  return events.map(({ type, attributes }) => ({ type, attributes: attributes.map(({ key, value }) => ({ key, value, index: false })) }));
}

/** Events in wire form; every attribute is indexed, and a mode (`BeginBlock`, `EndBlock`) stands last. */
export function toAbciEvents(events: readonly ChainEvent[], mode?: string): Event[] {
  return events.map(({ type, attributes }) => {
    const wire = attributes.map(({ key, value }) => ({ key, value, index: true }));
    if (mode !== undefined) wire.push({ key: "mode", value: mode, index: true });
    return { type, attributes: wire };
  });
}

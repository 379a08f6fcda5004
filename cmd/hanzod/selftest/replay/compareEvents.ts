import type { Event } from "#proto/tendermint/abci/types";
import type { RecordedEvent } from "../recording/recording.ts";

/** The first difference between two lists of events, attributes in order: `event 3 attribute 2: expected …, got …`; undefined when there is none. */
export function compareEvents(expected: readonly RecordedEvent[], got: readonly Event[]): string | undefined {
  for (let at = 0; at < Math.max(expected.length, got.length); at++) {
    const [theirs, mine] = [expected[at], got[at]];
    if (theirs === undefined || mine === undefined) return `event ${at}: expected ${show(theirs)}, got ${show(plainEvent(mine))}`;
    const reason = compareEvent(theirs, mine);
    if (reason !== undefined) return `event ${at}${reason}`;
  }
  return undefined;
}

function compareEvent([type, attributes]: RecordedEvent, mine: Event): string | undefined {
  if (type !== mine.type) return `: expected ${show([type, attributes])}, got ${show(plainEvent(mine))}`;
  for (let at = 0; at < Math.max(attributes.length, mine.attributes.length); at++) {
    const [theirs, own] = [attributes[at], mine.attributes[at]];
    const [key, value, indexed = true] = theirs ?? [];
    if (theirs === undefined || own === undefined || key !== own.key || value !== own.value || indexed !== own.index)
      return ` (${type}) attribute ${at}: expected ${show(theirs)}, got ${show(own === undefined ? undefined : [own.key, own.value])}`;
  }
  return undefined;
}

function plainEvent(event: Event | undefined): RecordedEvent | undefined {
  return event === undefined ? undefined : [event.type, event.attributes.map(({ key, value }) => [key, value])];
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

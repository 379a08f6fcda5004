/** One key/value pair of an event; indexed by CometBFT unless `index` is false. */
export interface EventAttribute {
  readonly key: string;
  readonly value: string;
}

/** An event as it goes into a block result. */
export interface ChainEvent {
  readonly type: string;
  readonly attributes: readonly EventAttribute[];
}

/**
 * Makes an event of the untyped kind that wallets and indexers know (`transfer`, `coin_spent`, …).
 * @param mark comes behind its attributes; put there at once, since a copy with one attribute more costs as much as the event
 */
export function createEvent(type: string, pairs: readonly (readonly [key: string, value: string])[], mark?: EventAttribute): ChainEvent {
  // As long as it will be: the first push makes room for 17.
  const attributes = new Array<EventAttribute>(pairs.length + (mark === undefined ? 0 : 1));
  let at = 0;
  for (const [key, value] of pairs) attributes[at++] = { key, value };
  if (mark !== undefined) attributes[at] = mark;
  return { type, attributes };
}

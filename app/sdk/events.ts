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

/** Makes an event of the untyped kind that wallets and indexers know (`transfer`, `coin_spent`, …). */
export function createEvent(type: string, attributes: readonly (readonly [key: string, value: string])[]): ChainEvent {
  return { type, attributes: attributes.map(([key, value]) => ({ key, value })) };
}

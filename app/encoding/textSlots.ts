/**
 * What texts lead to, remembered in a fixed number of places: each text has two that it may stand in, and a newcomer takes the first one of them and
 * moves who was there to the second. Unlike a Map it never grows, so that nothing is moved or looked at by the collector but what it holds, and
 * finding something costs two comparisons. For what can be made again: texts that end alike push each other out, which only costs time.
 */
export class TextSlots<V extends {}> {
  readonly #texts: (string | undefined)[];
  readonly #values: (V | undefined)[];
  readonly #mask: number;

  /** @param places a power of two, at least 2 */
  constructor(places: number) {
    this.#texts = new Array<string | undefined>(places).fill(undefined);
    this.#values = new Array<V | undefined>(places).fill(undefined);
    this.#mask = places - 2;
  }

  find(text: string): V | undefined {
    const place = placeOf(text) & this.#mask;
    if (this.#texts[place] === text) return this.#values[place];
    return this.#texts[place + 1] === text ? this.#values[place + 1] : undefined;
  }

  /** CONTRACT: the text was not found. */
  set(text: string, value: V): void {
    const place = placeOf(text) & this.#mask;
    this.#texts[place + 1] = this.#texts[place];
    this.#values[place + 1] = this.#values[place];
    this.#texts[place] = text;
    this.#values[place] = value;
  }
}

/** By the last letters, in which addresses differ most: they are a checksum. */
function placeOf(text: string): number {
  const { length } = text;
  let hash = length;
  for (let i = Math.max(length - 6, 0); i < length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}

/** Work that yields where other work of the thread may have a turn. Whether it has one changes nothing of the result. */
export type Slices<T> = Generator<void, T, void>;

/** Works to the end in one go. */
export function runAtOnce<T>(slices: Slices<T>): T {
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
  }
}

/**
 * Works to the end with a pause after each slice but the last. What is one slice is done at once.
 * @throws what the first slice throws; a promise of later slices rejects with theirs
 */
export function runWithPauses<T>(slices: Slices<T>, pause: () => Promise<void>): T | Promise<T> {
  const first = slices.next();
  return first.done === true ? first.value : runRest(slices, pause);
}

async function runRest<T>(slices: Slices<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    await pause();
    const slice = slices.next();
    if (slice.done === true) return slice.value;
  }
}

// Waits that end: what stops a node must not wait for ever for what does not stop.

/** What was given up and has not ended since, by what it is. */
const left = new Set<object>();

/**
 * Waits for something, and no longer than `patienceMs`. What is given up counts as left until it ends after all.
 * @param what names it in the error @param patienceMs milliseconds
 * @throws Error when it takes longer, else what the work throws
 */
export async function within<T>(work: Promise<T>, patienceMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      left.add(work);
      const ended = (): void => void left.delete(work);
      work.then(ended, ended);
      fail(new Error(`${what} did not end within ${patienceMs} ms`));
    }, patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether something that was given up goes on: then the process cannot be expected to end by itself. */
export function isAnythingLeft(): boolean {
  return left.size > 0;
}

/**
 * A task whose answer holds for a while: callers that come together, or soon after another, share one run. Probes and scrapes then cost the same
 * however many ask.
 * @param freshMs how long an answer holds, from the start of its run
 */
export function shareRecent<T>(freshMs: number, task: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > freshMs) last = { at: now, answer: task() };
    return last.answer;
  };
}

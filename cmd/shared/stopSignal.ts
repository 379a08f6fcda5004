/**
 * A signal that fires at the first Ctrl-C or SIGTERM of this process; a second one ends the process at once. Attach it before anything is
 * started, so that a stop during start-up is orderly too.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}

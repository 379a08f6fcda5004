/**
 * Ends the process at once although a thread of it does not end, for which Node's own exit would wait for ever. By SIGTERM, which service managers take for
 * an orderly end and do not answer with a start; by SIGKILL after a failure with exit code 1, which they do.
 */
export function endProcess(): void {
  const signal = process.exitCode === 1 ? "SIGKILL" : "SIGTERM";
  // Without a listener the signal has the system's own effect, whatever the process is at.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Where a listener can be reached from this machine: one on all addresses at the loopback address. */
export function reachableHost(host: string): string {
  return host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
}

/** Where a listener can be reached from this machine, as URLs have it: one on all addresses at the loopback address, IPv6 in brackets. */
export function reachableHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

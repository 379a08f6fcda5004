/** Where an ABCI server listens, in CometBFT's notation (`proxy_app`). */
export type AbciAddress =
  | { readonly transport: "unix"; readonly path: string }
  | { readonly transport: "tcp"; readonly host: string; readonly port: number };

/** Longest path of a unix socket in bytes: `sun_path` is 108 on Linux and 104 on macOS, with a closing zero. */
export const MAX_SOCKET_PATH_BYTES = 103;

/** An address that cannot be listened on. */
export class AbciAddressError extends Error {
  override readonly name = "AbciAddressError";
}

/**
 * Reads `unix:///path/to.sock` or `tcp://host:port`.
 *
 * @param text port 0 means any free port.
 * @throws AbciAddressError for other schemes, relative or too long socket paths and ports outside 0…65535.
 */
export function parseAbciAddress(text: string): AbciAddress {
  if (text.startsWith("unix://")) {
    const path = text.slice("unix://".length);
    if (!path.startsWith("/")) throw new AbciAddressError(`ABCI address "${text}": the socket path must be absolute`);
    const bytes = new TextEncoder().encode(path).length;
    if (bytes > MAX_SOCKET_PATH_BYTES) {
      throw new AbciAddressError(
        `ABCI address "${text}": a socket path has at most ${MAX_SOCKET_PATH_BYTES} bytes, this one has ${bytes}; choose a shorter home`,
      );
    }
    return { transport: "unix", path };
  }
  if (text.startsWith("tcp://")) {
    const rest = text.slice("tcp://".length);
    const colon = rest.lastIndexOf(":");
    const host = rest.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, "$1");
    const digits = rest.slice(colon + 1);
    const port = Number(digits);
    if (colon < 1 || host === "" || !/^[0-9]{1,5}$/.test(digits) || port > 65_535) {
      throw new AbciAddressError(`ABCI address "${text}": expected tcp://host:port with a port from 0 to 65535`);
    }
    return { transport: "tcp", host, port };
  }
  throw new AbciAddressError(`ABCI address "${text}": expected unix:///path or tcp://host:port`);
}

/** The inverse of `parseAbciAddress`. */
export function formatAbciAddress(address: AbciAddress): string {
  if (address.transport === "unix") return `unix://${address.path}`;
  return `tcp://${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}`;
}

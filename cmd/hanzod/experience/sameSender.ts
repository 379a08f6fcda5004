import type { SendOptions } from "../command/sendOptions.ts";
import { sameNode } from "../hmm/market.ts";

/** The options that the next command needs to go on with the same node and key, with a blank in front. @param signs whether it signs, too */
export function sameSender(options: Pick<SendOptions, "from" | "keyringBackend" | "home" | "node">, signs = true): string {
  const backend = options.keyringBackend === "file" ? "" : ` --keyring-backend ${options.keyringBackend}`;
  return `${signs ? ` --from ${options.from}${backend}` : ""}${sameNode(options)}`;
}

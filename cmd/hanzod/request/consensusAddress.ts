import { sha256 } from "#sha256";
import { encodeBech32 } from "../../../app/encoding/bech32.ts";
import { CliError } from "../../shared/cliError.ts";
import { commandChain } from "../config/commandChain.ts";

const ED25519 = "/cosmos.crypto.ed25519.PubKey";
const KEY_BYTES = 32;
const ADDRESS_BYTES = 20;

/**
 * The consensus address of a key as `comet show-validator` prints it; any other text is an address already.
 * @throws CliError for JSON that is no ed25519 key
 */
export function consensusAddressText(name: string, text: string): string {
  if (!text.trimStart().startsWith("{")) return text;
  const key = keyBytes(text);
  if (key?.length !== KEY_BYTES)
    throw new CliError(`${name} is no consensus key`, { why: `{"@type":"${ED25519}","key":"<base64 of ${KEY_BYTES} bytes>"} is expected` });
  return encodeBech32(`${commandChain().bech32Prefix}valcons`, sha256(key).subarray(0, ADDRESS_BYTES));
}

function keyBytes(text: string): Uint8Array | undefined {
  try {
    const { "@type": type, key } = JSON.parse(text) as { readonly "@type"?: unknown; readonly key?: unknown };
    return type === ED25519 && typeof key === "string" ? Buffer.from(key, "base64") : undefined;
  } catch {
    return undefined;
  }
}

import { decodeBech32, encodeBech32 } from "../../../app/encoding/bech32.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";

/** An address in every form. */
export interface AddressForms {
  /** Upper-case hexadecimal. */
  readonly hex: string;
  /** Of an account, a validator's operator and its consensus key. */
  readonly addresses: readonly string[];
}

const LENGTHS: ReadonlySet<number> = new Set([20, 32]);

/** Reads an address of any chain, bech32 or hexadecimal. @param prefix of the addresses to show @throws CliError when it is neither */
export function parseAddressText(text: string, prefix: string): AddressForms {
  const bytes = /^(?:0x)?(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{64})$/.test(text)
    ? new Uint8Array(Buffer.from(text.replace(/^0x/, ""), "hex"))
    : bech32Bytes(text);
  if (!LENGTHS.has(bytes.length))
    throw new CliError(`"${text}" is no address`, { why: `20 or 32 bytes are expected, got ${bytes.length}` });
  return {
    hex: Buffer.from(bytes).toString("hex").toUpperCase(),
    addresses: [prefix, `${prefix}valoper`, `${prefix}valcons`].map((form) => encodeBech32(form, bytes)),
  };
}

function bech32Bytes(text: string): Uint8Array {
  try {
    return decodeBech32(text).bytes;
  } catch (cause) {
    throw new CliError(`"${text}" is no address`, { why: reasonOf(cause), next: "give bech32 or 40 hexadecimal digits", cause });
  }
}

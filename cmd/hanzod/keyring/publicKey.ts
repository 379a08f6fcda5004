import { LegacyAminoPubKey } from "#proto/cosmos/crypto/multisig/keys";
import { PubKey } from "#proto/cosmos/crypto/secp256k1/keys";
import { Any } from "#proto/google/protobuf/any";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { type AccountKey, addressOfKey, decodePubKey, KEY_TYPES } from "../../../app/runtime/pubKey.ts";
import { createAddressCodec } from "../../../app/sdk/index.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { commandChain } from "../config/commandChain.ts";
import type { KeyInfo } from "./keyFile.ts";

/** Most members of a multisig key, as chains limit it by `tx_sig_limit`. */
const MAX_MEMBERS = 255;

/** A key of the keyring as transactions carry it. */
export function publicKeyOf({ type, publicKey }: Pick<KeyInfo, "type" | "publicKey">): Any {
  const bytes = new Uint8Array(Buffer.from(publicKey, "hex"));
  return type === "multi" ? { typeUrl: KEY_TYPES.multisig, value: bytes } : secp256k1Any(bytes);
}

/** A compressed secp256k1 key, 33 bytes, as transactions carry it. */
export function secp256k1Any(bytes: Uint8Array): Any {
  return { typeUrl: KEY_TYPES.secp256k1, value: PubKey.encode(PubKey.fromPartial({ key: bytes })).finish() };
}

/** The account address of a key. @throws sdk/2 when the Any holds no key */
export function addressOfPublicKey(any: Any): string {
  return createAddressCodec(commandChain().bech32Prefix).format(addressOfKey(decodePubKey(any)));
}

/** `{"@type": …, "key": …}`, as the SDK's tools show a key. */
export function publicKeyJson(any: Any): unknown {
  return toProtoJson(descriptors(), Any.$type, Any.encode(any).finish());
}

/** Reads what {@link publicKeyJson} shows. @throws CliError when it is no secp256k1 or multisig key */
export function parsePublicKey(text: string): { readonly any: Any; readonly key: AccountKey } {
  try {
    const any = Any.decode(fromProtoJson(descriptors(), Any.$type, JSON.parse(text)));
    const key = decodePubKey(any);
    if (key.kind === "ed25519") throw new Error("accounts have no ed25519 keys");
    return { any, key };
  } catch (cause) {
    throw new CliError("this is no public key", {
      why: reasonOf(cause),
      next: `give it as {"@type":"${KEY_TYPES.secp256k1}","key":"<base64>"}; hanzod keys show NAME --pubkey prints it`,
      cause,
    });
  }
}

/**
 * A key of which `threshold` members must sign together.
 * @param sort by the members' addresses, as the SDK's tools do, so that the order in which they are named does not matter
 * @throws CliError when the threshold is below 1 or above the number of members, or a member comes twice
 */
export function multisigKey(members: readonly KeyInfo[], threshold: number, sort: boolean): Any {
  if (members.length < 1 || members.length > MAX_MEMBERS)
    throw new CliError(`a multisig key of ${members.length} members`, { why: `1 to ${MAX_MEMBERS} members are expected` });
  if (threshold < 1 || threshold > members.length)
    throw new CliError(`threshold ${threshold} of ${members.length} members`, {
      why: "at least one member must sign, and at most all of them can",
      next: `--multisig-threshold 1 … ${members.length}`,
    });
  const twice = members.find(({ publicKey }, index) => members.findIndex((other) => other.publicKey === publicKey) !== index);
  if (twice !== undefined) throw new CliError(`member ${twice.name} comes twice`, { why: "each member has one signature" });
  const keys = members.map((member) => ({ any: publicKeyOf(member), order: addressHex(member) }));
  if (sort) keys.sort((a, b) => (a.order < b.order ? -1 : 1));
  const value = LegacyAminoPubKey.encode(LegacyAminoPubKey.fromPartial({ threshold, publicKeys: keys.map(({ any }) => any) })).finish();
  return { typeUrl: KEY_TYPES.multisig, value };
}

function addressHex(member: KeyInfo): string {
  return Buffer.from(addressOfKey(decodePubKey(publicKeyOf(member)))).toString("hex");
}

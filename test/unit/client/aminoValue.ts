// Random messages as wallets may send them: what amino JSON has no word for is filled in.

import { PubKey } from "#proto/cosmos/crypto/ed25519/keys";
import { Equivocation } from "#proto/cosmos/evidence/v1beta1/evidence";
import { clientDescriptors } from "../../../app/client/schema.ts";
import type { FieldDescriptor } from "../../../app/encoding/descriptorModel.ts";
import type { Plain } from "../../proto/wireTypes.ts";

const NANOSECONDS = 10 ** 9;

/** What stands for an interface; an interface without an entry stays empty. */
const PACKED: Readonly<Record<string, { readonly typeUrl: string; readonly value: Uint8Array }>> = {
  "cosmos.crypto.PubKey": { typeUrl: `/${PubKey.$type}`, value: PubKey.encode({ key: new Uint8Array(32).fill(9) }).finish() },
  "cosmos.evidence.v1beta1.Evidence": {
    typeUrl: `/${Equivocation.$type}`,
    value: Equivocation.encode({ height: 1n, time: { seconds: 2n, nanos: 3 }, power: 4n, consensusAddress: "x" }).finish(),
  },
};

/** A message with decimals, times and packed messages that amino JSON can write, and with everything that it always writes. */
export function aminoValue(typeName: string, given: Plain): Plain {
  const filled: Plain = { ...given };
  for (const field of clientDescriptors().getMessage(typeName).fields) {
    const { localName, repeated } = field;
    const value = given[localName];
    filled[localName] = repeated ? (value as unknown[]).map((element) => fieldValue(field, element)) : fieldValue(field, value);
  }
  return filled;
}

function fieldValue({ kind, typeName, options }: FieldDescriptor, given: unknown): unknown {
  if (options.scalar === "cosmos.Dec") return decimalLike(given, kind);
  if (kind !== "message") return given;
  if (typeName === "google.protobuf.Any") return PACKED[options.acceptsInterface ?? ""];
  if (given === undefined && !options.dontOmitempty) return undefined;
  if (typeName === "google.protobuf.Timestamp") return { seconds: 1_700_000_000n, nanos: nanosOf(given) };
  if (typeName === "google.protobuf.Duration") return { seconds: 600n, nanos: nanosOf(given) };
  return aminoValue(typeName, (given ?? defaultsOf(typeName)) as Plain);
}

/** A decimal that depends on the text or the bytes that were given. */
function decimalLike(given: unknown, kind: string): unknown {
  const text = String(10n ** BigInt((given as string | Uint8Array).length));
  return kind === "bytes" ? new TextEncoder().encode(text) : text;
}

function nanosOf(given: unknown): number {
  return Math.abs((given as { readonly nanos?: number } | undefined)?.nanos ?? 0) % NANOSECONDS;
}

/** Fields of a message that was not there. */
function defaultsOf(typeName: string): Plain {
  return Object.fromEntries(
    clientDescriptors()
      .getMessage(typeName)
      .fields.map((field) => [field.localName, defaultOf(field)]),
  );
}

function defaultOf({ repeated, kind }: FieldDescriptor): unknown {
  if (repeated) return [];
  if (kind === "message") return undefined;
  if (kind === "string") return "";
  if (kind === "bytes") return new Uint8Array(0);
  if (kind === "bool") return false;
  return kind === "int64" || kind === "uint64" ? 0n : 0;
}

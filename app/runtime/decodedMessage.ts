import type { Any } from "#proto/google/protobuf/any";
import type { AddressCodec, BoundMethod } from "#sdk";
import { txParseError } from "../encoding/encodingError.ts";
import { TxReader } from "../encoding/txReader.ts";
import type { Router } from "./router.ts";
import type { SignerPath, Wire } from "./wire.ts";

/** One message of a transaction, ready for its handler. */
export interface DecodedMessage {
  readonly method: BoundMethod;
  readonly value: unknown;
  /** The module's check of the message itself, if it has one; what it found right is not looked at again. @throws what refuses the message */
  check(): void;
  /** That, and what the handler would refuse whatever the state. @throws what refuses the message */
  foresee(): void;
  /** Canonical addresses of who must sign it, each as often as the message names it. @throws AddressError when an address in the message cannot be read */
  signers(): readonly string[];
}

/** What decoding messages needs. */
export interface MessageDecoderParts {
  readonly router: Router;
  readonly wire: Pick<Wire, "signerPaths">;
  readonly address: AddressCodec;
}

/**
 * Decodes a packed message. CONTRACT: its bytes were found strict before.
 * @param reader of the transaction that it stands in
 * @throws sdk/2 for a type that no module handles
 */
export function decodeMessage(
  packed: Any,
  { router, wire, address }: MessageDecoderParts,
  reader: TxReader = new TxReader(packed.value),
): DecodedMessage {
  const method = router.findMessage(packed.typeUrl);
  if (method === undefined) throw txParseError(`unable to resolve type URL ${packed.typeUrl}`);
  return new Message(method, reader.read(method.request, packed.value), wire.signerPaths(method.request.$type), address);
}

/** A class: thousands wait for their block, and each closure would be two objects more to keep. */
class Message implements DecodedMessage {
  readonly method: BoundMethod;
  readonly value: unknown;
  readonly #paths: readonly SignerPath[];
  readonly #address: AddressCodec;
  #isRight: boolean;
  #signers: readonly string[] | undefined = undefined;

  constructor(method: BoundMethod, value: unknown, paths: readonly SignerPath[], address: AddressCodec) {
    this.method = method;
    this.value = value;
    this.#paths = paths;
    this.#address = address;
    this.#isRight = method.check === undefined;
  }

  /** CONTRACT: a check looks at the message alone, so what is right in the mempool is right in the block. */
  check(): void {
    if (this.#isRight) return;
    this.method.check?.(this.value);
    this.#isRight = true;
  }

  foresee(): void {
    this.check();
    this.method.foresee?.(this.value);
  }

  signers(): readonly string[] {
    this.#signers ??= messageSigners(this.value, this.#paths, this.#address);
    return this.#signers;
  }
}

function messageSigners(value: unknown, paths: readonly SignerPath[], address: AddressCodec): readonly string[] {
  const signers: string[] = [];
  for (const path of paths) collectSigners(value, path, 0, address, signers);
  // A list that grew has room for sixteen more.
  return signers.slice();
}

function collectSigners(node: unknown, path: SignerPath, depth: number, address: AddressCodec, signers: string[]): void {
  if (Array.isArray(node)) {
    for (const element of node) collectSigners(element, path, depth, address, signers);
    return;
  }
  const name = path.fields[depth];
  if (name !== undefined) {
    if (typeof node === "object" && node !== null)
      collectSigners((node as Readonly<Record<string, unknown>>)[name], path, depth + 1, address, signers);
    return;
  }
  const text = String(node ?? "");
  const canonical = path.isOperator ? address.format(address.operator.parse(text)) : address.canonical(text);
  signers.push(canonical);
}

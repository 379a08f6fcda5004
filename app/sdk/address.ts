import { sha256 } from "#sha256";
import { type Bech32, type Bech32Cache, createBech32Cache } from "../encoding/bech32.ts";
import { ModuleError, sdkError } from "./errors.ts";

/** Bech32 addresses of one chain: text at the borders, bytes in state. */
export interface AddressCodec extends AddressForm {
  /** The same bytes as a validator's operator. */
  readonly operator: AddressForm;
  /** Addresses of consensus keys. */
  readonly consensus: AddressForm;
}

/** Bech32 addresses of one prefix. */
export interface AddressForm {
  readonly prefix: string;
  /** Bytes of an address text. @throws AddressError (sdk/7) with the SDK's text when the text is not bech32 or has another prefix. */
  parse(text: string): Uint8Array;
  /** The one text of an address: what `format` makes of the bytes of `text`. @throws AddressError as `parse` does */
  canonical(text: string): string;
  /** Text of address bytes under the chain's prefix. */
  format(bytes: Uint8Array): string;
}

/** Longest address the SDK's length-prefixed keys allow. */
const MAX_ADDRESS_BYTES = 255;
/** Addresses remembered in each direction; those of a few blocks' senders fit, and more would only be more to keep and to collect. */
const CACHED_ADDRESSES = 16_384;

/** What the SDK's own codec gives a bad address: mostly no code. */
type BareCode = readonly [codespace: string, code: number];
const NO_CODE: BareCode = ["undefined", 1];
const LOGIC: BareCode = ["sdk", 35];
const UNKNOWN_ADDRESS: BareCode = ["sdk", 9];

/** An address that cannot be used: sdk/7. The message is the SDK's bare text, which callers may wrap in the error that fits. */
export class AddressError extends ModuleError {
  readonly #bare: BareCode;
  /** What the older one of the SDK's two readers says (`AccAddressFromBech32`), which a few places still use. */
  readonly olderText: string;

  constructor(text: string, bare: BareCode = NO_CODE, olderText = text) {
    super("sdk", 7, text);
    this.name = "AddressError";
    this.#bare = bare;
    this.olderText = olderText;
  }

  /** The same as it is where the SDK hands its codec's error on as it came: undefined/1, sdk/35 for another prefix, sdk/9 for another length. */
  bare(): ModuleError {
    return new ModuleError(...this.#bare, this.message);
  }
}

/** Prefixes whose codecs are remembered: a process knows one chain, tests some. */
const KEPT_PREFIXES = 8;
const codecs = new Map<string, AddressCodec>();

/**
 * The codec of a prefix, the same one when asked again: both directions are remembered, for the same few thousand addresses occur in every block, and
 * the places for them take longer to make than an address does.
 */
export function createAddressCodec(prefix: string): AddressCodec {
  let codec = codecs.get(prefix);
  if (codec !== undefined) return codec;
  const cache = createBech32Cache(CACHED_ADDRESSES);
  codec = {
    ...createForm(cache, prefix),
    operator: createForm(cache, `${prefix}valoper`),
    consensus: createForm(cache, `${prefix}valcons`),
  };
  if (codecs.size < KEPT_PREFIXES) codecs.set(prefix, codec);
  return codec;
}

function createForm(cache: Bech32Cache, prefix: string): AddressForm {
  return {
    prefix,
    parse: (text) => decodeAddress(cache, prefix, text).bytes,
    canonical: (text) => decodeAddress(cache, prefix, text).text,
    format: (bytes) => (bytes.length === 0 ? "" : cache.encode(prefix, bytes)),
  };
}

function decodeAddress(cache: Bech32Cache, prefix: string, text: string): Bech32 {
  let decoded: Bech32;
  try {
    decoded = cache.decode(text);
  } catch (cause) {
    if (text.trim() === "") throw new AddressError("empty address string is not allowed");
    const reason = cause instanceof Error ? cause.message : "";
    throw new AddressError(reason.startsWith("decoding bech32 failed") ? reason : `decoding bech32 failed: ${reason}`);
  }
  if (decoded.prefix !== prefix) {
    const [text, olderText] = [
      `hrp does not match bech32 prefix: expected '${prefix}' got '${decoded.prefix}': internal logic error`,
      `invalid Bech32 prefix; expected ${prefix}, got ${decoded.prefix}`,
    ];
    throw new AddressError(text, LOGIC, olderText);
  }
  if (decoded.bytes.length === 0) throw new AddressError("addresses cannot be empty: unknown address", UNKNOWN_ADDRESS);
  if (decoded.bytes.length > MAX_ADDRESS_BYTES) {
    throw new AddressError(`address max length is ${MAX_ADDRESS_BYTES}, got ${decoded.bytes.length}: unknown address`, UNKNOWN_ADDRESS);
  }
  return decoded;
}

/** Names of modules whose addresses are remembered: more than a chain has. */
const KEPT_MODULES = 256;
const moduleAddresses = new Map<string, Uint8Array>();

/**
 * Address of a module's own account: the first 20 bytes of sha256(name) (cosmos-sdk x/auth NewModuleAddress). Every block asks for some.
 * CONTRACT: it is not changed.
 */
export function moduleAddress(name: string): Uint8Array {
  let address = moduleAddresses.get(name);
  if (address !== undefined) return address;
  address = sha256(new TextEncoder().encode(name)).slice(0, 20);
  if (moduleAddresses.size < KEPT_MODULES) moduleAddresses.set(name, address);
  return address;
}

/** What is wrong with an address text. @returns undefined for a good one */
export function explainAddress(form: AddressForm, text: string): string | undefined {
  return findAddressError(form, text)?.message;
}

/** The same in the words of the SDK's older reader. @returns undefined for a good one */
export function explainAddressAsBefore(form: AddressForm, text: string): string | undefined {
  return findAddressError(form, text)?.olderText;
}

function findAddressError(form: AddressForm, text: string): AddressError | undefined {
  try {
    form.parse(text);
    return undefined;
  } catch (cause) {
    if (cause instanceof AddressError) return cause;
    throw cause;
  }
}

/**
 * Refuses a bad address in a field of a message, with the SDK's text.
 * @param role what the field is called there, such as `delegator`
 * @throws sdk/7
 */
export function requireAddress(form: AddressForm, text: string, role: string): void {
  const reason = explainAddress(form, text);
  if (reason !== undefined) throw sdkError.invalidAddress(`invalid ${role} address: ${reason}`);
}

/** Does something with addresses where the SDK hands its codec's error on as it came. @throws undefined/1, sdk/35, sdk/9 for a bad one */
export function withBareAddressErrors<T>(does: () => T): T {
  try {
    return does();
  } catch (cause) {
    throw cause instanceof AddressError ? cause.bare() : cause;
  }
}

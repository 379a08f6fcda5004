import { Duration } from "../../proto/gen/google/protobuf/duration.ts";
import { Timestamp } from "../../proto/gen/google/protobuf/timestamp.ts";
import type { AnyTypes } from "./anyTypes.ts";
import { decodeUtf8, isUtf8 } from "./bytes.ts";
import { findDecimalFault } from "./decimalText.ts";
import { txParseError } from "./encodingError.ts";
import { readKnownText } from "./knownTexts.ts";
import { CHECK, EXTENSION_OPTION_INTERFACE, type FieldPlan, type MessagePlan, NEAR_LIMIT, WIRE } from "./strictPlan.ts";
import { isDurationRange, isTimestampRange } from "./timeText.ts";

/** How much one call may read. DETERMINISM: the same on every node of a chain, because they decide what is refused. */
export interface StrictLimits {
  /** Bytes of the outermost message. */
  readonly bytes: number;
  /** Fields of all messages together. */
  readonly fields: number;
  /** Embedded messages inside one another. */
  readonly depth: number;
  /** Any inside one another (the SDK unpacks ten levels). */
  readonly anyDepth: number;
  /** Any inside of one that stands in no other, itself included: messages inside of a message. */
  readonly anys: number;
}

/** What a scan needs and where it stands. One object per call, so that reading allocates nothing per field. */
export interface Scan {
  readonly bytes: Uint8Array;
  readonly planOf: (typeName: string) => MessagePlan;
  readonly anyTypes: AnyTypes;
  readonly limits: StrictLimits;
  /** Whether unknown fields whose number has bit 11 set are skipped instead of refused. */
  readonly allowNonCritical: boolean;
  fieldsLeft: number;
  anysLeft: number;
  /** The last varint that was read, as two unsigned 32-bit halves, and the position behind it. */
  low: number;
  high: number;
  next: number;
  /** Whether a non-critical unknown field was skipped. */
  skipped: boolean;
}

const NON_CRITICAL_BIT = 1 << 10;
const MAX_FIELD_NUMBER = 0x1fffffff;
/** Longest type URL that is looked up or shown. */
const MAX_TYPE_URL = 256;
const WIRE_NAMES = ["varint", "fixed64", "bytes", "start_group", "end_group", "fixed32"];

/**
 * Reads `bytes[start, end)` as a message and everything inside of it.
 * @throws sdk/2 at the first thing that is not strict.
 */
export function scanMessage(
  scan: Scan,
  plan: MessagePlan,
  start: number,
  end: number,
  depth: number,
  anyDepth: number,
  accepts?: string,
): void {
  if (depth > scan.limits.depth) throw txParseError(`at most ${scan.limits.depth} nested messages expected`);
  const { bytes } = scan;
  // Fields 0 … 30 of those that may occur once are bits; the rare rest is a set.
  let seen = 0;
  let seenMore: Set<number> | undefined;
  let previous = 0;
  let urlStart = 0;
  let urlEnd = 0;
  let valueStart = end;
  let valueEnd = end;
  let at = start;
  while (at < end) {
    if (--scan.fieldsLeft < 0) throw txParseError(`at most ${scan.limits.fields} fields expected`);
    at = readTag(scan, plan, at, end);
    const number = scan.low >>> 3;
    const wire = scan.low & 7;
    if (plan.ascending) checkOrder(plan, number, wire, previous);
    previous = number;
    const field = number < NEAR_LIMIT ? plan.near[number] : plan.far.get(number);
    if (field === undefined) {
      at = skipUnknown(scan, plan, number, wire, at, end);
      continue;
    }
    if (wire !== field.wire && !(wire === WIRE.bytes && field.packable)) {
      throw txParseError(
        `Mismatched "${plan.typeName}": {TagNum: ${number}, GotWireType: "${nameOf(wire)}" != WantWireType: "${nameOf(field.wire)}"}`,
      );
    }
    if (field.single >= 31) {
      seenMore ??= new Set();
      if (seenMore.has(field.single)) throw duplicate(plan, field);
      seenMore.add(field.single);
    } else if (field.single >= 0) {
      const bit = 1 << field.single;
      if ((seen & bit) !== 0) throw duplicate(plan, field);
      seen |= bit;
    }
    if (wire !== WIRE.bytes) {
      at = readScalar(scan, plan, field, number, wire, at, end);
      continue;
    }
    at = readLength(scan, number, at, end, plan);
    const to = at + scan.low;
    if (field.check === CHECK.message) scanMessage(scan, scan.planOf(field.typeName), at, to, depth + 1, anyDepth, field.accepts);
    else if (field.wire === WIRE.bytes) checkText(scan, plan, field, at, to);
    else readPacked(scan, plan, field, number, at, to);
    if (plan.isAny) {
      if (number === 1) [urlStart, urlEnd] = [at, to];
      else [valueStart, valueEnd] = [at, to];
    }
    at = to;
  }
  if (plan.time !== undefined) checkTime(bytes.subarray(start, end), plan.time);
  if (plan.isAny) scanAny(scan, urlStart, urlEnd, valueStart, valueEnd, depth, anyDepth + 1, accepts);
}

function scanAny(
  scan: Scan,
  urlStart: number,
  urlEnd: number,
  start: number,
  end: number,
  depth: number,
  anyDepth: number,
  accepts: string | undefined,
): void {
  const { limits } = scan;
  if (anyDepth > limits.anyDepth) throw txParseError(`at most ${limits.anyDepth} nested Any expected`);
  if (anyDepth === 1) scan.anysLeft = limits.anys;
  if (--scan.anysLeft < 0) throw txParseError(`at most ${limits.anys} Any in one message expected`);
  const typeUrl = readKnownText(scan.bytes, urlStart, urlEnd) ?? longUrl(scan.bytes.subarray(urlStart, urlEnd));
  const typeName = scan.anyTypes.find(typeUrl);
  if (typeName === undefined) throw txParseError(`unable to resolve type URL ${typeUrl}`);
  if (accepts !== undefined && !scan.anyTypes.implements(typeName, accepts)) {
    if (accepts === EXTENSION_OPTION_INTERFACE) throw txParseError("no registered implementations of type tx.TxExtensionOptionI");
    throw txParseError(`no concrete type registered for type URL ${typeUrl} against interface ${accepts}`);
  }
  scanMessage(scan, scan.planOf(typeName), start, end, depth + 1, anyDepth);
}

function longUrl(url: Uint8Array): string {
  return url.length <= MAX_TYPE_URL ? decodeUtf8(url) : `of ${url.length} bytes`;
}

function readTag(scan: Scan, plan: MessagePlan, at: number, end: number): number {
  readVarint(scan, at, end, plan, 0);
  const number = scan.low >>> 3;
  if (scan.high !== 0 || number === 0 || number > MAX_FIELD_NUMBER)
    throw txParseError(`invalid length; proto: invalid field number in ${plan.typeName}`);
  return scan.next;
}

function checkOrder(plan: MessagePlan, number: number, wire: number, previous: number): void {
  if (wire !== WIRE.bytes) throw txParseError(`expected ${WIRE.bytes} wire type, got ${wire}`);
  if (number < previous) {
    const name = plan.typeName.slice(plan.typeName.lastIndexOf(".") + 1);
    throw txParseError(
      `${name.charAt(0).toLowerCase()}${name.slice(1)} must follow ADR-027, got tagNum ${number} after tagNum ${previous}`,
    );
  }
}

function duplicate(plan: MessagePlan, field: FieldPlan): Error {
  return txParseError(`${plan.typeName}.${field.name} once expected, got it or another alternative of it twice`);
}

function skipUnknown(scan: Scan, plan: MessagePlan, number: number, wire: number, at: number, end: number): number {
  if ((number & NON_CRITICAL_BIT) === 0 || !scan.allowNonCritical) {
    throw txParseError(`errUnknownField "${plan.typeName}": {TagNum: ${number}, WireType:"${nameOf(wire)}"}`);
  }
  scan.skipped = true;
  if (wire === WIRE.varint) return readVarint(scan, at, end, plan, number);
  if (wire === WIRE.bytes) return readLength(scan, number, at, end, plan) + scan.low;
  return skipFixed(plan, number, wire, at, end);
}

function readScalar(scan: Scan, plan: MessagePlan, field: FieldPlan, number: number, wire: number, at: number, end: number): number {
  if (wire !== WIRE.varint) return skipFixed(plan, number, wire, at, end);
  readVarint(scan, at, end, plan, number);
  checkRange(scan, plan, field);
  return scan.next;
}

function skipFixed(plan: MessagePlan, number: number, wire: number, at: number, end: number): number {
  if (wire !== WIRE.fixed64 && wire !== WIRE.fixed32)
    throw txParseError(`groups are not supported, got wire type ${wire} in ${plan.typeName}`);
  const next = at + (wire === WIRE.fixed64 ? 8 : 4);
  if (next > end) throw truncated(number, wire);
  return next;
}

function readPacked(scan: Scan, plan: MessagePlan, field: FieldPlan, number: number, start: number, end: number): void {
  let at = start;
  while (at < end) {
    if (--scan.fieldsLeft < 0) throw txParseError(`at most ${scan.limits.fields} fields expected`);
    at = readScalar(scan, plan, field, number, field.wire, at, end);
  }
}

function checkText(scan: Scan, plan: MessagePlan, field: FieldPlan, start: number, end: number): void {
  const { bytes } = scan;
  if (field.check === CHECK.text) {
    for (let i = start; i < end; i++) {
      if ((bytes[i] ?? 0) < 0x80) continue;
      if (!isUtf8(bytes, i, end)) throw txParseError(`UTF-8 expected in ${plan.typeName}.${field.name}, got other bytes`);
      return;
    }
  } else if (field.decimal !== undefined) {
    const fault = findDecimalFault(bytes, start, end, field.decimal);
    if (fault === undefined) return;
    const shown =
      isUtf8(bytes, start, end) && end - start <= 80 ? JSON.stringify(decodeUtf8(bytes.subarray(start, end))) : `${end - start} bytes`;
    throw txParseError(`${fault} in ${plan.typeName}.${field.name}, got ${shown}`);
  }
}

/** The SDK refuses to decode times that Go cannot hold: of other years, and spans of more than 64 bits of nanoseconds. */
function checkTime(bytes: Uint8Array, kind: "timestamp" | "duration"): void {
  const { seconds, nanos } = kind === "timestamp" ? Timestamp.decode(bytes) : Duration.decode(bytes);
  if (kind === "timestamp" && !isTimestampRange({ seconds, nanos }))
    throw txParseError(`timestamp of the years 1 to 9999 expected, got ${seconds} seconds and ${nanos} nanoseconds`);
  const totalNs = seconds * 1_000_000_000n + BigInt(nanos);
  if (kind === "duration" && (!isDurationRange({ seconds, nanos }) || BigInt.asIntN(64, totalNs) !== totalNs))
    throw txParseError(`duration of 64-bit nanoseconds expected, got ${seconds} seconds and ${nanos} nanoseconds`);
}

function checkRange(scan: Scan, plan: MessagePlan, field: FieldPlan): void {
  const { low, high } = scan;
  const fits =
    field.check === CHECK.none ||
    (field.check === CHECK.bool && high === 0 && low <= 1) ||
    (field.check === CHECK.uint32 && high === 0) ||
    (field.check === CHECK.int32 && (high === 0 ? low <= 0x7fffffff : high === 0xffffffff && low >= 0x80000000));
  if (!fits) throw txParseError(`a number in range expected in ${plan.typeName}.${field.name}, got ${(BigInt(high) << 32n) | BigInt(low)}`);
}

/** Reads a length and leaves it in `scan.low`. Returns where the content begins. */
function readLength(scan: Scan, number: number, at: number, end: number, plan: MessagePlan): number {
  readVarint(scan, at, end, plan, number);
  if (scan.high !== 0 || scan.low > end - scan.next)
    throw plan.ascending ? txParseError("invalid length; unexpected EOF") : truncated(number, WIRE.bytes);
  return scan.next;
}

/** Reads a varint into `scan`, accepting only its shortest form. Returns the position behind it. */
function readVarint(scan: Scan, at: number, end: number, plan: MessagePlan, number: number): number {
  const { bytes } = scan;
  let low = 0;
  let high = 0;
  for (let i = 0; i < 10; i++) {
    if (at + i >= end) throw txParseError(`could not consume varint of tagNum ${number} in ${plan.typeName}; unexpected EOF`);
    const byte = bytes[at + i] ?? 0;
    const bits = byte & 127;
    if (i < 4) low |= bits << (7 * i);
    else if (i > 4) high |= bits << (7 * i - 32);
    else {
      low |= bits << 28;
      high = bits >>> 4;
    }
    if (byte >= 128) continue;
    if (byte === 0 && i > 0)
      throw txParseError(`varint for tagNum ${number} in ${plan.typeName} is not as short as possible, read ${i + 1}`);
    if (i === 9 && byte > 1) break;
    scan.low = low >>> 0;
    scan.high = high >>> 0;
    scan.next = at + i + 1;
    return scan.next;
  }
  throw txParseError(`varint of tagNum ${number} in ${plan.typeName} overflows 64 bits`);
}

function truncated(number: number, wire: number): Error {
  return txParseError(`could not consume field value for tagNum: ${number}, wireType: "${nameOf(wire)}"; unexpected EOF`);
}

function nameOf(wire: number): string {
  return WIRE_NAMES[wire] ?? `unknown type: ${wire}`;
}

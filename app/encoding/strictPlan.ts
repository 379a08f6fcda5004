import { DEC_RULE, type DecimalRule, INT_RULE, UINT_RULE } from "./decimalText.ts";
import type { FieldDescriptor, FieldKind, MessageDescriptor } from "./descriptorModel.ts";
import type { Descriptors } from "./descriptors.ts";

/** Wire types (protobuf encoding). Groups, 3 and 4, are refused everywhere. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

/** What a value must be beyond its wire type. */
export const CHECK = { none: 0, int32: 1, uint32: 2, bool: 3, text: 4, decimal: 5, message: 6 } as const;

/** A field as the scanner needs it. */
export interface FieldPlan {
  readonly name: string;
  readonly wire: number;
  readonly check: number;
  /** Whether the field may come as a packed list. */
  readonly packable: boolean;
  /** Index among the fields that may occur once; alternatives of a oneof share one; −1 for lists and maps. */
  readonly single: number;
  readonly decimal: DecimalRule | undefined;
  /** Type of an embedded message; empty otherwise. */
  readonly typeName: string;
  /** Interface that an embedded Any must implement, undefined when any registered type will do. */
  readonly accepts: string | undefined;
}

/** A message as the scanner needs it. */
export interface MessagePlan {
  readonly typeName: string;
  readonly isAny: boolean;
  /** Whether it is a moment or a span of time, whose two numbers are in range only together. */
  readonly time: "timestamp" | "duration" | undefined;
  /** Whether its fields must come in ascending order (ADR-027). */
  readonly ascending: boolean;
  /** By field number, for the small numbers that nearly all fields have. */
  readonly near: readonly (FieldPlan | undefined)[];
  readonly far: ReadonlyMap<number, FieldPlan>;
}

/** Field numbers that are looked up in an array. */
export const NEAR_LIMIT = 32;
const ANY = "google.protobuf.Any";
const TIMES: ReadonlyMap<string, MessagePlan["time"]> = new Map([
  ["google.protobuf.Timestamp", "timestamp"],
  ["google.protobuf.Duration", "duration"],
]);
const TX_RAW = "cosmos.tx.v1beta1.TxRaw";
/** Interface of extension options. The SDK has no implementation of it either, so every extension option is refused. */
export const EXTENSION_OPTION_INTERFACE = "cosmos.tx.v1beta1.TxExtensionOptionI";
const EXTENSION_OPTION_FIELDS = new Set([
  "cosmos.tx.v1beta1.TxBody.extension_options",
  "cosmos.tx.v1beta1.TxBody.non_critical_extension_options",
]);

const FIXED64: ReadonlySet<FieldKind> = new Set<FieldKind>(["fixed64", "sfixed64", "double"]);
const FIXED32: ReadonlySet<FieldKind> = new Set<FieldKind>(["fixed32", "sfixed32", "float"]);
const DECIMALS: ReadonlyMap<string, DecimalRule> = new Map([
  ["cosmos.Int", INT_RULE],
  ["cosmos.Uint", UINT_RULE],
  ["cosmos.Dec", DEC_RULE],
]);

/** Plans of the messages of an image, each built when first needed. */
export function createPlans(descriptors: Descriptors): (typeName: string) => MessagePlan {
  const plans = new Map<string, MessagePlan>();
  return (typeName) => {
    const known = plans.get(typeName);
    if (known !== undefined) return known;
    const plan = planMessage(descriptors.getMessage(typeName));
    plans.set(typeName, plan);
    return plan;
  };
}

function planMessage(message: MessageDescriptor): MessagePlan {
  const singles = new Map<string, number>();
  const near: (FieldPlan | undefined)[] = Array.from({ length: NEAR_LIMIT }, () => undefined);
  const far = new Map<number, FieldPlan>();
  for (const field of message.fields) {
    const plan = planField(message.typeName, field, singles);
    if (field.number < NEAR_LIMIT) near[field.number] = plan;
    else far.set(field.number, plan);
  }
  const { typeName } = message;
  return { typeName, isAny: typeName === ANY, time: TIMES.get(typeName), ascending: typeName === TX_RAW, near, far };
}

function planField(parent: string, field: FieldDescriptor, singles: Map<string, number>): FieldPlan {
  const list = field.repeated || field.map;
  const decimal = field.kind === "string" || field.kind === "bytes" ? DECIMALS.get(field.options.scalar ?? "") : undefined;
  const wire = wireOf(field.kind);
  return {
    name: field.name,
    wire,
    check: decimal === undefined ? checkOf(field.kind) : CHECK.decimal,
    packable: list && wire !== WIRE.bytes,
    single: list ? -1 : indexOf(singles, field.oneof === undefined ? `field ${field.name}` : `oneof ${field.oneof}`),
    decimal,
    typeName: field.kind === "message" ? field.typeName : "",
    accepts: EXTENSION_OPTION_FIELDS.has(`${parent}.${field.name}`) ? EXTENSION_OPTION_INTERFACE : field.options.acceptsInterface,
  };
}

function indexOf(indexes: Map<string, number>, name: string): number {
  const known = indexes.get(name);
  if (known !== undefined) return known;
  indexes.set(name, indexes.size);
  return indexes.size - 1;
}

function wireOf(kind: FieldKind): number {
  if (kind === "string" || kind === "bytes" || kind === "message") return WIRE.bytes;
  if (FIXED64.has(kind)) return WIRE.fixed64;
  return FIXED32.has(kind) ? WIRE.fixed32 : WIRE.varint;
}

function checkOf(kind: FieldKind): number {
  switch (kind) {
    case "int32":
    case "enum":
      return CHECK.int32;
    case "uint32":
    case "sint32":
      return CHECK.uint32;
    case "bool":
      return CHECK.bool;
    case "string":
      return CHECK.text;
    case "message":
      return CHECK.message;
    default:
      return CHECK.none;
  }
}

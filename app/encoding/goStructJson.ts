import { type FieldDescriptor, isNumberText } from "./descriptorModel.ts";
import type { DynamicMessage, DynamicValue } from "./dynamicMessage.ts";
import type { JsonValue } from "./jsonValue.ts";
import { formatTimestamp } from "./timeText.ts";

/**
 * Messages that the Cosmos SDK shows by Go's `encoding/json`, not by that of protobuf: they have a `MarshalJSON` of their own (x/staking
 * RedelegationResponse), which clients see in REST.
 */
export const GO_STRUCTS: ReadonlySet<string> = new Set(["cosmos.staking.v1beta1.RedelegationResponse"]);

/** How a number that is written as text is shown. */
type TextOfNumber = (field: FieldDescriptor, text: string) => string;

/**
 * Such a message: 64-bit numbers as numbers and left out when they are 0, empty texts left out, empty lists `null`, fractions of seconds as short as
 * they can be.
 */
export function goStructToJson(message: DynamicMessage, textOf: TextOfNumber): JsonValue {
  const shown: [string, JsonValue][] = [];
  for (const field of message.type.fields) {
    const value = message.values.get(field.number);
    const one = (element: DynamicValue): JsonValue => valueToJson(element, textOf);
    if (field.repeated) shown.push([field.name, value === undefined ? null : (value as DynamicValue[]).map(one)]);
    else if (isNumberText(field)) shown.push([field.name, textOf(field, typeof value === "string" ? value : "0")]);
    else if (value !== undefined) shown.push([field.name, one(value as DynamicValue)]);
  }
  return Object.fromEntries(shown);
}

function valueToJson(value: DynamicValue, textOf: TextOfNumber): JsonValue {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value instanceof Uint8Array) return String(value);
  if (value.type.typeName !== "google.protobuf.Timestamp") return goStructToJson(value, textOf);
  const [seconds, nanos] = [value.values.get(1), value.values.get(2)];
  return formatTimestamp({ seconds: (seconds as bigint | undefined) ?? 0n, nanos: (nanos as number | undefined) ?? 0 }, "shortest");
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { createEventFormatter } from "../../../app/runtime/eventFormat.ts";
import { EventEmitted } from "../../../proto/gen/hanzo/emissions/v1/events.ts";
import * as events from "../../../proto/gen/hanzo/hmm/v1/events.ts";
import { Pool } from "../../../proto/gen/hanzo/hmm/v1/types.ts";
import { fc } from "../../harness/fastCheck.ts";

const format = createEventFormatter(descriptors());

interface EventType {
  readonly $type: string;
  encode(value: never): { finish(): Uint8Array };
  fromPartial(value: object): object;
}

const eventTypes = (Object.values(events) as unknown[]).filter(
  (value): value is EventType => typeof value === "object" && value !== null && "$type" in value && "fromPartial" in value,
);

/** Texts with quotes, escapes, wide characters and halves of pairs. */
const text = fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.constantFrom("", "0", 'a"b', "\u2028", "\ud800", "\u0007", "1000"));

/** A message of a type with every plain field at random, and messages in it with theirs or without them. */
function messageOf(type: EventType): fc.Arbitrary<object> {
  return fieldsOf(type.$type).map((value) => type.fromPartial(value));
}

function fieldsOf(typeName: string): fc.Arbitrary<object> {
  const fields = descriptors()
    .getMessage(typeName)
    .fields.filter(({ repeated, map }) => !repeated && !map);
  const entries = fields.map(({ localName, kind, typeName: inner }) => {
    if (kind === "message") return [localName, fc.option(fieldsOf(inner), { nil: undefined })] as const;
    if (kind === "string") return [localName, text] as const;
    if (kind === "bool") return [localName, fc.boolean()] as const;
    if (kind === "enum") return [localName, fc.integer({ min: 0, max: 9 })] as const;
    if (kind === "uint64" || kind === "int64") return [localName, fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })] as const;
    return [localName, fc.integer({ min: 0, max: 2 ** 31 - 1 })] as const;
  });
  return fc.record(Object.fromEntries(entries));
}

test("an event's attributes are its fields as JSON in the order of their names, whichever way they are written", () => {
  assert.ok(eventTypes.length >= 20);
  fc.assert(
    fc.property(
      fc
        .constantFrom(...eventTypes, Pool as unknown as EventType, EventEmitted as unknown as EventType)
        .chain((type) => fc.tuple(fc.constant(type), messageOf(type))),
      ([type, value]) => {
        const json = toProtoJson(descriptors(), type.$type, type.encode(value as never).finish());
        const expected = Object.entries(json as Readonly<Record<string, unknown>>)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, field]) => ({ key, value: JSON.stringify(field) }));
        assert.deepEqual(format(type as never, value), { type: type.$type, attributes: expected });
        const mark = { key: "msg_index", value: "3" };
        assert.deepEqual(format(type as never, value, mark), { type: type.$type, attributes: [...expected, mark] });
      },
    ),
    { seed: 20261129, numRuns: 1000 },
  );
});

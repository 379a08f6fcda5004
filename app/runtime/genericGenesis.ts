import { type BoundItem, type BoundMap, type BoundModule, type Ctx, type ReadCtx, sdkError } from "#sdk";
import type { ValueCodec } from "../sdk/codec.ts";
import { type ItemDef, type MapDef, valueCodec } from "../sdk/collections.ts";
import type { GenesisWire } from "./wire.ts";

type AnyMapDef = MapDef<unknown, unknown, object>;
type AnyItemDef = ItemDef<unknown>;

/** Genesis of a module without a format of its own: its params, and each collection under its name; maps as lists of `[key, value]`. */
export function exportGeneric(module: BoundModule, wire: GenesisWire, ctx: ReadCtx): Readonly<Record<string, unknown>> {
  const json: Record<string, unknown> = {};
  if (module.params !== undefined) json["params"] = messageToJson(wire, module.params.type, module.params.item.get(ctx));
  for (const [name, def] of Object.entries(module.spec.state)) {
    if (def.kind === "map") {
      const { key, value } = def as AnyMapDef;
      const codec = valueCodec(value);
      const map = module.state[name] as BoundMap<unknown, unknown, object>;
      json[name] = [...map.entries(ctx)].map(([k, v]) => [key.toJson(k), valueToJson(wire, codec, v)]);
    } else {
      const value = (module.state[name] as BoundItem<unknown>).find(ctx);
      if (value !== undefined) json[name] = valueToJson(wire, valueCodec((def as AnyItemDef).value), value);
    }
  }
  return json;
}

/** The generic genesis of a module that never ran: its default params. */
export function defaultGenericGenesis(module: BoundModule, wire: GenesisWire): Readonly<Record<string, unknown>> {
  return module.params === undefined ? {} : { params: messageToJson(wire, module.params.type, module.params.default) };
}

/**
 * Writes what {@link exportGeneric} gave.
 * @throws sdk/17 with the path of what is unknown or malformed; whatever the module finds wrong with its params
 */
export function importGeneric(module: BoundModule, wire: GenesisWire, ctx: Ctx, json: unknown): void {
  // The SDK writes `null` for a module that keeps nothing.
  if (json === null && module.params === undefined && Object.keys(module.spec.state).length === 0) return;
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw sdkError.jsonUnmarshal("an object expected");
  for (const [name, content] of Object.entries(json)) {
    if (name === "params" && module.params !== undefined) {
      const params = module.params.type.decode(wire.fromJson(module.params.type.$type, content));
      module.params.validate(params);
      module.params.item.set(ctx, params);
      continue;
    }
    const def = module.spec.state[name];
    if (def === undefined) throw sdkError.jsonUnmarshal(`${name}: no such collection`);
    if (def.kind === "map") importMap(module.state[name] as BoundMap<unknown, unknown, object>, def as AnyMapDef, wire, ctx, name, content);
    else (module.state[name] as BoundItem<unknown>).set(ctx, valueFromJson(wire, valueCodec((def as AnyItemDef).value), content));
  }
}

function importMap(
  map: BoundMap<unknown, unknown, object>,
  def: AnyMapDef,
  wire: GenesisWire,
  ctx: Ctx,
  name: string,
  content: unknown,
): void {
  if (!Array.isArray(content)) throw sdkError.jsonUnmarshal(`${name}: a list of [key, value] expected`);
  const codec = valueCodec(def.value);
  for (const [index, pair] of content.entries()) {
    if (!Array.isArray(pair) || pair.length !== 2) throw sdkError.jsonUnmarshal(`${name}[${index}]: [key, value] expected`);
    const key = def.key.fromJson(pair[0]);
    if (map.has(ctx, key)) throw sdkError.jsonUnmarshal(`${name}[${index}]: key ${JSON.stringify(pair[0])} occurs twice`);
    map.set(ctx, key, valueFromJson(wire, codec, pair[1]));
  }
}

function messageToJson(
  wire: GenesisWire,
  type: { readonly $type: string; encode(message: unknown): { finish(): Uint8Array } },
  message: unknown,
): unknown {
  return wire.toJson(type.$type, type.encode(message).finish());
}

function valueToJson(wire: GenesisWire, { json, encode }: ValueCodec<unknown>, value: unknown): unknown {
  return "proto" in json ? wire.toJson(json.proto, withoutMarker(encode(value))) : json.to(value);
}

function valueFromJson(wire: GenesisWire, { json, decode }: ValueCodec<unknown>, content: unknown): unknown {
  return "proto" in json ? decode(wire.fromJson(json.proto, content)) : json.from(content);
}

/** State marks a message of defaults with one zero byte, which is no protobuf. */
function withoutMarker(bytes: Uint8Array): Uint8Array {
  return bytes.length === 1 && bytes[0] === 0 ? bytes.subarray(1) : bytes;
}

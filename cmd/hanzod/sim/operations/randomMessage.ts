// Messages of any type from its descriptor: fields are filled by their type, scalar and name, mostly with what makes sense, sometimes with what
// does not. A new message of a new module is covered without a line here.
import type { FieldDescriptor } from "../../../../app/encoding/descriptorModel.ts";
import type { Descriptors } from "../../../../app/encoding/descriptors.ts";
import { fromProtoJson } from "../../../../app/encoding/protoJsonParse.ts";
import { CHAIN } from "../../../../app/hanzo.ts";
import { operatorOf } from "./operator.ts";

/** A seeded source of numbers. */
export interface Random {
  /** A whole number from 0 to limit − 1. @param limit 1 … 2^32 */
  below(limit: number): number;
}

/** What messages may name. */
export interface World {
  readonly descriptors: Descriptors;
  /** Accounts and module accounts. */
  readonly addresses: readonly string[];
  readonly pools: readonly string[];
  readonly denoms: readonly string[];
}

/** One of a list. @param list not empty */
export function pick<T>(random: Random, list: readonly T[]): T {
  const found = list[random.below(list.length)];
  if (found === undefined) throw new Error("a list that is not empty expected");
  return found;
}

const oddAmounts = ["", "0", "-1", "01", "1e3", "0x11", String(2n ** 64n), String(2n ** 127n), String(2n ** 128n), String(2n ** 256n)];
const oddTexts = ["", "__proto__", "constructor", "1", "a/b", "é", "\u0000", "x".repeat(200), "İstanbul", "aai "];
/** Powers of ten of sensible amounts: single units, resource tokens, credit and prices. */
const scales = [0, 3, 6, 9, 12, 15, 18, 18, 19];
const deepest = 5;

function amount(random: Random): string {
  if (random.below(10) === 0) return pick(random, oddAmounts);
  return String(BigInt(1 + random.below(999)) * 10n ** BigInt(pick(random, scales)));
}

function textOf(random: Random, world: World, { name, options }: FieldDescriptor): string {
  if (options.scalar === "cosmos.Int" || options.scalar === "cosmos.Dec" || /amount|e18$|credit|resource/.test(name)) return amount(random);
  if (random.below(12) === 0) return pick(random, oddTexts);
  if (options.scalar?.includes("Address") === true || /address|sender|owner|authority/.test(name)) return pick(random, world.addresses);
  if (/denom/.test(name)) return pick(random, world.denoms);
  if (/pool/.test(name)) return pick(random, world.pools);
  return pick(random, [...world.pools, ...world.denoms, "text"]);
}

function number(random: Random): string {
  return random.below(12) === 0 ? pick(random, ["0", "4294967295", "2147483647"]) : String(random.below(24));
}

function base64(random: Random): string {
  const length = pick(random, [0, 1, 20, 32, 32, 32, 33]);
  return Buffer.from(Array.from({ length }, () => random.below(256))).toString("base64");
}

function fieldValue(random: Random, world: World, field: FieldDescriptor, depth: number): unknown {
  switch (field.kind) {
    case "string":
      return textOf(random, world, field);
    case "bytes":
      return base64(random);
    case "bool":
      return random.below(2) === 0;
    case "enum":
      return pick(random, [...world.descriptors.getEnum(field.typeName).values.map(({ number: value }) => value), 99]);
    case "message":
      return messageValue(random, world, field.typeName, depth + 1);
    case "double":
    case "float":
      return 0;
    default:
      return number(random);
  }
}

function messageValue(random: Random, world: World, typeName: string, depth: number): unknown {
  if (typeName === "google.protobuf.Timestamp")
    return `20${10 + random.below(80)}-0${1 + random.below(9)}-11T10:00:00.${random.below(1000)}Z`;
  if (typeName === "google.protobuf.Duration") return `${random.below(1_000_000)}s`;
  if (typeName === "google.protobuf.Any") return null;
  const json: Record<string, unknown> = {};
  if (depth > deepest) return json;
  const seen = new Set<string>();
  for (const field of world.descriptors.getMessage(typeName).fields) {
    if (random.below(14) === 0 || (field.oneof !== undefined && seen.has(field.oneof)) || field.map) continue;
    if (field.oneof !== undefined) seen.add(field.oneof);
    const one = (): unknown => fieldValue(random, world, field, depth);
    json[field.name] = field.repeated ? Array.from({ length: random.below(4) }, one) : one();
  }
  return json;
}

/** Names the signer wherever the type says that one signs. */
function setSigner(world: World, typeName: string, json: Record<string, unknown>, signer: string): void {
  for (const name of world.descriptors.getMessage(typeName).signer) {
    const field = world.descriptors.getMessage(typeName).findFieldByName(name);
    if (field?.options.scalar === "cosmos.ValidatorAddressString")
      json[name] = operatorOf({ prefix: CHAIN.bech32Prefix }, { address: signer });
    else if (field?.kind !== "message") json[name] = signer;
    // Signers inside of a list, such as the inputs of a multi-send.
    else if (Array.isArray(json[name])) for (const part of json[name]) setSigner(world, field.typeName, part, signer);
  }
}

/**
 * A message of a type on the wire.
 * @param fixed fields with a value of their own, by proto name
 */
export function randomMessage(
  random: Random,
  world: World,
  typeName: string,
  signer: string,
  fixed: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  const json = { ...(messageValue(random, world, typeName, 0) as Record<string, unknown>), ...fixed };
  setSigner(world, typeName, json, signer);
  return fromProtoJson(world.descriptors, typeName, json);
}

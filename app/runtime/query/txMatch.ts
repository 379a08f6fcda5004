import type { Event } from "#proto/tendermint/abci/types";
import { parseTimestamp } from "../../encoding/timeText.ts";
import type { Condition } from "./txQuery.ts";

/** Conditions that are about the transaction's place, not about its events. */
export const HEIGHT_KEY = "tx.height";
export const HASH_KEY = "tx.hash";
/** Names the kind of event of a subscription; every transaction is one. */
const KIND_KEY = "tm.event";

/** Conditions on events, by what they are about: all of one attribute must hold for the same value. */
export type EventConditions = ReadonlyMap<string, readonly Condition[]>;

/** Conditions on events of a query, grouped by attribute. */
export function eventConditions(conditions: readonly Condition[]): EventConditions {
  const groups = new Map<string, Condition[]>();
  for (const condition of conditions) {
    const { key } = condition;
    if (key === HEIGHT_KEY || key === HASH_KEY || key === KIND_KEY) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [condition]);
    else group.push(condition);
  }
  return groups;
}

/** Whether one event of a transaction or block meets all conditions, as in CometBFT's index: what two events meet together finds nothing. */
export function matchesEvents(events: readonly Event[] | undefined, groups: EventConditions): boolean {
  return groups.size === 0 || (events ?? []).some((event) => matchesEvent(event, groups));
}

function matchesEvent({ type, attributes }: Event, groups: EventConditions): boolean {
  for (const [key, conditions] of groups) {
    const met = attributes.some(
      (attribute) => `${type}.${attribute.key}` === key && conditions.every((one) => meets(attribute.value, one)),
    );
    if (!met) return false;
  }
  return true;
}

/** Whether a text meets a condition. Texts that are no numbers or times meet no comparison with one. */
export function meets(value: string, { operator, operand }: Condition): boolean {
  switch (operand.kind) {
    case "none":
      return true;
    case "text":
      return operator === "CONTAINS" ? value.includes(operand.text) : value === operand.text;
    case "number": {
      const found = /^([0-9]{1,96})(?:\.([0-9]{1,18}))?$/.exec(value);
      if (found === null) return false;
      const fraction = found[2] ?? "";
      const mine = BigInt((found[1] ?? "") + fraction) * 10n ** BigInt(operand.scale);
      return compares(mine - operand.digits * 10n ** BigInt(fraction.length), operator);
    }
    case "time": {
      const ns = timeOf(value);
      return ns !== undefined && compares(ns - operand.ns, operator);
    }
  }
}

function timeOf(text: string): bigint | undefined {
  try {
    const { seconds, nanos } = parseTimestamp(text);
    return seconds * 1_000_000_000n + BigInt(nanos);
  } catch {
    return undefined;
  }
}

function compares(difference: bigint, operator: Condition["operator"]): boolean {
  switch (operator) {
    case "<":
      return difference < 0n;
    case "<=":
      return difference <= 0n;
    case ">":
      return difference > 0n;
    case ">=":
      return difference >= 0n;
    default:
      return difference === 0n;
  }
}

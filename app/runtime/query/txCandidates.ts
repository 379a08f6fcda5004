// Finds the transactions that meet the conditions of a search: postings of the event index give candidates, the events themselves decide.

import type { TxResult } from "#proto/tendermint/abci/types";
import { invalidArgument } from "#sdk";
import { fromHex } from "../../encoding/bytes.ts";
import type { ChainHead } from "../chainHead.ts";
import { type Posted, postingRange, readPosting } from "../eventIndex.ts";
import { findTx, PlacedTxs, txPlaces } from "../indexedTxs.ts";
import { type EventConditions, eventConditions, HASH_KEY, HEIGHT_KEY, matchesEvents, meets } from "./txMatch.ts";
import type { Condition } from "./txQuery.ts";

/** Most transactions that a search looks at, and most places that one condition may post: what bounds the work of one request. */
const MAX_LOOKED_AT = 10_000;
const MAX_POSTED = 200_000;

/** What is searched: the rows of a chain's index, up to its height. */
export type SearchedChain = Pick<ChainHead, "height" | "store" | "index">;

/** Places of transactions as height·2²⁰ + index: blocks hold far fewer transactions than that. */
type Place = bigint;
const INDEX_BITS = 20n;
const placeOf = (height: bigint, index: number): Place => (height << INDEX_BITS) | BigInt(index);

/**
 * Transactions that meet all conditions, by height and index.
 * @returns undefined when only the engine could tell: this node keeps no index of events, and no height or hash is named
 * @throws QueryError InvalidArgument when the search would look at too many transactions
 */
export async function findMatching(head: SearchedChain, conditions: readonly Condition[]): Promise<readonly TxResult[] | undefined> {
  const heights = heightRange(conditions, head.height);
  const events = eventConditions(conditions);
  const hashes = conditions.filter(({ key }) => key === HASH_KEY).map(hashOf);
  if (hashes[0] !== undefined) return findByHash(head, hashes[0], hashes, conditions, events);
  const named = conditions.some(({ key }) => key === HEIGHT_KEY);
  if (!head.index.events && !named && events.size > 0) return undefined;
  const places = head.index.events && events.size > 0 ? await postedPlaces(head, events, heights) : undefined;
  return verify(head, places ?? (await allPlaces(head, heights)), conditions, events);
}

function hashOf({ operator, operand }: Condition): string {
  if (operator !== "=" || operand.kind !== "text" || !/^[0-9a-fA-F]{64}$/.test(operand.text))
    throw invalidArgument("tx.hash='…' with 64 hexadecimal digits expected");
  return operand.text.toLowerCase();
}

async function findByHash(
  head: SearchedChain,
  hash: string,
  hashes: readonly string[],
  conditions: readonly Condition[],
  events: EventConditions,
): Promise<readonly TxResult[]> {
  if (hashes.some((other) => other !== hash)) return [];
  const found = await findTx(head.store, fromHex(hash));
  return found !== undefined && meetsHeights(found.height, conditions) && matchesEvents(found.result?.events, events) ? [found] : [];
}

const meetsHeights = (height: bigint, conditions: readonly Condition[]): boolean =>
  conditions.every((condition) => condition.key !== HEIGHT_KEY || meets(String(height), condition));

interface Heights {
  readonly from: bigint;
  readonly to: bigint;
}

/** Heights that conditions on tx.height leave; a height may stand in quotes. */
function heightRange(conditions: readonly Condition[], newest: bigint): Heights {
  let from = 1n;
  let to = newest;
  for (const { key, operator, operand } of conditions) {
    if (key !== HEIGHT_KEY) continue;
    const text = operand.kind === "text" || operand.kind === "number" ? operand.text : "";
    if (!/^[0-9]{1,18}$/.test(text)) {
      if (operator === "EXISTS") continue;
      throw invalidArgument(`a height expected behind tx.height${operator}, got ${JSON.stringify(text)}`);
    }
    const height = BigInt(text);
    if (operator === "=" || operator === ">=") from = from > height ? from : height;
    if (operator === "=" || operator === "<=") to = to < height ? to : height;
    if (operator === ">") from = from > height + 1n ? from : height + 1n;
    if (operator === "<") to = to < height - 1n ? to : height - 1n;
  }
  return { from, to };
}

/** Where the postings of a condition are: an exact text is rarer than the name of an attribute. */
function postedOf([key, conditions]: readonly [string, readonly Condition[]]): Posted {
  for (const { operator, operand } of conditions) if (operator === "=" && operand.kind === "text") return { text: operand.text };
  return { name: key };
}

/** Places that stand in the postings of every condition, as far as these are short enough to be read; undefined when none is. */
async function postedPlaces(head: SearchedChain, events: EventConditions, heights: Heights): Promise<readonly Place[] | undefined> {
  const posted = [...events].map(postedOf).sort((a, b) => Number("name" in a) - Number("name" in b));
  let places: ReadonlySet<Place> | undefined;
  for (const one of posted) {
    // Names alone are everywhere: once a text has narrowed the search they save nothing.
    if (places !== undefined && "name" in one) break;
    const found = await readPlaces(head, one, heights);
    if (found === undefined) continue;
    const before: ReadonlySet<Place> | undefined = places;
    places = before === undefined ? found : new Set([...found].filter((place) => before.has(place)));
  }
  return places === undefined ? undefined : [...places];
}

async function readPlaces(head: SearchedChain, posted: Posted, { from, to }: Heights): Promise<Set<Place> | undefined> {
  const places = new Set<Place>();
  if (from > to) return places;
  for await (const [key, value] of head.store.rows(postingRange(posted, from, to))) {
    const { height, indices } = readPosting(key, value);
    for (const index of indices) places.add(placeOf(height, index));
    if (places.size > MAX_POSTED) return undefined;
  }
  return places;
}

async function allPlaces(head: SearchedChain, { from, to }: Heights): Promise<readonly Place[]> {
  const places = new Set<Place>();
  if (from > to) return [];
  for await (const { height, index } of txPlaces(head.store, from, to)) {
    places.add(placeOf(height, index));
    if (places.size > MAX_LOOKED_AT) throw tooMany();
  }
  return [...places];
}

function tooMany(): Error {
  return invalidArgument(`a search that looks at no more than ${MAX_LOOKED_AT} transactions expected; narrow it with tx.height`);
}

async function verify(
  head: SearchedChain,
  places: readonly Place[],
  conditions: readonly Condition[],
  events: EventConditions,
): Promise<readonly TxResult[]> {
  if (places.length > MAX_LOOKED_AT) throw tooMany();
  const found: TxResult[] = [];
  const reader = new PlacedTxs(head.store);
  for (const place of places.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))) {
    const height = place >> INDEX_BITS;
    if (!meetsHeights(height, conditions)) continue;
    const tx = await reader.find({ height, index: Number(BigInt.asUintN(Number(INDEX_BITS), place)) });
    if (tx !== undefined && matchesEvents(tx.result?.events, events)) found.push(tx);
  }
  return found;
}

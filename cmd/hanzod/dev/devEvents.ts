import { createHash } from "node:crypto";
import type { Event } from "#proto/tendermint/abci/types";
import { meets } from "../../../app/runtime/query/txMatch.ts";
import type { Condition } from "../../../app/runtime/query/txQuery.ts";
import { blockIdJson, blockJson, headerJson, hexJson, txEventJson } from "./cometJson.ts";
import type { DevBlock } from "./devBlock.ts";
import { blockResultsJson } from "./devRpcMethods.ts";

/** Something that happened, as CometBFT tells it to its subscribers. */
export interface DevEvent {
  /** Values by `type.attribute`, and the names that CometBFT adds: `tm.event`, `tx.hash`, `tx.height`. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Made when somebody wants to hear of it. */
  data(): { readonly type: string; readonly value: object };
}

/** What a block is told as: itself, its header, and each of its transactions. */
export function eventsOf(block: DevBlock): readonly DevEvent[] {
  const { header, txs, response, blockId } = block;
  return [
    {
      values: valuesOf(response.events, [["tm.event", "NewBlock"]]),
      data: () => ({
        type: "tendermint/event/NewBlock",
        value: { ...blockJson(block), block_id: blockIdJson(blockId), result_finalize_block: finalizeJson(block) },
      }),
    },
    {
      values: valuesOf([], [["tm.event", "NewBlockHeader"]]),
      data: () => ({ type: "tendermint/event/NewBlockHeader", value: { header: headerJson(header) } }),
    },
    ...txs.map((tx, index): DevEvent => {
      const result = response.txResults[index];
      return {
        values: valuesOf(result?.events ?? [], [
          ["tm.event", "Tx"],
          ["tx.hash", hexJson(createHash("sha256").update(tx).digest())],
          ["tx.height", String(header.height)],
        ]),
        data: () => ({ type: "tendermint/event/Tx", value: { TxResult: txEventJson({ height: header.height, index, tx, result }) } }),
      };
    }),
  ];
}

/** Whether an event meets all conditions; each may be met by another value, as in CometBFT. */
export function meetsAll({ values }: DevEvent, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => values.get(condition.key)?.some((value) => meets(value, condition)) === true);
}

function valuesOf(events: readonly Event[], own: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  const add = (key: string, value: string): void => {
    const known = values.get(key);
    if (known === undefined) values.set(key, [value]);
    else known.push(value);
  };
  for (const { type, attributes } of events)
    for (const { key, value } of attributes) if (type !== "" && key !== "") add(`${type}.${key}`, value);
  for (const [key, value] of own) add(key, value);
  return values;
}

function finalizeJson(block: DevBlock): object {
  const { txs_results: results, finalize_block_events: events, ...rest } = blockResultsJson(block);
  return { ...rest, events, tx_results: results ?? [] };
}

import type { Event, ExecTxResult } from "#proto/tendermint/abci/types";
import type { ChainEvent } from "#sdk";
import type { TxOutcome } from "./tx.ts";

/** Events of something that never happens, so that nothing of them is indexed. */
export function toUnindexedEvents(events: readonly ChainEvent[]): Event[] {
  return events.map(({ type, attributes }) => ({ type, attributes: attributes.map(({ key, value }) => ({ key, value, index: false })) }));
}

/** Events in wire form; every attribute is indexed, and a mode (`BeginBlock`, `EndBlock`) stands last. */
export function toAbciEvents(events: readonly ChainEvent[], mode?: string): Event[] {
  return events.map(({ type, attributes }) => {
    const wire = attributes.map(({ key, value }) => ({ key, value, index: true }));
    if (mode !== undefined) wire.push({ key: "mode", value: mode, index: true });
    return { type, attributes: wire };
  });
}

/** The result of a transaction in a block. DETERMINISM: code, data, gas wanted and gas used are hashed into the next header. */
export function toExecTxResult(outcome: TxOutcome): ExecTxResult {
  const { error, data, gasWanted, gasUsed, events } = outcome;
  return {
    code: error?.code ?? 0,
    codespace: error?.codespace ?? "",
    log: error?.log ?? "",
    info: "",
    data,
    gasWanted: BigInt.asIntN(64, gasWanted),
    gasUsed: BigInt.asIntN(64, gasUsed),
    events: toAbciEvents(events),
  };
}

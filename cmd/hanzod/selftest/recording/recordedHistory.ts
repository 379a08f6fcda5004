// What the recorded chain remembers of its transactions: the rows that its index would have here. With them searches and answers about
// transactions are compared whole, although transactions of modules that are not here cannot be executed.
import { TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import { ExecTxResult } from "#proto/tendermint/abci/types";
import { sha256 } from "#sha256";
import { fromHex } from "../../../../app/encoding/bytes.ts";
import { eventRows } from "../../../../app/runtime/eventIndex.ts";
import { blockRow, FULL_TX_INDEX, type IndexRow } from "../../../../app/runtime/txIndex.ts";
import { TxRowWriter } from "../../../../app/runtime/txRows.ts";
import type { ChainFacts } from "./chainFacts.ts";
import type { RecordedTx, Recording } from "./recording.ts";

/** Rows of the transaction index for all recorded blocks. */
export function recordedHistory(recording: Recording, { timesNs }: ChainFacts): readonly IndexRow[] {
  return [...[...timesNs].map(([height, ns]) => blockRow(height, ns)), ...[...recordedTxRows(recording).values()].flat()];
}

/** Rows of the transaction index for recorded transactions, by height. */
export function recordedTxRows({ tx }: Recording): ReadonlyMap<bigint, readonly IndexRow[]> {
  const blocks = new Map<bigint, RecordedTx[]>();
  for (const one of tx?.txs ?? []) {
    const height = BigInt(one.height);
    blocks.set(height, [...(blocks.get(height) ?? []), one]);
  }
  return new Map([...blocks].map(([height, txs]) => [height, blockRows(height, txs)]));
}

function blockRows(height: bigint, recorded: readonly RecordedTx[]): IndexRow[] {
  // By place in the block; a recording may leave transactions out.
  const txs: Uint8Array[] = [];
  const results: ExecTxResult[] = [];
  for (const one of recorded) {
    txs[one.index] = txBytes(one);
    results[one.index] = execResult(one);
  }
  const writer = new TxRowWriter(
    height,
    Array.from(txs),
    Array.from(results, (result) => result && ExecTxResult.encode(result).finish()),
  );
  const rows = writer.contents();
  txs.forEach((tx, index) => {
    rows.push(writer.place(index, sha256(tx)));
  });
  const whole = Array.from(results, (result) => result ?? ExecTxResult.fromPartial({}));
  return [...rows, ...eventRows(height, whole, FULL_TX_INDEX)];
}

/** A recorded transaction as it was sent. */
export function txBytes({ body_bytes, auth_info_bytes, signatures }: RecordedTx): Uint8Array {
  return TxRaw.encode({
    bodyBytes: fromHex(body_bytes),
    authInfoBytes: fromHex(auth_info_bytes),
    signatures: signatures.map(fromHex),
  }).finish();
}

function execResult({ result }: RecordedTx): ExecTxResult {
  return ExecTxResult.fromPartial({
    code: result.code,
    codespace: result.codespace,
    data: fromHex(result.data),
    log: result.log,
    gasWanted: BigInt(result.gas_wanted),
    gasUsed: BigInt(result.gas_used),
    events: result.events.map(([type, attributes]) => ({
      type,
      attributes: attributes.map(([key, value, indexed = true]) => ({ key, value, index: indexed })),
    })),
  });
}

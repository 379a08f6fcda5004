import { createHash } from "node:crypto";
import type { ExecTxResult, ResponseQuery, TxResult } from "#proto/tendermint/abci/types";
import type { ConsensusParams } from "#proto/tendermint/types/params";
import type { BlockID, Header } from "#proto/tendermint/types/types";
import { formatTimestamp } from "../../../app/encoding/timeText.ts";
import type { DevBlock } from "./devBlock.ts";

/** Upper-case hexadecimal, as CometBFT writes hashes. */
export function hexJson(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex").toUpperCase();
}

/** Base64, as CometBFT writes all other bytes. */
export function bytesJson(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

/** A time; CometBFT shows all nine decimals or fewer, wallets read both. */
export function timeJson(time: Header["time"]): string {
  return formatTimestamp(time ?? { seconds: 0n, nanos: 0 }, "shortest");
}

export function blockIdJson({ hash, partSetHeader }: BlockID): object {
  return { hash: hexJson(hash), parts: { total: partSetHeader?.total ?? 0, hash: hexJson(partSetHeader?.hash ?? new Uint8Array(0)) } };
}

export function headerJson(header: Header): object {
  return {
    version: { block: String(header.version?.block ?? 0n), app: String(header.version?.app ?? 0n) },
    chain_id: header.chainId,
    height: String(header.height),
    time: timeJson(header.time),
    last_block_id: header.lastBlockId === undefined ? { hash: "", parts: { total: 0, hash: "" } } : blockIdJson(header.lastBlockId),
    last_commit_hash: hexJson(header.lastCommitHash),
    data_hash: hexJson(header.dataHash),
    validators_hash: hexJson(header.validatorsHash),
    next_validators_hash: hexJson(header.nextValidatorsHash),
    consensus_hash: hexJson(header.consensusHash),
    app_hash: hexJson(header.appHash),
    last_results_hash: hexJson(header.lastResultsHash),
    evidence_hash: hexJson(header.evidenceHash),
    proposer_address: hexJson(header.proposerAddress),
  };
}

/** A commit that nobody signed. */
export function commitJson(height: bigint, blockId: BlockID): object {
  return { height: String(height), round: 0, block_id: blockIdJson(blockId), signatures: [] };
}

export function blockJson({ blockId, header, txs }: DevBlock): object {
  const last = header.lastBlockId ?? { hash: new Uint8Array(0), partSetHeader: undefined };
  return {
    block_id: blockIdJson(blockId),
    block: {
      header: headerJson(header),
      data: { txs: txs.map(bytesJson) },
      evidence: { evidence: [] },
      last_commit: commitJson(header.height - 1n, last),
    },
  };
}

export function txResultJson(result: ExecTxResult): object {
  const { code, data, log, info, gasWanted, gasUsed, events, codespace } = result;
  return {
    code,
    data: data.length === 0 ? null : bytesJson(data),
    log,
    info,
    gas_wanted: String(gasWanted),
    gas_used: String(gasUsed),
    events,
    codespace,
  };
}

export function foundTxJson({ height, index, tx, result }: TxResult): object {
  const hash = hexJson(createHash("sha256").update(tx).digest());
  return { hash, height: String(height), index, tx_result: result === undefined ? {} : txResultJson(result), tx: bytesJson(tx) };
}

/** A transaction as subscribers hear of it: without its hash. */
export function txEventJson({ height, index, tx, result }: { readonly [K in keyof TxResult]: TxResult[K] | undefined }): object {
  return {
    height: String(height),
    index,
    tx: bytesJson(tx ?? new Uint8Array(0)),
    result: result === undefined ? {} : txResultJson(result),
  };
}

export function queryJson({ code, log, info, index, key, value, proofOps, height, codespace }: ResponseQuery): object {
  const ops = proofOps?.ops.map((op) => ({ type: op.type, key: bytesJson(op.key), data: bytesJson(op.data) }));
  return {
    code,
    log,
    info,
    index: String(index),
    key: bytesJson(key),
    value: bytesJson(value),
    proofOps: ops === undefined ? null : { ops },
    height: String(height),
    codespace,
  };
}

/** Parameters of the consensus. */
export function consensusParamsJson(params: ConsensusParams | undefined): object {
  const { block, evidence, validator, version, abci } = params ?? {};
  const { seconds, nanos } = evidence?.maxAgeDuration ?? { seconds: 0n, nanos: 0 };
  return {
    block: { max_bytes: String(block?.maxBytes ?? 0n), max_gas: String(block?.maxGas ?? 0n) },
    evidence: {
      max_age_num_blocks: String(evidence?.maxAgeNumBlocks ?? 0n),
      max_age_duration: String(seconds * 1_000_000_000n + BigInt(nanos)),
      max_bytes: String(evidence?.maxBytes ?? 0n),
    },
    validator: { pub_key_types: validator?.pubKeyTypes ?? [] },
    version: { app: String(version?.app ?? 0n) },
    abci: { vote_extensions_enable_height: String(abci?.voteExtensionsEnableHeight ?? 0n) },
  };
}

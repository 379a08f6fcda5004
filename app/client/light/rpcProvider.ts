import type { BlockID, Commit, CommitSig, Header } from "#proto/tendermint/types/types";
import type { BlockIDFlag, Validator } from "#proto/tendermint/types/validator";
import { fromBase64, fromHex, toHex } from "../../encoding/bytes.ts";
import { parseTimestamp } from "../../encoding/timeText.ts";
import type { ProofOp } from "../../proof/proofOps.ts";
import { JsonReader } from "./jsonReader.ts";
import type { LightProvider, StateAnswer } from "./lightBlock.ts";
import { LightError } from "./lightError.ts";
import { MAX_VALIDATORS } from "./validatorSet.ts";

const PAGE = 100;
const TIMEOUT_MS = 10_000;
/** Larger answers are cut off: no header, commit or page of validators comes near. */
const MAX_ANSWER_CHARACTERS = 16 * 1024 * 1024;

/** How a provider asks. */
export interface RpcProviderOptions {
  /** Milliseconds until an answer is given up; 10,000 by default. */
  readonly timeoutMs?: number;
  /** Stands in for `fetch`. */
  readonly fetch?: typeof fetch;
}

/**
 * A light client's provider on CometBFT's JSON-RPC. Reads strictly: whatever is missing or has another form is an error that names the field.
 * @param url `http://host:port` or https
 */
export function createRpcProvider(url: string, options: RpcProviderOptions = {}): LightProvider {
  const call = (method: string, params: object): Promise<JsonReader> => callRpc(url, method, params, options);
  return {
    async latestHeight() {
      return (await call("status", {})).object("sync_info").int64("latest_block_height");
    },
    async lightBlock(height) {
      const signed = (await call("commit", { height: height.toString() })).object("signed_header");
      return {
        header: readHeader(signed.object("header")),
        commit: readCommit(signed.object("commit")),
        validators: await readValidators(call, height),
      };
    },
    async stateAnswer(store, key, height) {
      const params = { path: `/store/${store}/key`, data: toHex(key), height: height.toString(), prove: true };
      return readStateAnswer((await call("abci_query", params)).object("response"));
    },
  };
}

async function callRpc(url: string, method: string, params: object, options: RpcProviderOptions): Promise<JsonReader> {
  const { timeoutMs = TIMEOUT_MS, fetch: ask = fetch } = options;
  let text: string;
  try {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { "content-type": "application/json" };
    text = await (await ask(url, { method: "POST", body, headers, signal: AbortSignal.timeout(timeoutMs) })).text();
  } catch (cause) {
    throw new LightError("unavailable", `${method} at ${url}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (text.length > MAX_ANSWER_CHARACTERS)
    throw new LightError("malformed", `${method}: at most ${MAX_ANSWER_CHARACTERS} characters expected, got ${text.length}`);
  const answer = JsonReader.parse(method, text);
  const error = answer.find("error");
  if (error === undefined) return answer.object("result");
  const reason = `${error.text("message")} ${error.textOr("data", "")}`.trim();
  const kind = /must be less than or equal to the current blockchain height/.test(reason) ? "notCommitted" : "unavailable";
  throw new LightError(kind, `${method}: ${reason.slice(0, 500)}`);
}

async function readValidators(
  call: (method: string, params: object) => Promise<JsonReader>,
  height: bigint,
): Promise<readonly Validator[]> {
  const validators: Validator[] = [];
  for (let page = 1; ; page++) {
    const answer = await call("validators", { height: height.toString(), page: String(page), per_page: String(PAGE) });
    const total = answer.int64("total");
    const read = answer.list("validators").map(readValidator);
    validators.push(...read);
    if (total > BigInt(MAX_VALIDATORS)) throw new LightError("malformed", `validators: at most ${MAX_VALIDATORS} expected, got ${total}`);
    if (BigInt(validators.length) >= total || read.length === 0) return validators;
  }
}

function readValidator(json: JsonReader): Validator {
  const key = json.object("pub_key");
  const type = key.text("type");
  if (type !== "tendermint/PubKeyEd25519") throw new LightError("badValidators", `an ed25519 key expected, got ${type.slice(0, 64)}`);
  return {
    address: json.bytes("address", fromHex),
    pubKey: { ed25519: key.bytes("value", fromBase64) },
    votingPower: json.int64("voting_power"),
    // Decides whose turn it is to propose; no hash covers it and nothing here needs it.
    proposerPriority: 0n,
  };
}

function readHeader(json: JsonReader): Header {
  const version = json.object("version");
  return {
    version: { block: version.int64("block"), app: version.find("app") === undefined ? 0n : version.int64("app") },
    chainId: json.text("chain_id"),
    height: json.int64("height"),
    time: json.as("time", parseTimestamp),
    lastBlockId: readBlockId(json.object("last_block_id")),
    lastCommitHash: json.bytes("last_commit_hash", fromHex),
    dataHash: json.bytes("data_hash", fromHex),
    validatorsHash: json.bytes("validators_hash", fromHex),
    nextValidatorsHash: json.bytes("next_validators_hash", fromHex),
    consensusHash: json.bytes("consensus_hash", fromHex),
    appHash: json.bytes("app_hash", fromHex),
    lastResultsHash: json.bytes("last_results_hash", fromHex),
    evidenceHash: json.bytes("evidence_hash", fromHex),
    proposerAddress: json.bytes("proposer_address", fromHex),
  };
}

function readBlockId(json: JsonReader): BlockID {
  const parts = json.object("parts");
  return { hash: json.bytes("hash", fromHex), partSetHeader: { total: parts.integer("total"), hash: parts.bytes("hash", fromHex) } };
}

function readCommit(json: JsonReader): Commit {
  return {
    height: json.int64("height"),
    round: json.integer("round"),
    blockId: readBlockId(json.object("block_id")),
    signatures: json.list("signatures").map(readCommitSig),
  };
}

function readCommitSig(json: JsonReader): CommitSig {
  return {
    // A flag that is none of the four is refused by the verification.
    blockIdFlag: json.integer("block_id_flag") as BlockIDFlag,
    validatorAddress: json.bytes("validator_address", fromHex),
    timestamp: json.as("timestamp", parseTimestamp),
    signature: json.find("signature") === undefined ? new Uint8Array(0) : json.bytes("signature", fromBase64),
  };
}

function readStateAnswer(json: JsonReader): StateAnswer {
  if (json.find("code") !== undefined && json.integer("code") !== 0)
    throw new LightError("refused", `${json.textOr("codespace", "")}/${json.integer("code")} ${json.textOr("log", "").slice(0, 500)}`);
  const ops = json.find("proofOps")?.list("ops") ?? [];
  return {
    height: json.int64("height"),
    key: json.bytesOr("key", fromBase64),
    value: json.bytesOr("value", fromBase64),
    ops: ops.map((op): ProofOp => ({ type: op.text("type"), key: op.bytes("key", fromBase64), data: op.bytes("data", fromBase64) })),
  };
}

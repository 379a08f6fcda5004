import type { RequestQuery } from "#proto/tendermint/abci/types";
import { prefixEnd } from "#sdk";
import { concatBytes } from "../../encoding/bytes.ts";
import { encodeUvarint } from "../../encoding/varint.ts";
import type { KVReader } from "../../store/kv.ts";
import { StoreError } from "../../store/storeError.ts";
import type { ChainHead } from "../chainHead.ts";
import { type Answer, AnswerError } from "./answer.ts";
import { requestHeight } from "./requestHeight.ts";

/** Codes of codespace `store` as clients know them (cosmos-sdk store/types/errors). */
const CODE = { txDecode: 3, unknownRequest: 4, invalidRequest: 7 } as const;
const NO_PROOF = "proof is unexpectedly empty; ensure height has not been pruned: invalid request";

/** `/store/<name>/key`: a raw value, with its proof when asked for; `/store/<name>/subspace`: everything under a prefix. */
export function queryStore(head: ChainHead, path: readonly string[], request: RequestQuery): Answer {
  const [, name = "", ...rest] = path;
  if (rest.length === 0 && name !== "") throw new AnswerError("store", CODE.txDecode, "query cannot be zero length: tx parse error");
  const command = `/${rest.join("/")}`;
  if (request.prove && request.height > head.height) throw new AnswerError("store", CODE.invalidRequest, NO_PROOF);
  const height = requestHeight(head, request);
  if (command === "/subspace") return querySubspace(head, name, height, request.data);
  if (rest.length > 0 && command !== "/key") {
    readerOf(head, name, height);
    throw new AnswerError("store", CODE.unknownRequest, `unexpected query path: ${command}: unknown request`);
  }
  return queryKey(head, name, height, request);
}

function queryKey(head: ChainHead, name: string, height: bigint, { data: key, prove }: RequestQuery): Answer {
  const reader = readerOf(head, name, height);
  if (!prove) return { key, value: key.length === 0 ? EMPTY : (reader.get(key) ?? EMPTY), height };
  if (key.length === 0) throw new AnswerError("store", CODE.invalidRequest, NO_PROOF);
  const { value, ops } = head.store.prove(name, key, height);
  return { key, value: value ?? EMPTY, height, proofOps: { ops: ops.map(({ type, key: k, data }) => ({ type, key: k, data })) } };
}

/** Pairs in wire form: `pairs = 1 {key = 1, value = 2}`. */
function querySubspace(head: ChainHead, name: string, height: bigint, prefix: Uint8Array): Answer {
  const pairs: Uint8Array[] = [];
  const range =
    prefix.length === 0 || prefix.every((byte) => byte === 0xff) ? { start: prefix } : { start: prefix, end: prefixEnd(prefix) };
  for (const [key, value] of readerOf(head, name, height).iterate(range)) pairs.push(field(1, concatBytes(field(1, key), field(2, value))));
  return { key: prefix, value: concatBytes(...pairs), height };
}

/** A length-delimited field. */
function field(number: number, content: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of((number << 3) | 2), encodeUvarint(BigInt(content.length)), content);
}

const EMPTY = new Uint8Array(0);
/** Code of the store for a name that it was not opened with. */
const UNKNOWN_STORE = 6;

function readerOf(head: ChainHead, name: string, height: bigint): KVReader {
  try {
    const state = height === head.height ? head.store.latest() : head.store.at(height);
    return state.store(name);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.code === UNKNOWN_STORE) throw new AnswerError("store", CODE.unknownRequest, `no such store: ${name}: unknown request`);
    throw new AnswerError("store", CODE.invalidRequest, `${error.detail}: ${error.message}`);
  }
}

import type { GenesisState } from "#proto/cosmos/genutil/v1beta1/genesis";
import { sdkError } from "#sdk";

/** What each transaction does. */
const CREATE_VALIDATOR = "/cosmos.staking.v1beta1.MsgCreateValidator";
/** Most transactions of a genesis: many times the validators of any chain. */
const MOST_TXS = 10_000;
/** Most characters of one: all texts of a validator at their longest, every character escaped, and room for as much again. */
const MOST_CHARACTERS = 65_536;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The module's part of a genesis file: `{"gen_txs": [{"body": …, "auth_info": …, "signatures": […]}, …]}`.
 * @throws sdk/17 with the path of what is unknown, malformed or too much
 */
export function readGenTxs(json: unknown): GenesisState {
  if (!isObject(json)) throw sdkError.jsonUnmarshal("an object expected");
  const [unknown] = Object.keys(json).filter((key) => key !== "gen_txs");
  if (unknown !== undefined) throw sdkError.jsonUnmarshal(`${unknown}: field of ${GEN_TXS} expected`);
  const txs = json["gen_txs"] ?? [];
  if (!Array.isArray(txs)) throw sdkError.jsonUnmarshal("gen_txs: a list expected");
  if (txs.length > MOST_TXS) throw sdkError.jsonUnmarshal(`gen_txs: at most ${MOST_TXS} transactions expected, got ${txs.length}`);
  return { genTxs: (txs as readonly unknown[]).map(packGenTx) };
}

const GEN_TXS = "cosmos.genutil.v1beta1.GenesisState";

function packGenTx(tx: unknown, index: number): Uint8Array {
  if (!isObject(tx)) throw sdkError.jsonUnmarshal(`gen_txs[${index}]: a transaction expected`);
  const text = JSON.stringify(tx);
  if (text.length > MOST_CHARACTERS)
    throw sdkError.jsonUnmarshal(`gen_txs[${index}]: at most ${MOST_CHARACTERS} characters expected, got ${text.length}`);
  return encoder.encode(text);
}

/** What {@link readGenTxs} read, as the file has it. */
export function writeGenTxs({ genTxs }: GenesisState): unknown {
  return { gen_txs: genTxs.map(parseGenTx) };
}

/** JSON of one transaction. @throws sdk/17 when its bytes are none */
export function parseGenTx(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes)) as unknown;
  } catch {
    throw sdkError.jsonUnmarshal("the JSON of a transaction expected");
  }
}

/** @throws sdk/18 unless the transaction has one message, which creates a validator */
export function requireCreateValidator(tx: unknown): void {
  const body = isObject(tx) ? tx["body"] : undefined;
  const messages = isObject(body) ? body["messages"] : undefined;
  const types = Array.isArray(messages) ? messages.map((message: unknown) => (isObject(message) ? String(message["@type"]) : "")) : [];
  if (types.length !== 1 || types[0] !== CREATE_VALIDATOR)
    throw sdkError.invalidRequest(`body.messages: one ${CREATE_VALIDATOR} expected, got ${types.slice(0, 3).join(", ") || "none"}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

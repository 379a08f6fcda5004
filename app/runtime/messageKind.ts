import { type MsgData, TxMsgData } from "#proto/cosmos/base/abci/v1beta1/abci";
import { type BoundMethod, type EventAttribute, encodeMessage } from "#sdk";

/** What a message was answered with, by the type of the answer. */
export interface MessageResponse {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** What the results of all messages of one type have in common. */
export interface MessageKind {
  /** First attribute of their event. */
  readonly action: EventAttribute;
  /** Last one, unless the module said so itself: the second part of the type's name. */
  readonly module: EventAttribute | undefined;
  readonly responseUrl: string;
  /** Encoded TxMsgData of one of them without an answer. */
  readonly emptyData: Uint8Array;
}

/** A chain has some dozens of types: text that follows from one is not put together, nor looked for, with every message. */
const kinds = new WeakMap<BoundMethod, MessageKind>();

/** What goes for all messages that a method handles. */
export function messageKind(method: BoundMethod): MessageKind {
  let kind = kinds.get(method);
  if (kind === undefined) {
    const [module, responseUrl] = [moduleOf(method.path), `/${method.response.$type}`];
    kind = {
      action: { key: "action", value: method.path },
      module: module === undefined ? undefined : { key: "module", value: module },
      responseUrl,
      emptyData: encodeResponses([{ typeUrl: responseUrl, value: new Uint8Array(0) }]),
    };
    kinds.set(method, kind);
  }
  return kind;
}

/** The second part of a message's name: `bank` of `/cosmos.bank.v1beta1.MsgSend`. */
function moduleOf(path: string): string | undefined {
  const start = path.indexOf(".") + 1;
  const end = path.indexOf(".", start);
  return start === 0 ? undefined : path.slice(start, end < 0 ? undefined : end);
}

/** The answers to a transaction's messages as encoded TxMsgData. */
export function encodeResponses(responses: readonly MessageResponse[]): Uint8Array {
  const data: MsgData[] = [];
  return encodeMessage(TxMsgData, { data, msgResponses: [...responses] });
}

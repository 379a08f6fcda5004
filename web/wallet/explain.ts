// What went wrong, in words for the person before the screen.

/** A sentence and, for those who want it, what the node said. */
export interface Explanation {
  readonly sentence: string;
  readonly detail: string;
}

/** Fragments of errors of node, cosmjs and browser, with what they mean here. The first that fits counts. */
const MEANINGS: readonly (readonly [fragment: RegExp, sentence: string])[] = [
  [
    /failed to fetch|networkerror|load failed|fetch failed/i,
    "The node does not answer. Is the local chain running, and is the RPC address right?",
  ],
  [/does not exist on chain/, "This account has never received anything, so the chain does not know it yet. Send it some AI first."],
  [/insufficient funds|spendable balance/, "There is not enough in this account for that amount and the fee."],
  [/send transactions are disabled/, "This denomination cannot be sent to others."],
  [/is not allowed to receive funds/, "This address belongs to the chain itself and cannot receive anything."],
  [/limit of the order not met/, "The price moved while you were buying. Look at the new price and try again."],
  [/order would drain|largest part of the reserve/, "The order is too large for this pool. Buy less at once."],
  [/large orders must be committed/, "An order this large must be sealed first. Buy less at once."],
  [/order does not fit/, "The pool has sold what it may in this block. Buy less, or try again in a moment."],
  [/order is too small/, "The amount is too small to buy anything. Offer more."],
  [/pool is paused/, "This pool is paused. Choose another one or wait."],
  [/insufficient fee/, "The fee is below what this node accepts."],
  [/incorrect account sequence/, "Another transaction of this account came first. Try again."],
  [/out of gas/, "The transaction needed more gas than estimated. Try again."],
  [
    /decoding bech32 failed|invalid bech32|Invalid checksum|hrp|prefix/i,
    "That is not an address of this chain: it must begin with hanzo1, without a typing error.",
  ],
  [/Invalid mnemonic|word count|Invalid word/i, "That is not a recovery phrase: 12 or 24 English words are expected, separated by spaces."],
  [/was submitted but was not yet found/, "The transaction is sent, but no block has it yet. Look at the balances in a moment."],
];

/** Explains anything that was thrown. */
export function explain(thrown: unknown): Explanation {
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  const meaning = MEANINGS.find(([fragment]) => fragment.test(detail))?.[1];
  return meaning === undefined ? { sentence: detail, detail: "" } : { sentence: meaning, detail };
}

// Texts of errors: what clients match on must be there word for word; what Go's libraries or places in Go files say may be said otherwise.

/** Whether a text of this program may stand for a recorded one. */
export type TextRule = (recorded: string, mine: string) => boolean;

/** Texts that wallets, relayers and client libraries match on: where the recorded text has one, so must the own one. */
const CLIENT_TEXTS: readonly RegExp[] = [
  /rpc error: code = NotFound/i,
  /account sequence mismatch, expected \d+, got \d+: incorrect account sequence/,
  /key not found/,
  /insufficient fees; got: .* required: .*: insufficient fee/,
  /insufficient funds/,
  /out of gas/,
  /tx too large/,
  /unauthorized/,
  /tx timeout height/,
  /does not exist: unknown address/,
  /tx not found/,
];

/** Texts made by Go's parsers and decoders, by panics, or with places in Go files. */
const GO_TEXT =
  /invalid character '|encoding\/hex:|unknown (value|message type) "|illegal base64|invalid field number|^offset \d+|: offset \d+|strconv\.|math\/big|cannot unmarshal|errUnknownField|Mismatched "|could not consume|integer out of range|invalid length|proto: |Baseapp\.|recovered: |expected \d wire type|for type|expected to read prefix|JSON encoding of interfaces/;

/** Whether Go's libraries speak in a text. */
export function isGoText(recorded: string): boolean {
  return GO_TEXT.test(recorded);
}

/** Whether a text says that a grant, an allowance, a delegation or a redelegation is not there. */
export function isMissing(recorded: string): boolean {
  return /(authorization|fee-grant|redelegation) not found|^(rpc error: code = Internal desc = )?no delegation for/.test(recorded);
}

/** Any text that still says what clients match on. */
export const anyText: TextRule = (recorded, mine) => CLIENT_TEXTS.every((text) => !text.test(recorded) || text.test(mine));

/** The same text but for what a difference in its frame explains: gas figures, places in Go files, codespace and code in front. */
export const sameFrame: TextRule = (recorded, mine) => frame(recorded) === frame(mine);

function frame(text: string): string {
  return (
    text
      .trimEnd()
      .replace(/ \[[^\]]*\.go:\d+\]/g, "")
      // A granted message that fails: there all of its fields in the text format of protobuf, here its place and type.
      .replace(/(; message )(?:(?!index: )[a-z_]+:.*? : |\d+ \/\S+: )/gs, "$1…: ")
      .replace(/gas used: '\d+'/g, "gas used: …")
      .replace(/^grpc: error unmarshalling request: /, "")
      .replace(/^(rpc error: code = \w+ desc = )+/, "")
      .replace(/^codespace \S+ code \d+: ([^:]+): (.*)$/s, "$2: $1")
      .replace(/^codespace \S+ code \d+: /, "")
      .replace(/: (invalid request|unknown request|key not found)$/, "")
      .replace(/(: tx parse error){2}$/, ": tx parse error")
  );
}

/** Addresses of any prefix inside a text. Between raw ones there may be no blanks. */
const ADDRESSES = /(?:\S+1[02-9ac-hj-np-z]{38,} ?)+/;

/** The same text but for addresses: raw bytes there, which may be blanks and signs as well, and bech32 here. */
export const sameButAddresses: TextRule = (recorded, mine) => {
  const around = frame(mine).split(ADDRESSES);
  const literally = around.map((part) => part.replace(/[^\w\s]/gu, "\\$&"));
  return around.length > 1 && new RegExp(`^${literally.join("[^]+")}$`).test(frame(recorded));
};

/** Whether a text holds bytes that are no text. */
export function hasRawBytes(recorded: string): boolean {
  return recorded.includes("\ufffd");
}

import { readFileSync, writeFileSync } from "node:fs";
import { AuthInfo, Tx, TxBody } from "#proto/cosmos/tx/v1beta1/tx";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { toJson } from "../../shared/output.ts";
import type { TxBytes } from "./txBytes.ts";

/** A transaction in the making: its signed parts, decoded, and as many signatures as signer informations. */
export interface TxDocument {
  readonly body: TxBody;
  readonly authInfo: AuthInfo;
  readonly signatures: readonly Uint8Array[];
}

/** Most characters of a file with transactions: twice what a block holds, in base64. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** The text of a file, or of standard input for `-`. @throws CliError when it cannot be read or is too long */
export function readText(path: string): string {
  let text: string;
  try {
    text = readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (cause) {
    throw new CliError(`cannot read ${path === "-" ? "standard input" : path}`, { why: reasonOf(cause), cause });
  }
  if (text.length > MAX_CHARACTERS)
    throw new CliError(`${path} is too long`, { why: `at most ${MAX_CHARACTERS} characters are expected, got ${text.length}` });
  return text;
}

/**
 * A transaction as the SDK's tools write it: `{"body": …, "auth_info": …, "signatures": […]}`.
 * @throws CliError naming what is no transaction and the field that does not fit
 */
export function parseTxJson(text: string, source: string): TxDocument {
  try {
    return txDocument(fromProtoJson(descriptors(), Tx.$type, JSON.parse(text)));
  } catch (cause) {
    throw new CliError(`${source} holds no transaction`, {
      why: reasonOf(cause),
      next: "add --generate-only to a tx command to make one",
      cause,
    });
  }
}

/** Transactions of a text, one per line; empty lines count for nothing. @throws CliError naming the line that holds none, or when there is none at all */
export function parseTxLines(text: string, source: string): readonly TxDocument[] {
  const documents = linesOf(text).map(([line, number]) => parseTxJson(line, `line ${number} of ${source}`));
  if (documents.length === 0) throw new CliError(`${source} has no transactions`, { why: "one per line is expected" });
  return documents;
}

/** The lines of a text that are not empty, with their numbers from 1 on. */
export function linesOf(text: string): readonly (readonly [line: string, number: number])[] {
  return text.split("\n").flatMap((line, index): [string, number][] => (line.trim() === "" ? [] : [[line, index + 1]]));
}

/** JSON on one line. */
export function compactJson(value: unknown): string {
  return JSON.stringify(JSON.parse(toJson(value)));
}

/** A transaction from its bytes. */
function txDocument(bytes: Uint8Array): TxDocument {
  const { body, authInfo, signatures } = Tx.decode(bytes);
  return { body: body ?? TxBody.fromPartial({}), authInfo: authInfo ?? AuthInfo.fromPartial({}), signatures };
}

/** What is signed of a document. */
export function partsOf({ body, authInfo }: Pick<TxDocument, "body" | "authInfo">): TxBytes {
  return { bodyBytes: TxBody.encode(body).finish(), authInfoBytes: AuthInfo.encode(authInfo).finish() };
}

/** The JSON of an encoded transaction. */
export function txJson(bytes: Uint8Array): unknown {
  return toProtoJson(descriptors(), Tx.$type, bytes);
}

/** Writes a document where `--output-document` says, else to standard output. @param text one line or several, without the last line feed */
export function writeDocument(text: string, path: string | undefined): void {
  if (path === undefined || path === "-") {
    process.stdout.write(`${text}\n`);
    return;
  }
  try {
    writeFileSync(path, `${text}\n`, { mode: 0o600 });
  } catch (cause) {
    throw new CliError(`cannot write ${path}`, { why: reasonOf(cause), cause });
  }
}

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { image } from "#proto/image";
import { createAnyTypes } from "../../../app/encoding/anyTypes.ts";
import { fromBase64 } from "../../../app/encoding/bytes.ts";
import { createDescriptors } from "../../../app/encoding/descriptors.ts";
import { createStrictDecoder } from "../../../app/encoding/strictDecode.ts";
import type { RecordedSigning } from "../../../cmd/hanzod/selftest/recording/recording.ts";

/** Types of this chain, and the strict decoder over them. */
export const descriptors = createDescriptors(fromBase64(image));
export const strict = createStrictDecoder(descriptors, createAnyTypes(descriptors));

export interface CheckTxCase {
  readonly name: string;
  readonly tx?: string;
  readonly code?: number;
  readonly codespace?: string;
  readonly log?: string;
}

export type SigningCase = RecordedSigning;

export interface SignedTx {
  readonly name: string;
  readonly body_bytes: string;
  readonly auth_info_bytes: string;
  readonly signatures: readonly string[];
  readonly signed: readonly {
    readonly mode: string;
    readonly account_number: string;
    readonly sequence: string;
    readonly sign_bytes_sha256?: string;
    readonly sign_bytes_utf8?: string;
    readonly sign_bytes_hex?: string;
  }[];
}

interface Recordings {
  readonly checktx: { readonly cases: readonly CheckTxCase[] };
  readonly signing: { readonly cases: readonly SigningCase[] };
  readonly tx: { readonly chain_id: string; readonly txs: readonly SignedTx[] };
  readonly abci: {
    readonly abci_query: readonly {
      readonly path: string;
      readonly data: string;
      readonly code: number;
      readonly value: string;
      readonly note?: string;
    }[];
  };
  readonly rest: {
    readonly requests: readonly {
      readonly method: string;
      readonly path: string;
      readonly status: number;
      readonly body: unknown;
      readonly request_headers?: unknown;
    }[];
  };
}

function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

const root = projectRoot();
const named = process.env["HANZO_VECTORS"];
const outside = named ?? join(root, "../shared/vectors");
const copies = join(root, "test/vectors");
const folder = existsSync(join(outside, "sdk")) ? outside : copies;
if (folder === copies) console.log(`no recordings at ${outside}: using the copies in test/vectors`);

/** A recording of a Cosmos SDK 0.53.8 chain: from HANZO_VECTORS, else from ../shared/vectors, else the copy in test/vectors. */
export function readRecording<N extends keyof Recordings>(name: N): Recordings[N] {
  return JSON.parse(readFileSync(join(folder, "sdk", `${name}.json`), "utf8")) as Recordings[N];
}

/** Type URLs inside encoded messages that this chain does not know, so that a recorded case cannot apply to it. */
export function foreignTypes(hex: string): readonly string[] {
  const text = Buffer.from(hex, "hex").toString("latin1");
  const named = text.match(/\/[a-z][a-z0-9_]*(?:\.[a-zA-Z0-9_]+)+\.[A-Z][A-Za-z0-9]+/g) ?? [];
  return [...new Set(named)].filter((url) => descriptors.findMessage(url.slice(1)) === undefined);
}

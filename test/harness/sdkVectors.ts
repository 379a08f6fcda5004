import { readFileSync } from "node:fs";

/** A recorded answer of a Cosmos SDK chain to an ABCI query. */
export interface RecordedQuery {
  readonly path: string;
  readonly data: string;
  readonly code: number;
  readonly codespace?: string;
  readonly log?: string;
  readonly value: string;
  readonly height?: number;
}

/** A recorded answer to a REST request. */
export interface RecordedRest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body?: unknown;
  readonly request_headers?: Readonly<Record<string, string>>;
}

export type RecordedEvent = readonly [type: string, attributes: readonly (readonly [key: string, value: string])[]];

/** A recorded transaction. */
export interface RecordedTx {
  readonly name: string;
  readonly height: number;
  readonly body_bytes: string;
  readonly messages: readonly (Readonly<Record<string, unknown>> & { readonly "@type": string })[];
  readonly fee: { readonly amount: readonly { readonly denom: string; readonly amount: string }[] };
  readonly result: { readonly code: number; readonly codespace: string; readonly log: string; readonly events: readonly RecordedEvent[] };
}

interface SdkVectors {
  readonly abci: { readonly abci_query: readonly RecordedQuery[] };
  readonly rest: { readonly requests: readonly RecordedRest[] };
  readonly tx: { readonly txs: readonly RecordedTx[] };
  readonly genesis: { readonly genesis: RecordedGenesis; readonly exported: RecordedGenesis };
}

interface RecordedGenesis {
  readonly app_state: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Recordings of a Cosmos SDK 0.53.8 chain (test/vectors/sdk). */
export function readSdkVectors<N extends keyof SdkVectors>(name: N): SdkVectors[N] {
  return JSON.parse(readFileSync(new URL(`../../../test/vectors/sdk/${name}.json`, import.meta.url), "utf8")) as SdkVectors[N];
}

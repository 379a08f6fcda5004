import type { GenesisState } from "#proto/hanzo/experience/v1/genesis";
import type { Params, Schema } from "#proto/hanzo/experience/v1/types";
import { defaultGenesis } from "./genesis.ts";
import { DEFAULT_PARAMS } from "./params.ts";
import { newDomain } from "./schema.ts";

/** Schema v1: for each byte value a vector of 384 features. `specHash` is the SHA-256 of schemas/v1.md. */
export const SCHEMA_V1: Schema = {
  id: "v1",
  rows: 256,
  cols: 384,
  specHash: hexBytes("cea8ecb7be34b97f6ca5faefe742838587df6a18f1181c76908e6ca095452ef6"),
};

/** Domain of a new local chain. */
export const DEFAULT_DOMAIN = "default";

/** Windows of a local chain, where a whole round takes about two minutes of blocks of one second. */
export const LOCAL_PARAMS: Params = {
  ...DEFAULT_PARAMS,
  commitBlocks: 20n,
  revealBlocks: 20n,
  voteBlocks: 15n,
  voteRevealBlocks: 15n,
  aggregateDelayBlocks: 5n,
  challengeBlocks: 30n,
};

/** Registry of a chain on which schema v1 and one domain can be used at once. */
export function localExperienceGenesis(params: Params = LOCAL_PARAMS): GenesisState {
  return { ...defaultGenesis(params), schemas: [SCHEMA_V1], domains: [newDomain(SCHEMA_V1.id, DEFAULT_DOMAIN)] };
}

function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

import type { BlockInfo } from "#sdk";

/** A block of nobody: no votes, no misbehaviour. */
export const EMPTY_BLOCK: BlockInfo = {
  proposer: new Uint8Array(20),
  hash: new Uint8Array(32),
  nextValidatorsHash: new Uint8Array(32),
  appHash: new Uint8Array(32),
  lastCommit: [],
  misbehavior: [],
};

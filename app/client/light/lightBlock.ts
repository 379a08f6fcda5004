import type { Commit, Header } from "#proto/tendermint/types/types";
import type { Validator } from "#proto/tendermint/types/validator";
import type { ProofOp } from "../../proof/proofOps.ts";

/** A header with what proves it: the votes of its height and the validators who cast them, in the set's order. */
export interface LightBlock {
  readonly header: Header;
  readonly commit: Commit;
  readonly validators: readonly Validator[];
}

/** A node's answer to a query of its state, not yet proven. */
export interface StateAnswer {
  /** Height whose state was read. */
  readonly height: bigint;
  readonly key: Uint8Array;
  /** Empty when the key is absent. */
  readonly value: Uint8Array;
  readonly ops: readonly ProofOp[];
}

/** Where a light client gets what it then verifies. Nothing that a provider says is believed. */
export interface LightProvider {
  /** Height of the last block with a commit. @throws LightError unavailable, malformed */
  latestHeight(): Promise<bigint>;
  /** @throws LightError unavailable, malformed, notCommitted */
  lightBlock(height: bigint): Promise<LightBlock>;
  /** Value and proof of a key of a store after block `height`. @throws LightError unavailable, malformed, refused */
  stateAnswer(store: string, key: Uint8Array, height: bigint): Promise<StateAnswer>;
}

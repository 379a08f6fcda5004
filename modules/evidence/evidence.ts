import type { Any } from "#proto/google/protobuf/any";
import type { ConsensusParams } from "#proto/tendermint/types/params";
import type { AddressCodec, BoundMap, Ctx, ErrorConstructors, ReadCtx } from "#sdk";
import type { ValidatorInfo } from "../staking/index.ts";
import type { EVIDENCE_ERRORS } from "./errors.ts";

/** What x/evidence asks of x/slashing. */
export interface EvidenceSlashing {
  isTombstoned(ctx: ReadCtx, consAddress: Uint8Array): boolean;
  knowsKey(ctx: ReadCtx, consAddress: Uint8Array): boolean;
  slashDoubleSign(ctx: Ctx, consAddress: Uint8Array, height: bigint, power: bigint): void;
  jail(ctx: Ctx, consAddress: Uint8Array): void;
  jailUntil(ctx: Ctx, consAddress: Uint8Array, untilNs: bigint): void;
  tombstone(ctx: Ctx, consAddress: Uint8Array): void;
}

/** x/evidence as its transitions see it: the bound declaration. */
export interface Evidence {
  readonly state: { readonly evidence: BoundMap<Uint8Array, Any, object> };
  readonly needs: {
    readonly consensus: { params(ctx: ReadCtx): ConsensusParams | undefined };
    readonly staking: {
      findByConsAddress(ctx: ReadCtx, consAddress: Uint8Array): ValidatorInfo | undefined;
      findByRotatedConsAddress(ctx: ReadCtx, consAddress: Uint8Array): ValidatorInfo | undefined;
    };
    readonly slashing: EvidenceSlashing;
  };
  readonly err: ErrorConstructors<typeof EVIDENCE_ERRORS>;
  readonly address: AddressCodec;
}

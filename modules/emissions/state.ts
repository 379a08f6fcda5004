import { Authorization, type Params, Totals } from "#proto/hanzo/emissions/v1/types";
import { type BoundState, type Ctx, coll, type ErrorConstructors, latest, type ReadCtx, value } from "#sdk";
import type { EMISSIONS_ERRORS } from "./errors.ts";
import type { Allowance } from "./math.ts";

/** State of x/emissions: running sums, no lists. Each block reads what the last one wrote. */
export const state = {
  /** What blocks emitted since genesis. */
  totals: coll.item(1, latest(value.proto(Totals)), { emitted: "0", validators: "0", treasury: "0" }),
  /** What may be minted for verified work. */
  work: coll.item(2, latest(value.proto(Authorization)), { available: "0", authorized: "0", minted: "0", expired: "0" }),
  /** What may be minted for curators. */
  curation: coll.item(3, latest(value.proto(Authorization)), { available: "0", authorized: "0", minted: "0", expired: "0" }),
};

/** Purposes that are authorised and minted later. */
export type Purpose = "work" | "curation";

/** The module as its transitions see it: the bound declaration. */
export interface Emissions {
  readonly state: BoundState<typeof state>;
  readonly params: { get(ctx: ReadCtx): Params; set(ctx: Ctx, params: Params): void };
  readonly err: ErrorConstructors<typeof EMISSIONS_ERRORS>;
  readonly address: { format(bytes: Uint8Array): string };
  readonly chain: { readonly baseDenom: string };
  readonly needs: {
    readonly bank: {
      mint(ctx: Ctx, to: string, denom: string, amount: bigint): void;
      supply(ctx: ReadCtx, denom: string): bigint;
    };
  };
}

/** Numbers of a stored authorisation. */
export function decodeAllowance({ available, authorized, minted, expired }: Authorization): Allowance {
  return { available: BigInt(available), authorized: BigInt(authorized), minted: BigInt(minted), expired: BigInt(expired) };
}

/** Stored form of an authorisation. */
export function encodeAllowance({ available, authorized, minted, expired }: Allowance): Authorization {
  return {
    available: available.toString(),
    authorized: authorized.toString(),
    minted: minted.toString(),
    expired: expired.toString(),
  };
}

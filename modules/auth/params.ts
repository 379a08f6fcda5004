import type { Params } from "#proto/cosmos/auth/v1beta1/auth";
import { unregisteredError } from "#sdk";

/** Parameters of a new chain (cosmos-sdk x/auth DefaultParams). */
export const DEFAULT_PARAMS: Params = {
  maxMemoCharacters: 256n,
  txSigLimit: 7n,
  txSizeCostPerByte: 10n,
  sigVerifyCostEd25519: 590n,
  sigVerifyCostSecp256k1: 1000n,
};

/**
 * None of the limits and prices may be zero: it would switch a protection off.
 * @throws undefined/1 naming the parameter, as the SDK, which has no code for it.
 */
export function validateParams(params: Params): void {
  const parameters: readonly (readonly [name: string, value: bigint])[] = [
    ["tx signature limit", params.txSigLimit],
    ["ED25519 signature verification cost", params.sigVerifyCostEd25519],
    ["SECK256k1 signature verification cost", params.sigVerifyCostSecp256k1],
    ["max memo characters", params.maxMemoCharacters],
    ["tx size cost per byte", params.txSizeCostPerByte],
  ];
  for (const [name, value] of parameters) if (value === 0n) throw unregisteredError(`invalid ${name}: ${value}`);
}

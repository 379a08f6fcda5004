import { SimpleValidator, type Validator } from "#proto/tendermint/types/validator";
import { sha256 } from "#sha256";
import { equalBytes, toHex } from "../../encoding/bytes.ts";
import { LightError } from "./lightError.ts";
import { merkleRoot } from "./merkleRoot.ts";

const ADDRESS_LENGTH = 20;
const PUBLIC_KEY_LENGTH = 32;
/** CometBFT's limit of a set's power: 2^63−1 divided by eight. */
const MAX_TOTAL_POWER = ((1n << 63n) - 1n) / 8n;
/** More validators than any chain has; bounds the work that a provider can cause. */
export const MAX_VALIDATORS = 10_000;

/** Hash of a validator set: the Merkle root over public keys and powers in the set's order. Addresses and priorities are not covered. */
export function validatorsHash(validators: readonly Validator[]): Uint8Array {
  return merkleRoot(validators.map(({ pubKey, votingPower }) => SimpleValidator.encode({ pubKey, votingPower }).finish()));
}

/** Sum of the powers. */
export function totalPower(validators: readonly Validator[]): bigint {
  return validators.reduce((sum, { votingPower }) => sum + votingPower, 0n);
}

/**
 * Checks what the hash does not say: at least one validator, ed25519 keys, addresses that belong to them, nobody twice, positive powers within
 * CometBFT's limit.
 * @throws LightError badValidators
 */
export function requireValidSet(validators: readonly Validator[]): void {
  if (validators.length === 0 || validators.length > MAX_VALIDATORS)
    throw new LightError("badValidators", `1 to ${MAX_VALIDATORS} validators expected, got ${validators.length}`);
  const seen = new Set<string>();
  for (const [index, { address, pubKey, votingPower }] of validators.entries()) {
    const key = pubKey?.ed25519;
    if (key === undefined || key.length !== PUBLIC_KEY_LENGTH)
      throw new LightError("badValidators", `an ed25519 key of ${PUBLIC_KEY_LENGTH} bytes expected of validator ${index}`);
    if (!equalBytes(address, sha256(key).subarray(0, ADDRESS_LENGTH)))
      throw new LightError("badValidators", `the address of its key expected of validator ${index}, got ${toHex(address)}`);
    if (votingPower <= 0n) throw new LightError("badValidators", `positive power expected of validator ${index}, got ${votingPower}`);
    if (seen.has(toHex(address))) throw new LightError("badValidators", `validator ${toHex(address)} is twice in the set`);
    seen.add(toHex(address));
  }
  const total = totalPower(validators);
  if (total > MAX_TOTAL_POWER) throw new LightError("badValidators", `a total power of at most ${MAX_TOTAL_POWER} expected, got ${total}`);
}

import type { ValidatorUpdate as AbciValidatorUpdate } from "#proto/tendermint/abci/types";
import { sdkError, type ValidatorUpdate } from "#sdk";
import { toHex } from "../encoding/bytes.ts";

/** CometBFT's limit on the power of all validators together: an eighth of the largest signed 64-bit number. */
export const MAX_TOTAL_POWER = ((1n << 63n) - 1n) / 8n;

/** The validator set by consensus key, as `<key type>/<hex>`. */
export type ValidatorSet = ReadonlyMap<string, bigint>;

/** A set and the changes that lead to it. */
export interface ValidatorChange {
  readonly updates: AbciValidatorUpdate[];
  readonly set: ValidatorSet;
}

/**
 * Checks what modules want to do to the validator set, against the set itself.
 * CometBFT saves an update before it checks it, so that a wrong one stops the chain for good: none may get there. Removals of unknown keys are
 * dropped, since they change nothing.
 *
 * @param current set after the updates returned so far
 * @param keyTypes what the consensus parameters allow
 * @throws sdk/35 for a key twice, a negative power, another key type, too much power in total, or when nobody would be left
 */
export function applyValidatorUpdates(
  current: ValidatorSet,
  wanted: readonly ValidatorUpdate[],
  keyTypes: readonly string[],
): ValidatorChange {
  if (wanted.length === 0) return { updates: [], set: current };
  const set = new Map(current);
  const seen = new Set<string>();
  const updates: AbciValidatorUpdate[] = [];
  for (const update of wanted) {
    const name = validatorName(update);
    if (seen.has(name)) throw sdkError.logic(`one update per validator expected, got two for ${name}`);
    seen.add(name);
    if (update.power < 0n) throw sdkError.logic(`validator power of 0 or more expected, got ${update.power} for ${name}`);
    if (!keyTypes.includes(update.keyType))
      throw sdkError.logic(`validator key type in [${keyTypes.join(", ")}] expected, got ${update.keyType}`);
    if (update.power === 0n) {
      if (!set.delete(name)) continue;
    } else if (set.get(name) === update.power) {
      continue;
    } else {
      set.set(name, update.power);
    }
    updates.push(toAbciUpdate(update));
  }
  checkSet(set, updates.length > 0);
  return { updates, set };
}

function checkSet(set: ValidatorSet, changed: boolean): void {
  if (!changed) return;
  let total = 0n;
  for (const power of set.values()) total += power;
  if (set.size === 0) throw sdkError.logic("at least one validator expected, got none");
  if (total > MAX_TOTAL_POWER) throw sdkError.logic(`total validator power of at most ${MAX_TOTAL_POWER} expected, got ${total}`);
}

/** The name of a validator in a {@link ValidatorSet}. */
export function validatorName({ keyType, publicKey }: Pick<ValidatorUpdate, "keyType" | "publicKey">): string {
  return `${keyType}/${toHex(publicKey)}`;
}

/** Wire form of an update. */
export function toAbciUpdate({ keyType, publicKey, power }: ValidatorUpdate): AbciValidatorUpdate {
  return { pubKey: keyType === "ed25519" ? { ed25519: publicKey } : { secp256k1: publicKey }, power };
}

/** An update from wire form. @throws sdk/18 when it has no key */
export function fromAbciUpdate({ pubKey, power }: AbciValidatorUpdate): ValidatorUpdate {
  if (pubKey?.ed25519 !== undefined) return { keyType: "ed25519", publicKey: pubKey.ed25519, power };
  if (pubKey?.secp256k1 !== undefined) return { keyType: "secp256k1", publicKey: pubKey.secp256k1, power };
  throw sdkError.invalidRequest("a validator with an ed25519 or secp256k1 key expected");
}

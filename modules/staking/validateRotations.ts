import type { GenesisState } from "#proto/cosmos/staking/v1beta1/genesis";
import { toHex } from "#sdk";
import { consAddressOfPacked } from "./consKey.ts";
import { requireGenesisAddress, wrong } from "./genesisProblem.ts";
import { hasTime } from "./noTime.ts";
import type { Staking } from "./staking.ts";

/** Operators by consensus address in hex. */
type Keys = ReadonlyMap<string, string>;

/**
 * Checks the changes of key of a genesis file: no key stands in two places, and a validator has a key that it gives up only while it does. Of a
 * validator that was removed, the key stays locked; the Cosmos SDK's own check refuses the file of such a chain.
 * @param live of the validators
 * @throws sdk/18 with the path of the entry that is wrong and what is wrong with it
 */
export function validateRotations({ address }: Pick<Staking, "address">, genesis: GenesisState, live: Keys): void {
  const givenUp = new Map<string, string>();
  const history = new Set<string>();
  const gated = new Set<string>();
  for (const [i, entry] of genesis.consensusKeyRotationHistory.entries()) {
    const path = `staking.consensus_key_rotation_history[${i}]`;
    const { validatorAddress: operator, oldConsensusAddress, maturityTime, evidenceExpiryTime } = entry;
    requireGenesisAddress(address.operator, operator, `${path}.validator_address`);
    requireGenesisAddress(address.consensus, oldConsensusAddress, `${path}.old_consensus_address`);
    if (evidenceExpiryTime === undefined) throw wrong(`${path}.evidence_expiry_time`, "a time expected, got none");
    const cons = toHex(address.consensus.parse(oldConsensusAddress));
    if (givenUp.has(cons)) throw wrong(path, `duplicate consensus key rotation old consensus address ${oldConsensusAddress}`);
    givenUp.set(cons, operator);
    history.add(operator);
    if (!hasTime(maturityTime)) continue;
    if (gated.has(operator)) throw wrong(path, `duplicate consensus key rotation maturity time for validator ${operator}`);
    gated.add(operator);
  }
  const pending = validatePending({ address }, genesis, live, givenUp, history);
  for (const [cons, operator] of givenUp) {
    const owner = live.get(cons);
    if (owner !== undefined && (owner !== operator || !pending.has(operator)))
      throw wrong("staking.consensus_key_rotation_history", `validator ${operator} gave up a key that ${owner} has: address ${cons}`);
  }
}

function validatePending(
  { address }: Pick<Staking, "address">,
  { pendingConsensusKeyRotations }: GenesisState,
  live: Keys,
  givenUp: Keys,
  history: ReadonlySet<string>,
): ReadonlySet<string> {
  const pending = new Set<string>();
  const targets = new Set<string>();
  for (const [i, { validatorAddress: operator, newPubkey, applyHeight }] of pendingConsensusKeyRotations.entries()) {
    const path = `staking.pending_consensus_key_rotations[${i}]`;
    requireGenesisAddress(address.operator, operator, `${path}.validator_address`);
    if (newPubkey === undefined) throw wrong(`${path}.new_pubkey`, "a key expected, got none");
    if (applyHeight < 0n) throw wrong(`${path}.apply_height`, `a height of at least 0 expected, got ${applyHeight}`);
    if (!history.has(operator)) throw wrong(path, `an entry of ${operator} in consensus_key_rotation_history expected`);
    if (pending.has(operator)) throw wrong(path, `duplicate pending consensus key rotation for validator ${operator}`);
    pending.add(operator);
    const cons = toHex(consAddressOfPacked(newPubkey));
    if (targets.has(cons) || live.has(cons) || givenUp.has(cons))
      throw wrong(`${path}.new_pubkey`, `a key that stands nowhere else expected: address ${cons}`);
    targets.add(cons);
  }
  return pending;
}

import type { GenesisState } from "#proto/cosmos/staking/v1beta1/genesis";
import { type AddressForm, toHex } from "#sdk";
import { consAddressOf, parseConsKey } from "./consKey.ts";
import { requireGenesisAddress, wrong } from "./genesisProblem.ts";
import { validateParams } from "./params.ts";
import type { Staking } from "./staking.ts";
import { validateRotations } from "./validateRotations.ts";
import { decodeValidator, STATUS } from "./validator.ts";

/** @throws sdk/18 with the path of the entry that is wrong and what is wrong with it */
export function validateGenesis({ address }: Pick<Staking, "address">, genesis: GenesisState): void {
  if (genesis.params !== undefined) validateParams(genesis.params);
  const keys = validateValidators(address.operator, genesis);
  validateRotations({ address }, genesis, keys);
  for (const [i, { delegatorAddress, validatorAddress, shares }] of genesis.delegations.entries()) {
    const path = `staking.delegations[${i}]`;
    requireGenesisAddress(address, delegatorAddress, `${path}.delegator_address`);
    requireGenesisAddress(address.operator, validatorAddress, `${path}.validator_address`);
    requireNumber(shares, `${path}.shares`);
  }
  for (const [i, { delegatorAddress, validatorAddress, entries }] of genesis.unbondingDelegations.entries()) {
    const path = `staking.unbonding_delegations[${i}]`;
    requireGenesisAddress(address, delegatorAddress, `${path}.delegator_address`);
    requireGenesisAddress(address.operator, validatorAddress, `${path}.validator_address`);
    for (const { balance, initialBalance } of entries) for (const text of [balance, initialBalance]) requireNumber(text, `${path}.entries`);
  }
  for (const [i, redelegation] of genesis.redelegations.entries()) {
    const path = `staking.redelegations[${i}]`;
    requireGenesisAddress(address, redelegation.delegatorAddress, `${path}.delegator_address`);
    requireGenesisAddress(address.operator, redelegation.validatorSrcAddress, `${path}.validator_src_address`);
    requireGenesisAddress(address.operator, redelegation.validatorDstAddress, `${path}.validator_dst_address`);
    for (const { initialBalance, sharesDst } of redelegation.entries)
      for (const text of [initialBalance, sharesDst]) requireNumber(text, `${path}.entries`);
  }
  for (const [i, last] of genesis.lastValidatorPowers.entries())
    requireGenesisAddress(address.operator, last.address, `staking.last_validator_powers[${i}].address`);
}

/** @returns operators by consensus address in hex */
function validateValidators(operators: AddressForm, { validators }: GenesisState): ReadonlyMap<string, string> {
  const seen = new Map<string, string>();
  for (const [i, message] of validators.entries()) {
    const path = `staking.validators[${i}]`;
    requireGenesisAddress(operators, message.operatorAddress, `${path}.operator_address`);
    for (const text of [message.tokens, message.delegatorShares, message.minSelfDelegation]) requireNumber(text, path);
    const { consPubKey, jailed, status, sharesE18 } = decodeValidator(message);
    const cons = toHex(consAddressOf(parseConsKey(consPubKey)));
    if (seen.has(cons)) throw wrong(path, `duplicate validator in genesis state: address ${cons}`);
    seen.set(cons, message.operatorAddress);
    if (jailed && status === STATUS.bonded) throw wrong(path, `validator is bonded and jailed in genesis state: address ${cons}`);
    if (sharesE18 === 0n && status !== STATUS.unbonding)
      throw wrong(path, `bonded/unbonded genesis validator cannot have zero delegator shares: address ${cons}`);
  }
  return seen;
}

function requireNumber(text: string, path: string): void {
  if (!/^(0|[1-9]\d{0,95})$/.test(text))
    throw wrong(path, `a whole number of at least 0 expected, got ${JSON.stringify(text.slice(0, 96))}`);
}

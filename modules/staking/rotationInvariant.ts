import { equalBytes, type ReadCtx } from "#sdk";
import { consAddressOfPacked } from "./consKey.ts";
import { LOCK } from "./consKeyLock.ts";
import type { Staking } from "./staking.ts";
import { consAddress } from "./validators.ts";

/**
 * Keys on their way and keys given up are locked, nothing else is, and whoever may not change its key yet has a day on which it may again.
 * @returns what is wrong
 */
export function rotationsAreLocked(staking: Staking, ctx: ReadCtx): string | undefined {
  const { state, address } = staking;
  let locks = 0;
  for (const [[, operator], newKey] of state.rotationApplyQueue.entries(ctx)) {
    locks++;
    if (!isLocked(consAddressOfPacked(newKey), operator, [LOCK.pendingTo])) return `the key that ${operator} is to get locked expected`;
  }
  for (const [[, cons], { validatorAddress }] of state.evidenceQueue.entries(ctx)) {
    locks++;
    const operator = address.operator.format(validatorAddress);
    if (!isLocked(cons, operator, [LOCK.pendingFrom, LOCK.rotatedFrom])) return `the key that ${operator} gives up locked expected`;
  }
  const locked = [...state.consKeyLocks.entries(ctx)].length;
  if (locked !== locks) return `${locks} locked consensus keys expected, got ${locked}`;
  for (const [operator, validator] of state.validators.entries(ctx)) {
    const lock = state.consKeyLocks.find(ctx, consAddress(validator));
    if (lock !== undefined && !isLocked(consAddress(validator), operator, [LOCK.pendingFrom]))
      return `${operator} with a key of its own expected`;
  }
  const waiting = new Set([...state.rotationQueue.entries(ctx)].map(([[, operator]]) => operator));
  const rotated = [...state.rotated.entries(ctx)].map(([operator]) => operator);
  if (waiting.size === rotated.length && rotated.every((operator) => waiting.has(operator))) return undefined;
  return `[${rotated}] to wait until they may change their keys again expected, got [${[...waiting]}]`;

  function isLocked(cons: Uint8Array, operator: string, kinds: readonly number[]): boolean {
    const lock = state.consKeyLocks.find(ctx, cons);
    return lock !== undefined && kinds.includes(lock.kind) && equalBytes(lock.operator, address.operator.parse(operator));
  }
}

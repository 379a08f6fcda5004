// Who signs under a consensus address. Every block asks it of each vote of a commit, and the answers change seldom.
import { derived, equalBytes, formatKeyText, type ReadCtx } from "#sdk";
import { type ValidatorInfo, validatorInfo } from "./info.ts";
import type { Staking } from "./staking.ts";

/** Finds validators by consensus addresses. */
export interface SignerIndex {
  findByConsAddress(ctx: ReadCtx, cons: Uint8Array): ValidatorInfo | undefined;
  /**
   * The signers of a commit's votes, in their order. The list is the same one for as long as addresses and validators are the same. CONTRACT: it and
   * the votes are not changed.
   */
  findSigners(ctx: ReadCtx, votes: readonly Signed[]): readonly (ValidatorInfo | undefined)[];
}

/** What is known by its signer's address. */
interface Signed {
  readonly address: Uint8Array;
}

/** The last commit that was asked for, with the answer. */
interface Commit {
  readonly votes: readonly Signed[];
  readonly signers: readonly (ValidatorInfo | undefined)[];
}

/** Remembers answers as long as they hold. */
export function createSignerIndex({ state, address }: Staking): SignerIndex {
  const operators = derived([state.byConsAddress], () => new Map<string, string | undefined>());
  const memory = derived([state.validators, state.byConsAddress], (): { last: Commit | undefined } => ({ last: undefined }));

  function findOperator(ctx: ReadCtx, cons: Uint8Array): string | undefined {
    const known = operators(ctx);
    const name = formatKeyText(cons);
    const found = known.get(name);
    if (found !== undefined || known.has(name)) return found;
    const bytes = state.byConsAddress.find(ctx, cons);
    const operator = bytes === undefined ? undefined : address.operator.format(bytes);
    known.set(name, operator);
    return operator;
  }

  function findByConsAddress(ctx: ReadCtx, cons: Uint8Array): ValidatorInfo | undefined {
    const operator = findOperator(ctx, cons);
    const validator = operator === undefined ? undefined : state.validators.find(ctx, operator);
    return validator === undefined ? undefined : validatorInfo(validator);
  }

  return {
    findByConsAddress,
    findSigners(ctx, votes) {
      const known = memory(ctx);
      if (known.last === undefined || !isSameCommit(known.last.votes, votes))
        known.last = { votes, signers: votes.map(({ address }) => findByConsAddress(ctx, address)) };
      return known.last.signers;
    },
  };
}

function isSameCommit(a: readonly Signed[], b: readonly Signed[]): boolean {
  return a === b || (a.length === b.length && a.every((vote, i) => vote === b[i] || equalBytes(vote.address, b[i]?.address ?? NOBODY)));
}

const NOBODY = new Uint8Array(0);

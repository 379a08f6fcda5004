import type { Header } from "#proto/tendermint/types/types";
import { type BlockInfo, type Ctx, compareBytes, concatBytes, derived, equalBytes, type ReadCtx, toTimestamp } from "#sdk";
import { VALSET_TAG } from "./pastBlock.ts";
import type { Staking } from "./staking.ts";
import { consAddress, getValidator } from "./validators.ts";

const NO_HASH = new Uint8Array(0);

/**
 * Remembers the block that begins and who is in the set, and forgets what is older than `historical_entries` blocks. Each block forgets one entry,
 * unless the parameter was lowered before. A set is stored once for all blocks in a row that have it.
 */
export function createHistory(staking: Staking): (ctx: Ctx, block: BlockInfo) => void {
  const { state, params } = staking;
  const operators = derived([state.lastPowers], (ctx) => [...state.lastPowers.entries(ctx)].map(([operator]) => operator));
  const valset = derived([state.lastPowers, state.validators], (ctx) => encodeSet(staking, ctx, operators(ctx)));
  const storedSet = derived([state.lastPowers, state.validators, state.pastSets], (ctx) => findStored(staking, ctx, valset(ctx)));
  // What was written last need not be read.
  const memory = derived([state.history], (): { last: Remembered | undefined } => ({ last: undefined }));
  return (ctx, block) => {
    const { height } = ctx;
    const { historicalEntries } = params.get(ctx);
    const setHeight = historicalEntries > 0 ? storeSet(ctx) : undefined;
    if (setHeight !== undefined) state.history.set(ctx, height, { header: headerOf(ctx, block), setHeight });
    forget(staking, ctx, height - BigInt(historicalEntries));
    if (setHeight !== undefined) memory(ctx).last = { height, setHeight };
  };

  /** Height under which the set of a remembered block is stored. */
  function findSetHeight(ctx: ReadCtx, height: bigint): bigint | undefined {
    const { last } = memory(ctx);
    return last?.height === height ? last.setHeight : state.history.find(ctx, height)?.setHeight;
  }

  /** @returns height under which the set is stored: that of the block before, if it is remembered and has the same one */
  function storeSet(ctx: Ctx): bigint {
    const before = findSetHeight(ctx, ctx.height - 1n);
    if (before !== undefined && before === storedSet(ctx)) return before;
    const set = valset(ctx);
    if (set.length === 0) return 0n;
    state.pastSets.set(ctx, ctx.height, set);
    return ctx.height;
  }
}

/** A block that stands in the history, and the height under which its set is stored. */
interface Remembered {
  readonly height: bigint;
  readonly setHeight: bigint;
}

/** Height under which the newest stored set is, if it is this one. */
function findStored({ state }: Staking, ctx: ReadCtx, valset: Uint8Array): bigint | undefined {
  for (const [height, stored] of state.pastSets.entries(ctx, { reverse: true })) return equalBytes(stored, valset) ? height : undefined;
  return undefined;
}

/**
 * Forgets the blocks up to a height, as far as they are in a row, with the sets that no other one has.
 * INVARIANT: blocks that share a set are in a row, so that the next one has it or nobody does.
 */
function forget({ state }: Staking, ctx: Ctx, last: bigint): void {
  const sets = new Set<bigint>();
  for (let height = last; height >= 0n; height--) {
    const entry = state.history.find(ctx, height);
    if (entry === undefined) break;
    sets.add(entry.setHeight);
    state.history.delete(ctx, height);
  }
  if (sets.size === 0) return;
  sets.delete(state.history.find(ctx, last + 1n)?.setHeight ?? 0n);
  for (const setHeight of sets) state.pastSets.delete(ctx, setHeight);
}

function headerOf(ctx: Ctx, { nextValidatorsHash, appHash, proposer }: BlockInfo): Header {
  return {
    version: { block: 0n, app: 0n },
    chainId: ctx.chainId,
    height: ctx.height,
    time: toTimestamp(ctx.timeNs),
    lastBlockId: { hash: NO_HASH, partSetHeader: { total: 0, hash: NO_HASH } },
    lastCommitHash: NO_HASH,
    dataHash: NO_HASH,
    validatorsHash: NO_HASH,
    nextValidatorsHash,
    consensusHash: NO_HASH,
    appHash,
    lastResultsHash: NO_HASH,
    evidenceHash: NO_HASH,
    proposerAddress: proposer,
  };
}

/** The set in CometBFT's order: most power first, equals by consensus address. A validator is stored as it stands in the list. */
function encodeSet(staking: Staking, ctx: ReadCtx, operators: readonly string[]): Uint8Array {
  const { state, chain } = staking;
  const members = operators.map((operator) => {
    const validator = getValidator(staking, ctx, operator);
    return { operator, power: validator.tokens / chain.powerReduction, cons: consAddress(validator) };
  });
  members.sort((a, b) => (a.power === b.power ? compareBytes(a.cons, b.cons) : a.power > b.power ? -1 : 1));
  return concatBytes(
    ...members.flatMap(({ operator }) => {
      const bytes = state.validators.stored(ctx, operator) ?? NO_HASH;
      return [Uint8Array.of(VALSET_TAG, ...uvarint(bytes.length)), bytes];
    }),
  );
}

/** A length before bytes of protobuf. */
function uvarint(length: number): number[] {
  const bytes: number[] = [];
  let rest = length;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

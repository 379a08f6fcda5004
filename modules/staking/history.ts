import type { Header } from "#proto/tendermint/types/types";
import { type BlockInfo, type Ctx, compareBytes, concatBytes, derived, type ReadCtx, toTimestamp } from "#sdk";
import { VALSET_TAG } from "./pastBlock.ts";
import type { Staking } from "./staking.ts";
import { consAddress, getValidator } from "./validators.ts";

const NO_HASH = new Uint8Array(0);

/**
 * Remembers the block that begins and who is in the set, and forgets what is older than `historical_entries` blocks. Each block forgets one entry,
 * unless the parameter was lowered before.
 */
export function createHistory(staking: Staking): (ctx: Ctx, block: BlockInfo) => void {
  const { state, params } = staking;
  const operators = derived([state.lastPowers], (ctx) => [...state.lastPowers.entries(ctx)].map(([operator]) => operator));
  const valset = derived([state.lastPowers, state.validators], (ctx) => encodeSet(staking, ctx, operators(ctx)));
  return (ctx, block) => {
    const { historicalEntries } = params.get(ctx);
    for (let height = ctx.height - BigInt(historicalEntries); height >= 0n && state.history.has(ctx, height); height--)
      state.history.delete(ctx, height);
    if (historicalEntries === 0) return;
    state.history.set(ctx, ctx.height, { header: headerOf(ctx, block), valset: valset(ctx) });
  };
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

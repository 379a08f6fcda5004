import { type BlockInfo, type Ctx, compareBytes, type ReadCtx, toTimestamp } from "#sdk";
import type { Staking } from "./staking.ts";
import { encodeValidator, type Validator } from "./validator.ts";
import { consAddress, getValidator } from "./validators.ts";

const NO_HASH = new Uint8Array(0);

/**
 * Remembers the block that begins and who is in the set, and forgets what is older than `historical_entries` blocks. Each block forgets one entry,
 * unless the parameter was lowered before.
 */
export function recordHistory(staking: Staking, ctx: Ctx, block: BlockInfo): void {
  const { state, params } = staking;
  const { historicalEntries } = params.get(ctx);
  for (let height = ctx.height - BigInt(historicalEntries); height >= 0n && state.history.has(ctx, height); height--)
    state.history.delete(ctx, height);
  if (historicalEntries === 0) return;
  state.history.set(ctx, ctx.height, {
    header: {
      version: { block: 0n, app: 0n },
      chainId: ctx.chainId,
      height: ctx.height,
      time: toTimestamp(ctx.timeNs),
      lastBlockId: { hash: NO_HASH, partSetHeader: { total: 0, hash: NO_HASH } },
      lastCommitHash: NO_HASH,
      dataHash: NO_HASH,
      validatorsHash: NO_HASH,
      nextValidatorsHash: block.nextValidatorsHash,
      consensusHash: NO_HASH,
      appHash: block.appHash,
      lastResultsHash: NO_HASH,
      evidenceHash: NO_HASH,
      proposerAddress: block.proposer,
    },
    valset: setByPower(staking, ctx).map(encodeValidator),
  });
}

/** The set in CometBFT's order: most power first, equals by consensus address. */
function setByPower(staking: Staking, ctx: ReadCtx): Validator[] {
  const { state, chain } = staking;
  const members = [...state.lastPowers.entries(ctx)].map(([operator]) => {
    const validator = getValidator(staking, ctx, operator);
    return { validator, power: validator.tokens / chain.powerReduction, cons: consAddress(validator) };
  });
  members.sort((a, b) => (a.power === b.power ? compareBytes(a.cons, b.cons) : a.power > b.power ? -1 : 1));
  return members.map(({ validator }) => validator);
}

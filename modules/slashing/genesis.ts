import type { GenesisState, ValidatorMissedBlocks } from "#proto/cosmos/slashing/v1beta1/genesis";
import type { ValidatorSigningInfo } from "#proto/cosmos/slashing/v1beta1/slashing";
import { type AddressCodec, AddressError, type Ctx, type GenesisHandlers, sdkError, toTimestamp } from "#sdk";
import { missedIndexes, setMissed } from "./bitmap.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import { rememberPubKey } from "./signingInfo.ts";
import { infoAfter } from "./signingRecord.ts";
import type { Slashing } from "./slashing.ts";

/** Genesis of x/slashing in the format of the Cosmos SDK. */
export function createGenesis(slashing: Slashing): GenesisHandlers<GenesisState> {
  const { state, params, needs, address } = slashing;
  return {
    default: () => ({ params: DEFAULT_PARAMS, signingInfos: [], missedBlocks: [] }),
    validate: (genesis) => void readRecords(genesis, address),
    init(ctx, genesis) {
      params.set(ctx, genesis.params ?? DEFAULT_PARAMS);
      for (const { consAddress } of [...needs.staking.allValidators(ctx)]) rememberPubKey(slashing, ctx, consAddress);
      for (const { info, missed } of readRecords(genesis, address)) {
        const consAddress = address.consensus.parse(info.address);
        state.signingRecords.set(ctx, consAddress, { info, steadySince: 0n });
        for (const index of missed) setMissed(state, ctx, consAddress, index, true);
      }
    },
    export(ctx) {
      const infos = [...state.signingRecords.entries(ctx)].map(([at, record]) => [at, infoAfter(record, ctx.height)] as const);
      return {
        params: params.get(ctx),
        signingInfos: infos.map(([, info]) => ({ address: info.address, validatorSigningInfo: info })),
        missedBlocks: infos.map(([consAddress, info]) => ({
          address: info.address,
          missedBlocks: missedIndexes(state, ctx, consAddress).map((index) => ({ index, missed: true })),
        })),
      };
    },
    prepareZeroHeight: (ctx) => restartHeights(slashing, ctx),
  };
}

/** Windows are counted from the new chain's beginning; what was missed stays. */
function restartHeights({ state }: Slashing, ctx: Ctx): void {
  for (const [consAddress, { info, steadySince }] of [...state.signingRecords.entries(ctx)])
    state.signingRecords.set(ctx, consAddress, { info: { ...info, startHeight: 0n }, steadySince });
}

/** A validator's record and the places of its window that it missed. */
interface GenesisRecord {
  readonly info: ValidatorSigningInfo;
  readonly missed: ReadonlySet<bigint>;
}

/**
 * Records of a genesis file, each validator once, addresses in lower case.
 * @throws sdk/18 naming the entry that is wrong
 */
function readRecords({ params, signingInfos, missedBlocks }: GenesisState, codec: AddressCodec): GenesisRecord[] {
  if (params !== undefined) validateParams(params);
  const missed = readMissed(missedBlocks, codec);
  const seen = new Set<string>();
  const records = signingInfos.map(({ address: text, validatorSigningInfo: info }, i) => {
    const at = `slashing.signing_infos[${i}]`;
    const address = requireAddress(codec, text, `${at}.address`);
    if (seen.has(address)) throw sdkError.invalidRequest(`${at}: one entry of ${address} expected, got two`);
    seen.add(address);
    if (info === undefined) throw sdkError.invalidRequest(`${at}.validator_signing_info: expected, got none`);
    checkInfo(codec, info, address, `${at}.validator_signing_info`);
    const indexes = missed.get(address) ?? new Set<bigint>();
    if (BigInt(indexes.size) !== info.missedBlocksCounter)
      throw sdkError.invalidRequest(`${at}: ${indexes.size} missed blocks of missed_blocks expected, got ${info.missedBlocksCounter}`);
    return { info: { ...info, address, jailedUntil: info.jailedUntil ?? toTimestamp(0n) }, missed: indexes };
  });
  for (const address of missed.keys())
    if (!seen.has(address)) throw sdkError.invalidRequest(`slashing.missed_blocks: signing info of ${address} expected, got none`);
  return records;
}

function checkInfo(codec: AddressCodec, info: ValidatorSigningInfo, address: string, at: string): void {
  // Old chains leave the inner address out.
  if (info.address !== "" && requireAddress(codec, info.address, `${at}.address`) !== address)
    throw sdkError.invalidRequest(`${at}.address: ${address} expected, got ${info.address}`);
  for (const [name, number] of [
    ["start_height", info.startHeight],
    ["index_offset", info.indexOffset],
  ] as const)
    if (number < 0n) throw sdkError.invalidRequest(`${at}.${name}: 0 or more expected, got ${number}`);
}

function readMissed(entries: readonly ValidatorMissedBlocks[], codec: AddressCodec): Map<string, ReadonlySet<bigint>> {
  const missed = new Map<string, ReadonlySet<bigint>>();
  for (const [i, { address: text, missedBlocks }] of entries.entries()) {
    const at = `slashing.missed_blocks[${i}]`;
    const address = requireAddress(codec, text, `${at}.address`);
    if (missed.has(address)) throw sdkError.invalidRequest(`${at}: one entry of ${address} expected, got two`);
    const indexes = new Set<bigint>();
    for (const { index, missed: isMissed } of missedBlocks) {
      if (index < 0n) throw sdkError.invalidRequest(`${at}: an index of 0 or more expected, got ${index}`);
      // The last word on an index counts, as in the Cosmos SDK.
      if (isMissed) indexes.add(index);
      else indexes.delete(index);
    }
    missed.set(address, indexes);
  }
  return missed;
}

function requireAddress(codec: AddressCodec, text: string, at: string): string {
  try {
    return codec.consensus.canonical(text);
  } catch (cause) {
    if (cause instanceof AddressError) throw sdkError.invalidRequest(`${at}: ${cause.message}`);
    throw cause;
  }
}

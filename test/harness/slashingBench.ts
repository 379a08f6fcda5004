// x/slashing and x/evidence on a stand-in for x/staking, driven block by block.
import type { Params } from "#proto/cosmos/slashing/v1beta1/slashing";
import { type BlockInfo, type ChainConfig, type ChainEvent, type Ctx, createAddressCodec, E18, withoutGas } from "#sdk";
import { consensus } from "../../modules/consensus/index.ts";
import { evidence } from "../../modules/evidence/index.ts";
import { slashing } from "../../modules/slashing/index.ts";
import { type Bench, createBench, TEST_CHAIN } from "./moduleBench.ts";
import { createStandInStaking, type StandInStaking, type StandInValidator } from "./standInStaking.ts";

export const SECOND_NS = 1_000_000_000n;
export const ABSENT = 1;
export const COMMIT = 2;
export const NIL = 3;

/** Parameters as a test writes them. */
export interface Rules {
  readonly window?: bigint;
  /** Units of 10^-18. */
  readonly minSignedE18?: bigint;
  readonly jailSeconds?: bigint;
  readonly doubleSignE18?: bigint;
  readonly downtimeE18?: bigint;
}

/** Wire form of a decimal. */
export const decBytes = (dec: bigint): Uint8Array => new TextEncoder().encode(dec.toString());

export function slashingParams(rules: Rules = {}): Params {
  const { window = 10n, minSignedE18 = E18 / 2n, jailSeconds = 60n, doubleSignE18 = E18 / 20n, downtimeE18 = E18 / 100n } = rules;
  return {
    signedBlocksWindow: window,
    minSignedPerWindow: decBytes(minSignedE18),
    downtimeJailDuration: { seconds: jailSeconds, nanos: 0 },
    slashFractionDoubleSign: decBytes(doubleSignE18),
    slashFractionDowntime: decBytes(downtimeE18),
  };
}

/** Evidence as ABCI brings it. */
export type Misbehaviour = BlockInfo["misbehavior"][number];

export interface SlashingBench {
  /** At the height and time of the last block. */
  bench: Bench;
  readonly staking: StandInStaking;
  /** Runs the next block's beginning. @param flags votes of the last commit by validator; left out: nobody votes */
  block(flags?: readonly (readonly [StandInValidator, flag: number])[], misbehavior?: readonly Misbehaviour[]): readonly ChainEvent[];
  /** Goes to a height without running blocks, a second each. */
  skipTo(height: bigint): void;
  info(validator: StandInValidator): ReturnType<ReturnType<typeof viewOf>["findSigningInfo"]>;
}

const viewOf = (bench: Bench) => bench.facet(slashing, "view");

/** Begins a block in the modules that look at votes and evidence. */
export function beginBlock(bench: Bench, lastCommit: BlockInfo["lastCommit"], misbehavior: readonly Misbehaviour[]): void {
  const empty = new Uint8Array(32);
  const info = { proposer: new Uint8Array(20), hash: empty, nextValidatorsHash: empty, appHash: empty, lastCommit, misbehavior };
  // As in a chain, where nobody pays for block hooks: what they remember counts.
  const ctx = withoutGas(bench.ctx) as Ctx;
  for (const name of ["slashing", "evidence"]) bench.module(name).beginBlock?.(ctx, info);
}

/** A bench at height 0, before the first block; a block takes a second. */
export function createSlashingBench(rules: Rules = {}, config: ChainConfig = TEST_CHAIN): SlashingBench {
  const { operator } = createAddressCodec(config.bech32Prefix);
  const staking = createStandInStaking(operator.format);
  const start = createBench({ modules: [consensus, staking.module, slashing, evidence], chain: config, height: 0n });
  start.init("slashing", { params: slashingParams(rules) });
  start.init("evidence");
  const self: SlashingBench = {
    bench: start,
    staking,
    block(flags = [], misbehavior = []) {
      self.skipTo(self.bench.ctx.height + 1n);
      const lastCommit = flags.map(([{ consAddress, tokens }, flag]) => ({ address: consAddress, power: tokens, flag }));
      beginBlock(self.bench, lastCommit, misbehavior);
      return self.bench.takeEvents();
    },
    skipTo(height) {
      const { ctx } = self.bench;
      self.bench = self.bench.at(height, ctx.timeNs + (height - ctx.height) * SECOND_NS);
    },
    info: ({ consAddress }) => viewOf(self.bench).findSigningInfo(self.bench.ctx, consAddress),
  };
  return self;
}

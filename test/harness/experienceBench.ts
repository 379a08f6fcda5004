// A chain of the experience registry, block by block: validators that vote, submitters with stake, and shards made of seeded matrices.
import { sha256 } from "@noble/hashes/sha2.js";
import { cidOf, compressSync, merkleProof, merkleRoot, type Shape, sourceLeaf, srcRoot } from "#kernels";
import type { Entry, Params, Round, Schema } from "#proto/hanzo/experience/v1/types";
import { createAddressCodec, moduleAddress } from "#sdk";
import { createNodeKernels, type NodeKernels } from "../../app/experience/kernelThread.ts";
import { auth } from "../../modules/auth/index.ts";
import { bank } from "../../modules/bank/index.ts";
import { consensus } from "../../modules/consensus/index.ts";
import { experience, voteHash } from "../../modules/experience/index.ts";
import { DEFAULT_PARAMS } from "../../modules/experience/params.ts";
import { staking } from "../../modules/staking/index.ts";
import { type Bench, createBench, TEST_CHAIN } from "./moduleBench.ts";
import { accountOf, coin, newValidator, operatorOf } from "./stakingBench.ts";

/** Small matrices: everything but decoding works on them. */
export const SMALL: Shape = { rows: 16, cols: 64 };
export const RICH = 10n ** 15n;
export const BOND = 25_000n;
export const STAKE = 1_000n;

/** Short windows: two blocks of commits, three of reveals, two and two of votes, two of delay, three of challenges. */
export const QUICK: Partial<Params> = {
  bond: BOND.toString(),
  challengeStake: STAKE.toString(),
  voteBond: "500",
  holdoutBond: "7000",
  commitBlocks: 2n,
  revealBlocks: 4n,
  voteBlocks: 2n,
  voteRevealBlocks: 2n,
  aggregateDelayBlocks: 2n,
  challengeBlocks: 3n,
};

/** A matrix with everything that is made of it. */
export interface TestShard {
  readonly matrix: Int16Array;
  readonly shard: Uint8Array;
  readonly cid: Uint8Array;
  readonly merkleRoot: Uint8Array;
  readonly sourceRoot: Uint8Array;
}

/** Numbers of a seed: xorshift32. */
export function seeded(seed: number): (limit: number) => number {
  let s = seed >>> 0 || 1;
  return (limit) => {
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    s >>>= 0;
    return s % limit;
  };
}

/** What everybody agrees on, and the noise of one: shards of equal `topic` agree. */
export function testMatrix(
  seed: number,
  shape: Shape = SMALL,
  { sign = 1, noise = 500 }: { sign?: 1 | -1; noise?: number } = {},
): Int16Array {
  const [common, own] = [seeded(77), seeded(1000 + seed)];
  return Int16Array.from(
    { length: shape.rows * shape.cols },
    () => sign * (common(2001) - 1000) + (noise === 0 ? 0 : own(2 * noise + 1) - noise),
  );
}

export function shardOf(matrix: Int16Array, shape: Shape = SMALL): TestShard {
  const shard = compressSync(matrix, shape);
  return { matrix, shard: shard.bytes, cid: cidOf(shard.bytes), merkleRoot: merkleRoot(shard, shape), sourceRoot: srcRoot(matrix, shape) };
}

/** Opening of a row of a source. */
export function sourceRowOf(
  matrix: Int16Array,
  row: number,
  shape: Shape = SMALL,
): { row: number; values: Uint8Array; path: Uint8Array[] } {
  const leaves = Array.from({ length: shape.rows }, (_, r) => sourceLeaf(matrix, shape, r));
  return { row, values: (leaves[row] as Uint8Array).subarray(2), path: merkleProof(leaves, row) };
}

export interface ExperienceBenchOptions {
  readonly params?: Partial<Params>;
  readonly schemas?: readonly Schema[];
  /** Own stake of validators by name. */
  readonly validators?: Readonly<Record<string, bigint>>;
  /** Stake of submitters, delegated to the first validator; 0 for an account without. */
  readonly submitters?: Readonly<Record<string, bigint>>;
  readonly kernels?: NodeKernels;
}

const M = "/hanzo.experience.v1.Msg";
const Q = "/hanzo.experience.v1.Query/";
const codec = createAddressCodec(TEST_CHAIN.bech32Prefix);
/** One thread for all benches of a process. */
export const sharedKernels: NodeKernels = createNodeKernels({ prefer: ["reference"] });

/** A chain that stands in a block. */
export class ExperienceBench {
  bench: Bench;

  constructor(options: ExperienceBenchOptions = {}) {
    const { validators = { val1: 600_000_000n, val2: 500_000_000n, val3: 400_000_000n }, submitters = {}, params = {} } = options;
    const kernels = options.kernels ?? sharedKernels;
    this.bench = createBench({ modules: [auth, bank, consensus, staking, experience], height: 0n, ports: { experience: { kernels } } });
    const holders = [...Object.keys(validators), ...Object.keys(submitters), "challenger"];
    this.bench.init("auth");
    this.bench.init("bank", { balances: holders.map((name) => ({ address: accountOf(name), coins: [coin(RICH)] })) });
    this.bench.init("staking", { params: STAKING_PARAMS, lastTotalPower: new TextEncoder().encode("0") });
    const schemas = options.schemas ?? [schemaOf("small", SMALL)];
    const domains = schemas.map(({ id }) => ({ schema: id, name: "default", open: true }));
    this.bench.init("experience", { params: { ...DEFAULT_PARAMS, ...QUICK, ...params }, schemas, domains });
    for (const [name, stake] of Object.entries(validators))
      this.bench.send("/cosmos.staking.v1beta1.MsgCreateValidator", newValidator(name, stake));
    const [first = ""] = Object.keys(validators);
    for (const [name, stake] of Object.entries(submitters)) if (stake > 0n) this.delegate(name, first, stake);
    this.next();
    this.bench.takeEvents();
  }

  get height(): bigint {
    return this.bench.ctx.height;
  }

  delegate(name: string, validator: string, stake: bigint): void {
    const message = { delegatorAddress: accountOf(name), validatorAddress: operatorOf(validator), amount: coin(stake) };
    this.bench.send("/cosmos.staking.v1beta1.MsgDelegate", message);
  }

  /** Ends blocks and begins the next ones. */
  next(blocks = 1): this {
    for (let i = 0; i < blocks; i++) {
      this.bench.module("staking").endBlock?.(this.bench.ctx);
      this.bench = this.bench.at(this.height + 1n, this.bench.ctx.timeNs + 1_000_000_000n);
      this.bench.module("staking").beginBlock?.(this.bench.ctx, blockOf(this.height));
      this.bench.module("experience").beginBlock?.(this.bench.ctx, blockOf(this.height));
    }
    return this;
  }

  /** Goes on until a height, whose block is begun. */
  to(height: bigint): this {
    return this.next(Number(height - this.height));
  }

  msg(name: string, message: object): Record<string, unknown> {
    return this.bench.send(`${M}${name}`, message) as Record<string, unknown>;
  }

  query<R>(name: string, request: object = {}): R {
    return this.bench.query(`${Q}${name}`, request) as R;
  }

  submit(name: string, shard: TestShard, change: object = {}): bigint {
    const { cid, merkleRoot: root, sourceRoot } = shard;
    const message = { submitter: accountOf(name), schema: "small", domain: "default", cid, merkleRoot: root, sourceRoot, ...change };
    return this.msg("Submit", message)["entryId"] as bigint;
  }

  reveal(name: string, entryId: bigint, { shard }: Pick<TestShard, "shard">): void {
    this.msg("Reveal", { submitter: accountOf(name), entryId, shard });
  }

  commitVote(name: string, roundId: bigint, scores: readonly { entryId: bigint; quality: number }[]): void {
    this.msg("CommitVote", { voter: accountOf(name), roundId, hash: this.voteHash(name, roundId, scores) });
  }

  revealVote(name: string, roundId: bigint, scores: readonly { entryId: bigint; quality: number }[]): void {
    this.msg("RevealVote", { voter: accountOf(name), roundId, scores, salt: saltOf(name) });
  }

  voteHash(name: string, roundId: bigint, scores: readonly { entryId: bigint; quality: number }[]): Uint8Array {
    return voteHash({ chainId: this.bench.ctx.chainId, roundId, voter: codec.parse(accountOf(name)), scores, salt: saltOf(name) });
  }

  entry(entryId: bigint): Entry {
    return this.query<{ entry: Entry }>("Entry", { entryId }).entry;
  }

  round(roundId: bigint): Round {
    return this.query<{ round: Round }>("Round", { roundId }).round;
  }

  balance(name: string): bigint {
    return this.balanceOf(accountOf(name));
  }

  balanceOf(address: string): bigint {
    return this.bench.facet(bank, "view").balance(this.bench.ctx, address, TEST_CHAIN.baseDenom);
  }

  /** Coins that the registry's account is to hold, from the challenger. */
  fund(amount: bigint): void {
    const { account } = this.bench.module("experience");
    this.bench.facet(bank, "transfer").send(this.bench.ctx, accountOf("challenger"), account, TEST_CHAIN.baseDenom, amount);
  }

  get treasury(): bigint {
    return this.balanceOf(codec.format(moduleAddress("treasury")));
  }

  supply(): bigint {
    return this.bench.facet(bank, "view").supply(this.bench.ctx, TEST_CHAIN.baseDenom);
  }
}

export function schemaOf(id: string, { rows, cols }: Shape): Schema {
  return { id, rows, cols, specHash: new Uint8Array(32).fill(1) };
}

export function saltOf(name: string): Uint8Array {
  return sha256(new TextEncoder().encode(`salt of ${name}`));
}

const STAKING_PARAMS = {
  bondDenom: TEST_CHAIN.baseDenom,
  unbondingTime: { seconds: 100_000n, nanos: 0 },
  maxValidators: 10,
  maxEntries: 7,
  historicalEntries: 3,
  minCommissionRate: "0",
};

/** A block whose header gives the beacon a new root each height. */
function blockOf(height: bigint) {
  const appHash = sha256(new TextEncoder().encode(`state before ${height}`));
  return {
    proposer: new Uint8Array(20),
    hash: new Uint8Array(32),
    nextValidatorsHash: new Uint8Array(32),
    appHash,
    lastCommit: [],
    misbehavior: [],
  };
}

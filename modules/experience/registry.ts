import {
  Aggregate,
  BlockBytes,
  Domain,
  Entry,
  Holdout,
  type Params,
  Prior,
  Round,
  Schema,
  Totals,
  Vote,
} from "#proto/hanzo/experience/v1/types";
import { type AddressCodec, type BoundItem, type BoundMap, type ChainConfig, type Ctx, coll, key, type ReadCtx, value } from "#sdk";
import type { DelegationInfo, ValidatorInfo } from "../staking/index.ts";
import { experienceError } from "./errors.ts";
import type { ExperienceKernels } from "./port.ts";

/** Identifier of an entry's status as an index key. */
const statusKey = ({ status }: Entry): bigint => BigInt(status);

/** Collections of the registry. */
export const registryState = {
  /** By identifier. */
  schemas: coll.map(1, key.string, Schema),
  /** By schema and name. */
  domains: coll.map(2, key.pair(key.string, key.string), Domain),
  /** By identifier. */
  entries: coll.map(3, key.uint64, Entry, {
    submitter: [4, key.address, (entry: Entry) => entry.submitter],
    round: [5, key.uint64, (entry: Entry) => entry.roundId],
    status: [6, key.uint64, statusKey],
    domain: [7, key.pair(key.string, key.string), (entry: Entry): readonly [string, string] => [entry.schema, entry.domain]],
  }),
  lastEntryId: coll.item(8, value.uint64, 0n),
  /** Entry by row root, source root and digest of the CID: never committed twice. */
  commitments: coll.map(9, key.bytes, value.uint64),
  /** By parent and child. */
  children: coll.map(10, key.pair(key.uint64, key.uint64), value.bool),
  /** By identifier. */
  rounds: coll.map(11, key.uint64, Round, {
    domain: [12, key.pair(key.string, key.string), (round: Round): readonly [string, string] => [round.schema, round.domain]],
  }),
  lastRoundId: coll.item(13, value.uint64, 0n),
  /** Rounds by the height at whose beginning their stage ends. As many as rounds run. */
  due: coll.map(14, key.pair(key.height, key.uint64), value.bool),
  /** Number of rounds that run. */
  running: coll.item(15, value.uint64, 0n),
  /** Entries of a submitter in a round that runs. */
  submissions: coll.map(16, key.pair(key.uint64, key.address), value.uint64),
  /** Revealed shards by round and entry. */
  shards: coll.map(17, key.pair(key.uint64, key.uint64), value.bytes),
  /** By round and voter. */
  votes: coll.map(18, key.pair(key.uint64, key.address), Vote),
  /** By round. */
  aggregates: coll.map(19, key.uint64, Aggregate),
  /** Active priors by schema and domain. */
  priors: coll.map(20, key.pair(key.string, key.string), Prior),
  /** By identifier. */
  holdouts: coll.map(21, key.uint64, Holdout),
  lastHoldoutId: coll.item(22, value.uint64, 0n),
  /** Sets that wait, by schema, domain and identifier. */
  waiting: coll.map(23, key.triple(key.string, key.string, key.uint64), value.bool),
  /** Revealed sets that have not measured their round yet. */
  holdoutBytes: coll.map(24, key.uint64, value.bytes),
  totals: coll.item(25, Totals),
  blockBytes: coll.item(26, BlockBytes),
} as const;

/** What the registry asks of the bank. */
export interface RegistryBank {
  balance(ctx: ReadCtx, owner: string, denom: string): bigint;
  send(ctx: Ctx, from: string, to: string, denom: string, amount: bigint): void;
  burn(ctx: Ctx, from: string, denom: string, amount: bigint): void;
}

/** What the registry asks of staking. */
export interface RegistryStaking {
  findValidator(ctx: ReadCtx, operator: string): ValidatorInfo | undefined;
  delegationsOf(ctx: ReadCtx, delegator: string): Iterable<DelegationInfo>;
  totalBonded(ctx: ReadCtx): bigint;
}

/** What the registry's transitions work with: the part of the module's declaration that they need. */
export interface Registry {
  readonly state: {
    readonly schemas: BoundMap<string, Schema, {}>;
    readonly domains: BoundMap<readonly [schema: string, name: string], Domain, {}>;
    readonly entries: BoundMap<bigint, Entry, { submitter: string; round: bigint; status: bigint; domain: readonly [string, string] }>;
    readonly lastEntryId: BoundItem<bigint>;
    readonly commitments: BoundMap<Uint8Array, bigint, {}>;
    readonly children: BoundMap<readonly [parent: bigint, child: bigint], boolean, {}>;
    readonly rounds: BoundMap<bigint, Round, { domain: readonly [string, string] }>;
    readonly lastRoundId: BoundItem<bigint>;
    readonly due: BoundMap<readonly [height: bigint, roundId: bigint], boolean, {}>;
    readonly running: BoundItem<bigint>;
    readonly submissions: BoundMap<readonly [roundId: bigint, submitter: string], bigint, {}>;
    readonly shards: BoundMap<readonly [roundId: bigint, entryId: bigint], Uint8Array, {}>;
    readonly votes: BoundMap<readonly [roundId: bigint, voter: string], Vote, {}>;
    readonly aggregates: BoundMap<bigint, Aggregate, {}>;
    readonly priors: BoundMap<readonly [schema: string, domain: string], Prior, {}>;
    readonly holdouts: BoundMap<bigint, Holdout, {}>;
    readonly lastHoldoutId: BoundItem<bigint>;
    readonly waiting: BoundMap<readonly [schema: string, domain: string, id: bigint], boolean, {}>;
    readonly holdoutBytes: BoundMap<bigint, Uint8Array, {}>;
    readonly totals: BoundItem<Totals>;
    readonly blockBytes: BoundItem<BlockBytes>;
  };
  readonly needs: { readonly bank: RegistryBank; readonly staking: RegistryStaking };
  readonly ports: { readonly kernels: ExperienceKernels };
  readonly params: { get(ctx: ReadCtx): Params };
  readonly chain: ChainConfig;
  readonly address: AddressCodec;
  /** The registry's own account: all bonds and stakes. */
  readonly account: string;
  /** The account that may change schemas, domains and parameters. */
  readonly authority: string;
}

/** @throws experience/4 */
export function getSchema({ state }: Registry, ctx: ReadCtx, id: string): Schema {
  const schema = state.schemas.find(ctx, id);
  if (schema === undefined) throw experienceError.unknownSchema(`expected the identifier of a schema, got "${id}"`);
  return schema;
}

/** @throws experience/7 */
export function getDomain({ state }: Registry, ctx: ReadCtx, schema: string, name: string): Domain {
  const domain = state.domains.find(ctx, [schema, name]);
  if (domain === undefined) throw experienceError.unknownDomain(`expected a domain of schema "${schema}", got "${name}"`);
  return domain;
}

/** @throws experience/19 */
export function getEntry({ state }: Registry, ctx: ReadCtx, id: bigint): Entry {
  const entry = state.entries.find(ctx, id);
  if (entry === undefined) throw experienceError.unknownEntry(`expected the identifier of an entry, got ${id}`);
  return entry;
}

/** @throws experience/12 */
export function getRound({ state }: Registry, ctx: ReadCtx, id: bigint): Round {
  const round = state.rounds.find(ctx, id);
  if (round === undefined) throw experienceError.unknownRound(`expected the identifier of a round, got ${id}`);
  return round;
}

/** @throws experience/29 */
export function getHoldout({ state }: Registry, ctx: ReadCtx, id: bigint): Holdout {
  const holdout = state.holdouts.find(ctx, id);
  if (holdout === undefined) throw experienceError.unknownHoldout(`expected the identifier of a holdout set, got ${id}`);
  return holdout;
}

/** Gives the next identifier of a counter. */
export function nextId(counter: BoundItem<bigint>, ctx: Ctx): bigint {
  const id = counter.get(ctx) + 1n;
  counter.set(ctx, id);
  return id;
}

// What all makers of messages share: what they know, and small things that messages of every module have.
import { CHAIN } from "../../../../app/hanzo.ts";
import { createAddressCodec } from "../../../../app/sdk/index.ts";
import { pick, type Random, type World } from "../../../../cmd/hanzod/sim/operations/randomMessage.ts";
import type { Entry, Holdout, Round, Vote } from "../../../../proto/gen/hanzo/experience/v1/types.ts";

/** Fields of a message by proto name. */
export type Fields = Readonly<Record<string, unknown>>;

/** What the generator remembers of its own messages, and what it has seen in the committed state. */
export interface Memory {
  readonly chainId: string;
  /** The next block. */
  height: bigint;
  /** Time of the last block, Unix seconds. */
  seconds: bigint;
  /** Round of sealed orders in the committed state. */
  round: bigint;
  /** Whether reveals are taken now. */
  revealing: boolean;
  /** Stake that leaves validators, by delegator. */
  readonly unbondings: Map<string, readonly { readonly operator: string; readonly height: string }[]>;
  /** Waiting orders and commitments in the committed state, by account. */
  readonly orders: Map<string, readonly string[]>;
  readonly commitments: Map<string, readonly string[]>;
  /** Pools whose liquidity may be withdrawn in the next block, in the order of their names, by owner. */
  readonly unlocked: Map<string, readonly string[]>;
  /** Sealed orders that may be revealed, by sender. */
  readonly sealed: Map<string, { readonly round: bigint; readonly fields: Fields }[]>;
  /** Operators of jailed validators. */
  jailed: ReadonlySet<string>;
  /** What is granted, by granter. */
  readonly grants: Map<string, readonly { readonly grantee: string; readonly typeUrl: string }[]>;
  /** Who may spend an account's coins on fees, by granter. */
  readonly allowances: Map<string, readonly string[]>;
  /** Proposals on which deposits or votes are taken. */
  proposals: readonly { readonly id: string; readonly proposer: string; readonly isVoting: boolean }[];
  /** The registry of experience. */
  registry: {
    readonly rounds: readonly Round[];
    readonly entries: readonly Entry[];
    readonly votes: readonly Vote[];
    readonly holdouts: readonly Holdout[];
  };
}

/** Nothing seen yet. */
export function emptyMemory(chainId: string): Memory {
  return {
    chainId,
    height: 1n,
    seconds: 0n,
    round: 0n,
    revealing: false,
    unbondings: new Map(),
    orders: new Map(),
    commitments: new Map(),
    unlocked: new Map(),
    sealed: new Map(),
    jailed: new Set(),
    grants: new Map(),
    allowances: new Map(),
    proposals: [],
    registry: { rounds: [], entries: [], votes: [], holdouts: [] },
  };
}

/** Fields that let a message succeed, mostly; what it does not name is random. */
export type Maker = (random: Random, world: World, sender: string, memory: Memory) => Fields;

/** Makers by message type. */
export type Makers = Readonly<Record<string, Maker>>;

/** Messages of a module. */
export interface ModuleMessages {
  /** Of users. */
  readonly likely?: Makers;
  /** Only the authority may send them. Their fields leave the chain usable for whatever comes after. */
  readonly governed?: Makers;
}

/** Reads and writes addresses of the chain. */
export const address = createAddressCodec(CHAIN.bech32Prefix);

/** The validator that an account may be. */
export const operatorOf = (account: string): string => address.operator.format(address.parse(account));

/** Any account's validator. */
export const anyOperator = (random: Random, world: World): string => operatorOf(pick(random, world.addresses));

/** Mostly the sender's own, where its stake is. */
export const ownOrAnyOperator = (random: Random, world: World, sender: string): string =>
  random.below(4) > 0 ? operatorOf(sender) : anyOperator(random, world);

/** A few base units. */
export const coinsOf = (random: Random): object[] => [{ denom: CHAIN.baseDenom, amount: String(1 + random.below(1_000_000)) }];

/** An address that most likely has no account. */
export const stranger = (random: Random): string => address.format(Uint8Array.from({ length: 20 }, () => random.below(256)));

/** Up to so many quarters of a unit of power. */
export const stake = (random: Random, most: number): object => ({
  denom: CHAIN.baseDenom,
  amount: String((CHAIN.powerReduction * BigInt(1 + random.below(most))) / 4n),
});

/** A time as messages write it. @param seconds Unix seconds */
export const timeText = (seconds: bigint): string => new Date(Number(seconds) * 1000).toISOString();

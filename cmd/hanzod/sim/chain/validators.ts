import { type CommitInfo, type Misbehavior, MisbehaviorType, type ValidatorUpdate, type VoteInfo } from "#proto/tendermint/abci/types";
import { BlockIDFlag } from "#proto/tendermint/types/validator";
import { sha256 } from "#sha256";
import { encodeUtf8, toHex } from "../../../../app/encoding/bytes.ts";
import { fromAbciUpdate } from "../../../../app/runtime/validatorUpdates.ts";
import { toTimestamp } from "../../../../app/sdk/time.ts";
import { type ConsKey, consAddressOf } from "../../../../modules/staking/consKey.ts";
import type { Draws } from "./draws.ts";

/** A machine with a consensus key. */
export interface VirtualValidator extends ConsKey {
  readonly name: string;
  /** CometBFT address, 20 bytes. */
  readonly address: Uint8Array;
  /** In the form of a key of its type, 32 or 33 bytes; nobody has its private one. */
  readonly publicKey: Uint8Array;
}

/**
 * Machines of a simulation, the same ones in each.
 * @param ed25519 how many of the first ones have ed25519 keys; of the others every second one has a secp256k1 key. All when left out
 */
export function createMachines(count: number, ed25519 = count): readonly VirtualValidator[] {
  return Array.from({ length: count }, (_, i) => {
    const bytes = sha256(encodeUtf8(`machine ${i}`));
    const key: ConsKey =
      i < ed25519 || i % 2 === 0
        ? { keyType: "ed25519", publicKey: bytes }
        : { keyType: "secp256k1", publicKey: Uint8Array.of(2, ...bytes) };
    return { name: `machine-${i}`, ...key, address: consAddressOf(key) };
  });
}

/** Who may vote, with how much. */
interface Voter {
  /** CometBFT address, 20 bytes. */
  readonly address: Uint8Array;
  readonly power: bigint;
}

type Powers = ReadonlyMap<string, Voter>;

/** How validators behave. */
export interface NetworkHabits {
  /** How often, in blocks, a validator falls silent and is caught. */
  readonly stopEvery: number;
  readonly caughtEvery: number;
  /** Most blocks for which one is silent. */
  readonly longestStop: number;
}

/** Heights back to which validators may be accused. */
const MEMORY = 60n;
const USUAL_HABITS: NetworkHabits = { stopEvery: 25, caughtEvery: 150, longestStop: 60 };

/**
 * The validators as CometBFT sees them: who may vote at which height, who is down, who misbehaved. Changes of block h hold from block h + 2 on.
 * The first one of genesis always votes and never misbehaves, and nobody is accused while no more than half of as many as in genesis are left: who
 * misbehaved never comes back, and a long chain would end with one validator.
 * INVARIANT: less than a third of the power is down, or there would be no block.
 */
export class ValidatorNetwork {
  readonly #draws: Draws;
  readonly #habits: NetworkHabits;
  readonly #steadfast: string | undefined;
  readonly #fewest: number;
  readonly #sets = new Map<bigint, Powers>();
  readonly #times = new Map<bigint, bigint>();
  readonly #downUntil = new Map<string, bigint>();
  #hashed: { readonly set: Powers; readonly hash: Uint8Array } | undefined;
  /** Accusations handed in. */
  accused = 0;
  /** Changes of power, in and out of the set included. */
  changed = 0;

  /** @param genesis at least one */
  constructor(genesis: readonly Voter[], draws: Draws, habits = USUAL_HABITS) {
    this.#draws = draws;
    this.#habits = habits;
    const first: Powers = new Map(genesis.map(({ address, power }) => [toHex(address), { address, power }]));
    [this.#steadfast] = first.keys();
    this.#fewest = first.size / 2;
    this.#sets.set(1n, first);
    this.#sets.set(2n, first);
  }

  /** How many may vote at a height. */
  sizeAt(height: bigint): number {
    return this.#setAt(height).size;
  }

  /** Who proposes a block. */
  proposer(height: bigint): Uint8Array {
    return this.#draws.pick([...this.#setAt(height).values()]).address;
  }

  /** Stands for the hash of the set of the next height in a header. */
  nextHash(height: bigint): Uint8Array {
    const set = this.#setAt(height + 1n);
    if (this.#hashed?.set !== set) this.#hashed = { set, hash: hashOf(set) };
    return this.#hashed.hash;
  }

  /** The votes for the block before this one. */
  lastCommit(height: bigint): CommitInfo {
    if (height === 1n) return { round: 0, votes: [] };
    const set = this.#setAt(height - 1n);
    const total = [...set.values()].reduce((sum, { power }) => sum + power, 0n);
    const { stopEvery, longestStop } = this.#habits;
    if (this.#draws.once(stopEvery))
      this.#downUntil.set(this.#draws.pick([...set.keys()]), height + BigInt(1 + this.#draws.below(longestStop)));
    let silent = 0n;
    const votes: VoteInfo[] = [];
    for (const [name, validator] of set) {
      const misses = this.#isDown(name, height) || this.#draws.once(100);
      if (misses && name !== this.#steadfast && (silent + validator.power) * 3n < total) {
        silent += validator.power;
        // Most that do not vote are not there; some vote for no block.
        const blockIdFlag = this.#draws.once(10) ? BlockIDFlag.BLOCK_ID_FLAG_NIL : BlockIDFlag.BLOCK_ID_FLAG_ABSENT;
        votes.push({ validator, blockIdFlag });
      } else votes.push({ validator, blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_COMMIT });
    }
    return { round: 0, votes };
  }

  /** Evidence against validators of the last heights, now and then. */
  misbehavior(height: bigint): Misbehavior[] {
    if (height < 3n || this.sizeAt(height) <= this.#fewest || !this.#draws.once(this.#habits.caughtEvery)) return [];
    const back = 1n + BigInt(this.#draws.below(Number(height - 2n < MEMORY ? height - 2n : MEMORY)));
    const at = height - back;
    const set = this.#setAt(at);
    const [name, validator] = this.#draws.pick([...set]);
    if (name === this.#steadfast) return [];
    this.accused++;
    return [
      {
        type: this.#draws.once(4) ? MisbehaviorType.LIGHT_CLIENT_ATTACK : MisbehaviorType.DUPLICATE_VOTE,
        validator,
        height: at,
        time: toTimestamp(this.#times.get(at) ?? 0n),
        totalVotingPower: [...set.values()].reduce((sum, { power }) => sum + power, 0n),
      },
    ];
  }

  /** Takes over what a block changes. @throws when CometBFT would refuse it */
  finish(height: bigint, timeNs: bigint, updates: readonly ValidatorUpdate[]): void {
    const before = this.#setAt(height + 1n);
    const next = updates.length === 0 ? (before as Map<string, Voter>) : new Map(before);
    for (const update of updates) {
      const { power, ...key } = fromAbciUpdate(update);
      const address = consAddressOf(key);
      const name = toHex(address);
      if (power === 0n && !next.delete(name)) throw new Error(`a validator update removes ${name}, which is not in the set`);
      if (power > 0n) next.set(name, { address, power });
      this.changed++;
    }
    if (next.size === 0) throw new Error("a validator update leaves nobody");
    this.#times.set(height, timeNs);
    this.#sets.set(height + 2n, next);
    this.#sets.delete(height - MEMORY - 2n);
    this.#times.delete(height - MEMORY - 2n);
  }

  /** Whether a validator is silent at a height; who is back is forgotten, so that mostly nothing is looked up. */
  #isDown(name: string, height: bigint): boolean {
    const until = this.#downUntil.size === 0 ? undefined : this.#downUntil.get(name);
    if (until === undefined) return false;
    if (until > height) return true;
    this.#downUntil.delete(name);
    return false;
  }

  #setAt(height: bigint): Powers {
    const set = this.#sets.get(height);
    if (set === undefined) throw new Error(`the validators of height ${height} expected`);
    return set;
  }
}

function hashOf(set: Powers): Uint8Array {
  return sha256(encodeUtf8([...set].map(([name, { power }]) => `${name} ${power}`).join()));
}

import { readFileSync } from "node:fs";

/** A recorded answer of a Cosmos SDK chain to an ABCI query. */
export interface RecordedQuery {
  readonly path: string;
  readonly data: string;
  readonly code: number;
  readonly codespace?: string;
  readonly log?: string;
  readonly value: string;
  readonly height?: number;
}

/** A recorded answer to a REST request. */
export interface RecordedRest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body?: unknown;
  readonly request_headers?: Readonly<Record<string, string>>;
}

export type RecordedEvent = readonly [type: string, attributes: readonly (readonly [key: string, value: string])[]];

/** A recorded transaction. */
export interface RecordedTx {
  readonly name: string;
  readonly height: number;
  readonly body_bytes: string;
  readonly messages: readonly (Readonly<Record<string, unknown>> & { readonly "@type": string })[];
  readonly fee: { readonly amount: readonly { readonly denom: string; readonly amount: string }[] };
  readonly result: { readonly code: number; readonly codespace: string; readonly log: string; readonly events: readonly RecordedEvent[] };
}

/** A recorded block: what the application was given, and what it gave. */
export interface RecordedBlock {
  readonly height: number;
  readonly time: string;
  readonly proposer_address: string;
  readonly next_validators_hash: string;
  readonly app_hash_before: string;
  /** Votes of the last commit; flag 1 absent, 2 commit, 3 nil. */
  readonly votes: readonly (readonly [address: string, power: string, flag: number])[];
  readonly misbehavior: readonly {
    readonly vote_a: { readonly validator_address: string; readonly height: string };
    readonly ValidatorPower: string;
    readonly TotalVotingPower: string;
    readonly Timestamp: string;
  }[];
  readonly events: readonly RecordedEvent[];
  /** Ed25519 keys in base64 with their powers. */
  readonly validator_updates?: readonly (readonly [key: string, power: string])[];
}

/** What staking holds after a height; maps have only what changed since the row before, and null for what is gone. */
export interface RecordedStake {
  readonly height: number;
  readonly bonded: string;
  readonly not_bonded: string;
  readonly validators: Readonly<Record<string, unknown>>;
  readonly delegators: Readonly<Record<string, unknown>>;
  /** Start height, index offset, missed blocks, tombstoned, jailed until (seconds.nanoseconds). */
  readonly signing_infos?: Readonly<Record<string, readonly [string, string, string, boolean, string]>>;
}

/** What distribution, mint and bank hold after a height, coins as text; maps have only what changed since the row before, and null for what is gone. */
export interface RecordedRewards {
  readonly height: number;
  readonly community_pool: string;
  readonly validators: Readonly<Record<string, unknown>>;
  readonly pending_rewards: Readonly<Record<string, unknown>>;
  readonly module_balances: Readonly<Record<string, string>>;
  readonly inflation: string;
  readonly annual_provisions: string;
  readonly supply: string;
}

interface SdkVectors {
  readonly abci: { readonly abci_query: readonly RecordedQuery[] };
  readonly rest: { readonly requests: readonly RecordedRest[] };
  readonly tx: {
    readonly txs: readonly RecordedTx[];
    readonly consensus_keys: Readonly<Record<string, { readonly pubkey: string; readonly address_hex: string }>>;
  };
  readonly blocks: { readonly blocks: readonly RecordedBlock[] };
  readonly staking: { readonly delegators: Readonly<Record<string, string>>; readonly heights: readonly RecordedStake[] };
  readonly genesis: {
    readonly genesis: RecordedGenesis;
    readonly exported: RecordedGenesis;
    readonly validators_after_init_chain: readonly { readonly pub_key: string; readonly power: string }[];
  };
  readonly distribution: { readonly delegators: Readonly<Record<string, string>>; readonly heights: readonly RecordedRewards[] };
}

interface RecordedGenesis {
  readonly app_state: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Recordings of a Cosmos SDK 0.53.8 chain (test/vectors/sdk). */
export function readSdkVectors<N extends keyof SdkVectors>(name: N): SdkVectors[N] {
  return JSON.parse(readFileSync(new URL(`../../../test/vectors/sdk/${name}.json`, import.meta.url), "utf8")) as SdkVectors[N];
}

/** An attribute of a recorded event. */
export function attributeOf([type, attributes]: RecordedEvent, key: string): string {
  const found = attributes.find(([name]) => name === key);
  if (found === undefined) throw new Error(`${type} has no ${key}`);
  return found[1];
}

/** Atomics of a recorded decimal: `0.13` → 13·10^16. */
export function atomicsOf(text: string): bigint {
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(`${whole}${fraction.padEnd(18, "0")}`);
}

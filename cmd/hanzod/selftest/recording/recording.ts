// A recording of a Cosmos SDK chain: what it was asked and what it answered, with the state it stood on. One JSON file per subject.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A REST request with its answer. */
export interface RecordedRest {
  readonly method: string;
  readonly path: string;
  readonly note?: string;
  readonly request_headers?: Readonly<Record<string, string>>;
  readonly request_body?: unknown;
  readonly status: number;
  /** Absent where the answer has the default headers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An ABCI query with its answer; bytes in hexadecimal. */
export interface RecordedQuery {
  readonly path: string;
  readonly data: string;
  readonly note?: string;
  readonly height?: number;
  readonly prove?: boolean;
  readonly code?: number;
  readonly codespace?: string;
  readonly log?: string;
  readonly key?: string;
  readonly value?: string;
  readonly response_height?: string;
  readonly proof_ops?: readonly { readonly type: string }[];
  /** The handler crashed: there is no answer. */
  readonly rpc_error?: unknown;
}

/** A gRPC call with its answer. */
export interface RecordedCall {
  readonly path: string;
  readonly data: string;
  readonly note?: string;
  /** Height metadata of the request. */
  readonly height?: number | string;
  readonly status: number;
  /** Absent on success, and where it ends with a space. */
  readonly message?: string;
  /** Height metadata of the answer. */
  readonly block_height?: string;
  readonly value?: string;
  /** The bytes are those of the ABCI query of the same request. */
  readonly same_as_abci?: boolean;
}

/** Coins as JSON has them. */
export type JsonCoins = readonly { readonly denom: string; readonly amount: string }[];

/** An event: type, then key and value of its attributes. */
export type RecordedEvent = readonly [type: string, attributes: readonly (readonly [key: string, value: string, indexed?: boolean])[]];

/** A committed transaction and what became of it. */
export interface RecordedTx {
  readonly name: string;
  readonly hash: string;
  readonly signed: readonly {
    readonly address: string;
    readonly mode: string;
    readonly account_number: string;
    readonly sequence: string;
    readonly sign_bytes_sha256?: string;
    readonly sign_bytes_utf8?: string;
    readonly sign_bytes_hex?: string;
  }[];
  readonly body_bytes: string;
  readonly auth_info_bytes: string;
  readonly signatures: readonly string[];
  readonly height: number;
  readonly index: number;
  readonly messages: readonly (Readonly<Record<string, unknown>> & { readonly "@type": string })[];
  readonly fee: { readonly amount: JsonCoins; readonly granter: string };
  readonly result: {
    readonly code: number;
    readonly codespace: string;
    readonly data: string;
    readonly log: string;
    readonly gas_wanted: string;
    readonly gas_used: string;
    readonly events: readonly RecordedEvent[];
  };
}

/** A validator in a block's last commit: consensus address (hex), power, flag (1 absent, 2 commit, 3 nil). */
export type RecordedVote = readonly [address: string, power: string, flag: 1 | 2 | 3];

/** Two votes of one validator for the same height and round, with the names of CometBFT's JSON. */
export interface RecordedDuplicateVote {
  readonly vote_a: { readonly height: string; readonly validator_address: string };
  readonly TotalVotingPower: string;
  readonly ValidatorPower: string;
  readonly Timestamp: string;
}

/** Headers for light clients that are not the chain's, signed by some of its validators. */
export interface RecordedLightClientAttack {
  /** Null or absent where nobody could be blamed. */
  readonly ByzantineValidators?: readonly { readonly address: string; readonly voting_power: string }[] | null;
  readonly CommonHeight: string;
  readonly TotalVotingPower: string;
  readonly Timestamp: string;
}

type BareEvidence = RecordedDuplicateVote | RecordedLightClientAttack;

/** Evidence as CometBFT hands it over: bare, or with its type around it. */
export type RecordedEvidence = BareEvidence | { readonly type: string; readonly value: BareEvidence };

/** Consensus parameters as JSON has them; groups without content are empty. */
export interface RecordedParams {
  readonly block?: { readonly max_bytes?: string; readonly max_gas?: string };
  readonly evidence?: { readonly max_age_num_blocks?: string; readonly max_age_duration?: string; readonly max_bytes?: string };
  readonly validator?: { readonly pub_key_types?: readonly string[] };
  readonly version?: { readonly app?: string };
  readonly abci?: { readonly vote_extensions_enable_height?: string };
}

/** What FinalizeBlock was given at a height and what it gave. */
export interface RecordedBlock {
  readonly height: number;
  readonly time: string;
  readonly hash: string;
  readonly proposer_address: string;
  readonly next_validators_hash: string;
  readonly last_commit_round: number;
  readonly votes: readonly RecordedVote[];
  readonly misbehavior: readonly RecordedEvidence[];
  /** Hashes of transactions, in order. */
  readonly txs: readonly string[];
  readonly events: readonly RecordedEvent[];
  /** ed25519 key (base64) and power. */
  readonly validator_updates: readonly (readonly [key: string, power: string])[];
  /** Only where they changed, and at the first height. */
  readonly consensus_param_updates?: RecordedParams;
}

/** Numbers of the state after a height. Maps hold what changed since the height before; `null` is gone. */
export type RecordedRow = { readonly height: number } & Readonly<Record<string, unknown>>;

/** Rows of one subject's numbers, and the accounts whose delegations they follow. */
export interface RecordedRows {
  /** Addresses by the names that the rows use. */
  readonly delegators: Readonly<Record<string, string>>;
  readonly heights: readonly RecordedRow[];
}

/** A transaction that the mempool judged. */
export interface RecordedCheck {
  readonly name: string;
  readonly tx?: string;
  readonly code?: number;
  readonly codespace?: string;
  readonly log?: string;
  /** What the node answered to whoever sent it. */
  readonly broadcast?: { readonly code: number; readonly codespace: string; readonly log: string };
}

/** A transaction with the mempool's verdict. */
export type JudgedCheck = RecordedCheck & { readonly tx: string; readonly code: number };

/** A sign document of one message. */
export interface RecordedSigning {
  readonly name: string;
  readonly chain_id: string;
  readonly account_number: string;
  readonly sequence: string;
  readonly body_bytes: string;
  readonly auth_info_bytes_amino: string;
  readonly amino_json: string;
  readonly direct_sha256?: string;
  readonly amino_signature?: string;
  /** `same`, or what cosmjs would sign instead. */
  readonly cosmjs?: string;
}

/** An account of genesis, of whatever kind. */
export interface RecordedAccount {
  readonly "@type": string;
  readonly address?: string;
  readonly name?: string;
  readonly base_account?: { readonly address: string };
  readonly base_vesting_account?: {
    readonly base_account: { readonly address: string };
    readonly original_vesting: JsonCoins;
  };
}

/** `app_state` of a chain, by module. */
export interface RecordedState {
  readonly auth: { readonly params: unknown; readonly accounts: readonly RecordedAccount[] };
  readonly bank: {
    readonly balances: readonly { readonly address: string; readonly coins: JsonCoins }[];
    readonly supply?: JsonCoins;
  } & Readonly<Record<string, unknown>>;
  readonly staking?: {
    readonly params?: { readonly bond_denom?: string };
    readonly validators?: readonly { readonly operator_address: string; readonly tokens: string }[];
    readonly last_validator_powers?: readonly { readonly address: string; readonly power: string }[];
  };
}

/** A genesis document. */
export interface RecordedGenesis {
  readonly genesis_time: string;
  readonly app_state: RecordedState;
  readonly initial_height?: number | string;
  readonly consensus?: { readonly params?: RecordedParams };
}

/** The subjects and their files. */
interface Parts {
  readonly rest: {
    readonly default_headers: Readonly<Record<string, string>>;
    readonly requests: readonly RecordedRest[];
    readonly with_unsafe_cors_enabled?: readonly RecordedRest[];
  };
  readonly abci: { readonly abci_query: readonly RecordedQuery[]; readonly grpc?: readonly RecordedCall[] };
  readonly signing: { readonly signer?: { readonly pubkey: string }; readonly cases: readonly RecordedSigning[] };
  readonly tx: { readonly txs: readonly RecordedTx[]; readonly marks?: readonly { readonly name: string; readonly height?: number }[] };
  readonly checktx: { readonly cases: readonly RecordedCheck[] };
  readonly genesis: {
    readonly genesis: RecordedGenesis;
    readonly exported: RecordedGenesis;
    readonly validators_after_init_chain?: readonly { readonly pub_key: string; readonly power: string }[];
  };
  readonly blocks: { readonly blocks: readonly RecordedBlock[] };
  readonly staking: RecordedRows;
  readonly distribution: RecordedRows;
}

/** What is known of the recorded chain besides the subjects. */
interface Head {
  readonly chain_id: string;
  readonly sdk: string;
  readonly final_height: number;
}

/** A recording: its head, and the files that are there. */
export type Recording = Head & { readonly [P in keyof Parts]?: Parts[P] };

/** Name of a subject's file, without `.json`. */
export type PartName = keyof Parts;

/** Subjects that are compared, in this order, and those that only give the state for it. */
export const COMPARED_PARTS = ["signing", "tx", "checktx", "abci", "rest"] as const satisfies readonly PartName[];
const CONTEXT_PARTS = ["genesis", "blocks", "staking", "distribution"] as const satisfies readonly PartName[];

/** Most bytes that a packed file may unfold to. */
const MAX_UNPACKED = 512 * 1024 * 1024;

/** A document with the recorded chain's head; every file of a recording has it. */
export function hasHead(doc: unknown): doc is Head {
  if (typeof doc !== "object" || doc === null) return false;
  const { chain_id, sdk, final_height } = doc as Partial<Head>;
  return typeof chain_id === "string" && typeof sdk === "string" && Number.isSafeInteger(final_height);
}

/** Whether a folder holds a recording. */
export function isRecording(folder: string): boolean {
  return COMPARED_PARTS.some((name) => findPart(folder, name) !== undefined);
}

/** Path of a subject's file, which may be packed with gzip; undefined when it is not there. */
function findPart(folder: string, name: PartName): string | undefined {
  const plain = join(folder, `${name}.json`);
  return [plain, `${plain}.gz`].find((path) => existsSync(path));
}

function readText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED }) : bytes).toString("utf8");
}

/**
 * Reads the recording of a folder.
 * @throws Error when a file is no JSON or no part of a recording, or none is there
 */
export function readRecording(folder: string): Recording {
  let recording: Recording | undefined;
  for (const name of [...CONTEXT_PARTS, ...COMPARED_PARTS]) {
    const path = findPart(folder, name);
    if (path === undefined) continue;
    const doc: unknown = JSON.parse(readText(path));
    if (!hasHead(doc)) throw new Error(`${path}: a file with chain_id, sdk and final_height expected`);
    const { chain_id, sdk, final_height } = doc;
    recording = { ...recording, chain_id, sdk, final_height, [name]: doc };
  }
  if (recording === undefined) throw new Error(`${folder}: none of ${COMPARED_PARTS.map((name) => `${name}.json`).join(", ")} is there`);
  return recording;
}

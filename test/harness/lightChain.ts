// A chain of signed headers without a node: what a light client sees of one, with validators of any choice at every height.
import { getPublicKey, hashes, sign } from "@noble/ed25519";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import type { BlockID, Commit, Header } from "#proto/tendermint/types/types";
import { BlockIDFlag, type Validator } from "#proto/tendermint/types/validator";
import { headerHash } from "../../app/client/light/headerHash.ts";
import type { LightBlock, LightProvider, StateAnswer } from "../../app/client/light/lightBlock.ts";
import { LightError } from "../../app/client/light/lightError.ts";
import { validatorsHash } from "../../app/client/light/validatorSet.ts";
import { voteSignBytes } from "../../app/client/light/voteSignBytes.ts";

hashes.sha512 = (message) => sha512(message);

const SECOND = 1_000_000_000n;
/** Time of block 1 in nanoseconds since 1970; one block per second. */
export const CHAIN_START_NS = 1_700_000_000n * SECOND;

/** A validator by the number that its key is made from, and its power. */
export interface Member {
  readonly seed: number;
  readonly power: bigint;
}

/** How a chain of headers comes about. */
export interface LightChainOptions {
  readonly chainId: string;
  readonly length: number;
  /** The validators of a height, 1 to length + 1. */
  members(height: number): readonly Member[];
  /** Those of a height who do not vote, by seed. */
  absent?(height: number): readonly number[];
  /** State root that a header carries. */
  appHash?(height: number): Uint8Array;
  /** Another value gives another chain with the same validators. */
  readonly salt?: number;
}

/** A made chain and a provider that serves it and counts what it is asked for. */
export interface LightChain {
  block(height: number): LightBlock;
  readonly provider: LightProvider;
  /** Heights in the order in which they were asked for. */
  readonly asked: bigint[];
}

const secretOf = (seed: number): Uint8Array => sha256(Uint8Array.of(1, seed, 7));
const textHash = (text: string): Uint8Array => sha256(new TextEncoder().encode(text));

/** The set that CometBFT would make of members: highest power first. */
export function validatorsOf(members: readonly Member[]): Validator[] {
  return members
    .map(({ seed, power }): Validator => {
      const key = getPublicKey(secretOf(seed));
      return { address: sha256(key).subarray(0, 20), pubKey: { ed25519: key }, votingPower: power, proposerPriority: 0n };
    })
    .sort((a, b) => (a.votingPower === b.votingPower ? 0 : a.votingPower < b.votingPower ? 1 : -1));
}

/** Signs a header by those of its members who vote. */
export function signHeader(header: Header, members: readonly Member[], absent: readonly number[] = []): LightBlock {
  const validators = validatorsOf(members);
  const bySeed = new Map(members.map(({ seed }) => [String(getPublicKey(secretOf(seed))), seed]));
  const blockId: BlockID = { hash: headerHash(header), partSetHeader: { total: 1, hash: textHash(`parts ${header.height}`) } };
  const commit: Commit = { height: header.height, round: 0, blockId, signatures: [] };
  for (const [index, { address, pubKey }] of validators.entries()) {
    const seed = bySeed.get(String(pubKey?.ed25519)) ?? 0;
    if (absent.includes(seed)) {
      const none = new Uint8Array(0);
      commit.signatures.push({
        blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_ABSENT,
        validatorAddress: none,
        timestamp: undefined,
        signature: none,
      });
      continue;
    }
    const timestamp = { seconds: (header.time?.seconds ?? 0n) + 1n, nanos: 1_000 * index };
    const vote = { blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_COMMIT, validatorAddress: address, timestamp, signature: new Uint8Array(64) };
    commit.signatures.push({ ...vote, signature: sign(voteSignBytes(header.chainId, commit, vote), secretOf(seed)) });
  }
  return { header, commit, validators };
}

/** Makes the headers of a chain; signatures are made when a block is asked for. */
export function createLightChain(options: LightChainOptions): LightChain {
  const { chainId, length, members, absent = () => [], appHash = (height) => textHash(`state ${height}`), salt = 0 } = options;
  const headers: Header[] = [];
  for (let height = 1; height <= length; height++) {
    const before = headers.at(-1);
    headers.push({
      version: { block: 11n, app: 0n },
      chainId,
      height: BigInt(height),
      time: { seconds: CHAIN_START_NS / SECOND + BigInt(height - 1), nanos: salt },
      lastBlockId: {
        hash: before === undefined ? new Uint8Array(0) : headerHash(before),
        partSetHeader: before === undefined ? { total: 0, hash: new Uint8Array(0) } : { total: 1, hash: textHash(`parts ${height - 1}`) },
      },
      lastCommitHash: textHash(`commit ${height}`),
      dataHash: textHash(`data ${height}`),
      validatorsHash: validatorsHash(validatorsOf(members(height))),
      nextValidatorsHash: validatorsHash(validatorsOf(members(height + 1))),
      consensusHash: textHash("consensus"),
      appHash: appHash(height),
      lastResultsHash: textHash("results"),
      evidenceHash: textHash("evidence"),
      proposerAddress: textHash("proposer").subarray(0, 20),
    });
  }
  const asked: bigint[] = [];
  const block = (height: number): LightBlock => {
    const header = headers[height - 1];
    if (header === undefined) throw new LightError("notCommitted", `height ${height}`);
    return signHeader(header, members(height), absent(height));
  };
  const provider: LightProvider = {
    latestHeight: () => Promise.resolve(BigInt(length)),
    lightBlock(height) {
      asked.push(height);
      return Promise.resolve(block(Number(height)));
    },
    stateAnswer: (): Promise<StateAnswer> => Promise.reject(new LightError("refused", "no state")),
  };
  return { block, provider, asked };
}

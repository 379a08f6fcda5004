// CometBFT's side of a chain in memory: who is in the set, who votes, what is seen of whom.
import { createHash } from "node:crypto";
import { createAddressCodec } from "../../app/sdk/address.ts";
import { PubKey } from "../../proto/gen/cosmos/crypto/ed25519/keys.ts";
import { MsgCreateValidator } from "../../proto/gen/cosmos/staking/v1beta1/tx.ts";
import { MisbehaviorType, RequestFinalizeBlock, type ResponseFinalizeBlock } from "../../proto/gen/tendermint/abci/types.ts";
import { BlockIDFlag } from "../../proto/gen/tendermint/types/validator.ts";
import type { TestAccount } from "./accounts.ts";
import { message, type TestMessage } from "./signTx.ts";
import { TEST_VALIDATOR, type TestChain } from "./testChain.ts";

/** A validator whose key nobody needs. */
export interface VirtualValidator {
  readonly account: TestAccount;
  /** Bech32 text. */
  readonly operator: string;
  readonly publicKey: Uint8Array;
  readonly consAddress: Uint8Array;
}

/** Evidence of two votes at one height, brought by the next block. */
export interface SeenTwice {
  readonly validator: VirtualValidator;
  readonly height: bigint;
  readonly timeNs?: bigint;
  readonly power?: bigint;
}

/** What a block is besides its transactions. */
export interface VirtualBlock {
  readonly txs?: readonly Uint8Array[];
  /** Who does not vote; everybody else in the set does. */
  readonly absent?: ReadonlySet<VirtualValidator>;
  readonly seenTwice?: readonly SeenTwice[];
}

export interface VirtualSet {
  /** Makes and commits a block. Those in the set at the height before have its votes. */
  block(block?: VirtualBlock): Promise<ResponseFinalizeBlock>;
  /** Power of a validator in the set of the last height; undefined where it is not in it. */
  powerOf(validator: VirtualValidator): bigint | undefined;
  /** Time of a height, nanoseconds. */
  timeOf(height: bigint): bigint;
}

const consAddressOf = (key: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(key).digest().subarray(0, 20));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The validator that an account can become. */
export function virtualValidator(account: TestAccount, n: number, prefix: string): VirtualValidator {
  const publicKey = new Uint8Array(createHash("sha256").update(`key of validator ${n}`).digest());
  const codec = createAddressCodec(prefix);
  return { account, operator: codec.operator.format(codec.parse(account.address)), publicKey, consAddress: consAddressOf(publicKey) };
}

/** Stakes atomic units and asks to come into the set. */
export function createValidator({ operator, publicKey }: VirtualValidator, denom: string, amount: bigint): TestMessage {
  return message(MsgCreateValidator, {
    description: { moniker: "virtual", identity: "", website: "", securityContact: "", details: "" },
    commission: { rate: "0", maxRate: "0", maxChangeRate: "0" },
    minSelfDelegation: "1",
    validatorAddress: operator,
    pubkey: { typeUrl: `/${PubKey.$type}`, value: PubKey.encode({ key: publicKey }).finish() },
    value: { denom, amount: String(amount) },
  });
}

/** Drives a chain that has had no block yet. */
export function createVirtualSet(chain: TestChain): VirtualSet {
  type Powers = ReadonlyMap<string, bigint>;
  const initial: Powers = new Map([[hexOf(consAddressOf(TEST_VALIDATOR.pubKey.ed25519)), TEST_VALIDATOR.power]]);
  // Sets of the height before the next block, of that block, and of the one after it: an update takes effect two heights later.
  let sets: readonly [Powers, Powers, Powers] = [initial, initial, initial];
  const timeOf = (height: bigint): bigint => {
    const { time, height: next } = chain.nextBlock();
    const { seconds, nanos } = time ?? { seconds: 0n, nanos: 0 };
    return seconds * 1_000_000_000n + BigInt(nanos) + (height - next) * 1_000_000_000n;
  };
  return {
    timeOf,
    powerOf: ({ consAddress }) => sets[0].get(hexOf(consAddress)),
    async block({ txs = [], absent = new Set<VirtualValidator>(), seenTwice = [] } = {}) {
      const request = chain.nextBlock(...txs);
      const missing = new Set([...absent].map(({ consAddress }) => hexOf(consAddress)));
      const votes = [...sets[0]].map(([address, power]) => ({
        validator: { address: Uint8Array.from(Buffer.from(address, "hex")), power },
        blockIdFlag: missing.has(address) ? BlockIDFlag.BLOCK_ID_FLAG_ABSENT : BlockIDFlag.BLOCK_ID_FLAG_COMMIT,
      }));
      const misbehavior = seenTwice.map(({ validator, height, timeNs = timeOf(height), power }) => ({
        type: MisbehaviorType.DUPLICATE_VOTE,
        validator: { address: validator.consAddress, power: power ?? sets[0].get(hexOf(validator.consAddress)) ?? 1n },
        height,
        time: { seconds: timeNs / 1_000_000_000n, nanos: Number(timeNs % 1_000_000_000n) },
        totalVotingPower: 1_000_000n,
      }));
      const decidedLastCommit = { round: 0, votes: request.height === 1n ? [] : votes };
      const response = await chain.app.finalizeBlock(RequestFinalizeBlock.fromPartial({ ...request, decidedLastCommit, misbehavior }));
      await chain.app.commit();
      const next = new Map(sets[2]);
      for (const { pubKey, power } of response.validatorUpdates) {
        const address = hexOf(consAddressOf(pubKey?.ed25519 ?? new Uint8Array(0)));
        if (power === 0n) next.delete(address);
        else next.set(address, power);
      }
      sets = [sets[1], sets[2], next];
      return response;
    },
  };
}

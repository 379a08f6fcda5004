// A chain of staking alone, block by block: validators by name, whose stake anybody may move.
import { PubKey } from "#proto/cosmos/crypto/ed25519/keys";
import { Any } from "#proto/google/protobuf/any";
import { type ChainConfig, type Ctx, createAddressCodec, type Module, moduleAddress, withoutGas } from "#sdk";
import { auth } from "../../modules/auth/index.ts";
import { bank } from "../../modules/bank/index.ts";
import { consensus } from "../../modules/consensus/index.ts";
import { staking } from "../../modules/staking/index.ts";
import { type Bench, createBench, eventLines, TEST_CHAIN } from "./moduleBench.ts";

export const BOND_DENOM = TEST_CHAIN.baseDenom;
/** Atomic units to a unit of power. */
export const UNIT = TEST_CHAIN.powerReduction;
export const UNBONDING_NS = 100n * 1_000_000_000n;
const BLOCK_NS = 1_000_000_000n;
const RICH = 10n ** 15n;

const codec = createAddressCodec(TEST_CHAIN.bech32Prefix);

/** The operator address of a named account. */
export const operatorOf = (name: string): string => codec.operator.format(moduleAddress(`user/${name}`));
/** The account address of a named account. */
export const accountOf = (name: string): string => codec.format(moduleAddress(`user/${name}`));
/** A consensus key that belongs to a name. */
export const keyBytesOf = (name: string): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => (name.codePointAt(i % name.length) ?? 0) ^ i);
/** The same packed. */
export const packedKeyOf = (name: string): Any =>
  Any.fromPartial({
    typeUrl: "/cosmos.crypto.ed25519.PubKey",
    value: PubKey.encode(PubKey.fromPartial({ key: keyBytesOf(name) })).finish(),
  });

/** A coin of the staked denomination in wire form. */
export const coin = (amount: bigint, denom: string = BOND_DENOM): { denom: string; amount: string } => ({
  denom,
  amount: amount.toString(),
});

export interface StakingBenchOptions {
  /** Validators that the first block bonds, with their own stake in atomic units. */
  readonly validators?: Readonly<Record<string, bigint>>;
  /** Accounts with coins besides the validators. */
  readonly accounts?: readonly string[];
  readonly params?: object;
  readonly chain?: ChainConfig;
  /** Modules behind staking, which listen to it. */
  readonly listeners?: readonly Module[];
  /** Whether block hooks work everything out each time, as where reads cost gas. */
  readonly forgetful?: boolean;
}

/** What the end of a block gave. */
export interface EndedBlock {
  readonly updates: readonly { readonly publicKey: Uint8Array; readonly power: bigint }[];
  /** Events of the end, and those of the block that nobody took, as `type(key=value, …)`. */
  readonly events: readonly string[];
}

/** A chain that stands in a block; {@link StakingBench.end} ends it and begins the next. */
export interface StakingBench {
  /** The block. */
  readonly bench: Bench;
  /** Ends the block and begins the next. */
  end(afterNs?: bigint): EndedBlock;
  delegate(delegator: string, validator: string, amount: bigint): object;
  undelegate(delegator: string, validator: string, amount: bigint): object;
  redelegate(delegator: string, source: string, destination: string, amount: bigint): object;
  create(name: string, amount: bigint, changes?: object): object;
  /** The facet that slashes, by name of the validator. @returns atomic units burned */
  slash(validator: string, height: bigint, power: bigint, fractionE18: bigint): bigint;
  jail(validator: string): void;
  unjail(validator: string): void;
  /** @param key name that the new key belongs to */
  rotate(name: string, key: string): object;
  balance(name: string): bigint;
}

/** Makes the chain and its first validators. */
export function createStakingBench(options: StakingBenchOptions = {}): StakingBench {
  const { validators = {}, accounts = [], params = {}, chain = TEST_CHAIN, listeners = [], forgetful = false } = options;
  const modules = [auth, bank, consensus, staking, ...listeners];
  let bench = createBench({ modules, chain, height: 0n });
  const holders = [...Object.keys(validators), ...accounts];
  bench.init("auth");
  bench.init("bank", { balances: holders.map((name) => ({ address: accountOf(name), coins: [coin(RICH)] })) });
  bench.init("staking", { params: { ...DEFAULTS, bondDenom: chain.baseDenom, ...params }, lastTotalPower: new TextEncoder().encode("0") });
  const send = (name: string, message: object): object => bench.send(`/cosmos.staking.v1beta1.Msg${name}`, message);
  const { slash, jail, unjail } = bench.facet(staking, "slash");
  const consOf = (name: string): Uint8Array =>
    bench.facet(staking, "view").findValidator(bench.ctx, operatorOf(name))?.consAddress ?? new Uint8Array(20);
  const parties = (delegator: string, validator: string, amount: bigint): object => ({
    delegatorAddress: accountOf(delegator),
    validatorAddress: operatorOf(validator),
    amount: coin(amount),
  });
  // As in a chain, where nobody pays for block hooks: what they remember counts.
  const hookCtx = (): Ctx => (forgetful ? bench.ctx : (withoutGas(bench.ctx) as Ctx));
  const chainBench: StakingBench = {
    get bench() {
      return bench;
    },
    end(afterNs = BLOCK_NS) {
      const updates = bench.module("staking").endBlock?.(hookCtx()) ?? [];
      const events = eventLines(bench.takeEvents());
      bench = bench.at(bench.ctx.height + 1n, bench.ctx.timeNs + afterNs);
      bench.module("staking").beginBlock?.(hookCtx(), NO_BLOCK);
      return { updates, events };
    },
    delegate: (delegator, validator, amount) => send("Delegate", parties(delegator, validator, amount)),
    undelegate: (delegator, validator, amount) => send("Undelegate", parties(delegator, validator, amount)),
    redelegate: (delegator, source, destination, amount) =>
      send("BeginRedelegate", {
        delegatorAddress: accountOf(delegator),
        validatorSrcAddress: operatorOf(source),
        validatorDstAddress: operatorOf(destination),
        amount: coin(amount),
      }),
    create: (name, amount, changes = {}) => send("CreateValidator", { ...newValidator(name, amount), ...changes }),
    slash: (name, height, power, fractionE18) => slash(bench.ctx, consOf(name), height, power, fractionE18),
    jail: (name) => jail(bench.ctx, consOf(name)),
    unjail: (name) => unjail(bench.ctx, consOf(name)),
    rotate: (name, key) => send("RotateConsPubKey", { validatorAddress: operatorOf(name), newPubkey: packedKeyOf(key) }),
    balance: (name) => bench.facet(bank, "view").balance(bench.ctx, accountOf(name), chain.baseDenom),
  };
  for (const [name, amount] of Object.entries(validators)) chainBench.create(name, amount);
  chainBench.end();
  bench.takeEvents();
  return chainBench;
}

/** MsgCreateValidator of a named account, in decoded form. */
export function newValidator(name: string, amount: bigint): object {
  return {
    description: { moniker: name },
    commission: { rate: "100000000000000000", maxRate: "200000000000000000", maxChangeRate: "10000000000000000" },
    minSelfDelegation: "1",
    validatorAddress: operatorOf(name),
    pubkey: packedKeyOf(name),
    value: coin(amount),
  };
}

const DEFAULTS = {
  unbondingTime: { seconds: UNBONDING_NS / 1_000_000_000n, nanos: 0 },
  maxValidators: 3,
  maxEntries: 2,
  historicalEntries: 3,
  minCommissionRate: "0",
};

/** A block without anything that staking reads but the header. */
const NO_BLOCK = {
  proposer: new Uint8Array(20),
  hash: new Uint8Array(32),
  nextValidatorsHash: new Uint8Array(32).fill(1),
  appHash: new Uint8Array(32).fill(2),
  lastCommit: [],
  misbehavior: [],
};

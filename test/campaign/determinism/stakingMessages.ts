// Fields that make a message of staking likely to succeed: every account may be a validator, and all stake on each other.
import { CHAIN } from "../../../app/hanzo.ts";
import { createAddressCodec } from "../../../app/sdk/index.ts";
import { pick, type Random, type World } from "../../../cmd/hanzod/sim/operations/randomMessage.ts";

type Fields = Readonly<Record<string, unknown>>;

const address = createAddressCodec(CHAIN.bech32Prefix);
const operator = (account: string): string => address.operator.format(address.parse(account));
const anybody = (random: Random, world: World): string => operator(pick(random, world.addresses));
/** Mostly the sender's own, where its stake is. */
const ownOrAny = (random: Random, world: World, sender: string): string =>
  random.below(4) > 0 ? operator(sender) : anybody(random, world);
const stake = (random: Random, most: number): object => ({
  denom: CHAIN.baseDenom,
  amount: String((CHAIN.powerReduction * BigInt(1 + random.below(most))) / 4n),
});
/** A key that belongs to an account. */
const keyOf = (account: string): string =>
  Buffer.from(Array.from({ length: 32 }, (_, i) => address.parse(account)[i % 20] ?? 0)).toString("base64");

/** What is remembered of withdrawals. */
interface Withdrawals {
  readonly height: bigint;
  readonly withdrawals: Map<string, readonly string[]>;
}

/** Makers by message type. */
export const stakingMakers: Readonly<Record<string, (random: Random, world: World, sender: string, memory: Withdrawals) => Fields>> = {
  "cosmos.staking.v1beta1.MsgCreateValidator": (random, _world, sender) => ({
    description: { moniker: `v${random.below(100)}` },
    commission: { rate: "0.1", max_rate: "0.5", max_change_rate: "0.1" },
    min_self_delegation: "1",
    pubkey: { "@type": "/cosmos.crypto.ed25519.PubKey", key: keyOf(sender) },
    value: stake(random, 400),
  }),
  "cosmos.staking.v1beta1.MsgEditValidator": (random) => ({
    description: { moniker: `w${random.below(100)}` },
    commission_rate: null,
    min_self_delegation: null,
  }),
  "cosmos.staking.v1beta1.MsgDelegate": (random, world) => ({ validator_address: anybody(random, world), amount: stake(random, 100) }),
  "cosmos.staking.v1beta1.MsgBeginRedelegate": (random, world, sender) => ({
    validator_src_address: ownOrAny(random, world, sender),
    validator_dst_address: anybody(random, world),
    amount: stake(random, 4),
  }),
  "cosmos.staking.v1beta1.MsgUndelegate": (random, _world, sender, { height, withdrawals }) => {
    withdrawals.set(sender, [...(withdrawals.get(sender) ?? []), height.toString()]);
    return { validator_address: operator(sender), amount: stake(random, 2) };
  },
  "cosmos.staking.v1beta1.MsgCancelUnbondingDelegation": (random, _world, sender, { withdrawals }) => ({
    validator_address: operator(sender),
    amount: { denom: CHAIN.baseDenom, amount: String(1 + random.below(1000)) },
    creation_height: pick(random, withdrawals.get(sender) ?? ["1"]),
  }),
};

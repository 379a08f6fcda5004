// Every account may be a validator, and all stake on each other.
import { CHAIN } from "../../../../app/hanzo.ts";
import { pick } from "../../../../cmd/hanzod/sim/operations/randomMessage.ts";
import { address, anyOperator, type Makers, type ModuleMessages, operatorOf, ownOrAnyOperator, stake } from "./maker.ts";

/** A key that belongs to an account. */
const keyOf = (account: string): string =>
  Buffer.from(Array.from({ length: 32 }, (_, i) => address.parse(account)[i % 20] ?? 0)).toString("base64");

const likely: Makers = {
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
  "cosmos.staking.v1beta1.MsgRotateConsPubKey": (random) => ({
    new_pubkey: {
      "@type": "/cosmos.crypto.ed25519.PubKey",
      key: Buffer.from(Array.from({ length: 32 }, () => random.below(256))).toString("base64"),
    },
  }),
  "cosmos.staking.v1beta1.MsgDelegate": (random, world) => ({ validator_address: anyOperator(random, world), amount: stake(random, 100) }),
  "cosmos.staking.v1beta1.MsgBeginRedelegate": (random, world, sender) => ({
    validator_src_address: ownOrAnyOperator(random, world, sender),
    validator_dst_address: anyOperator(random, world),
    amount: stake(random, 4),
  }),
  "cosmos.staking.v1beta1.MsgUndelegate": (random, _world, sender) => ({ validator_address: operatorOf(sender), amount: stake(random, 2) }),
  "cosmos.staking.v1beta1.MsgCancelUnbondingDelegation": (random, _world, sender, { unbondings }) => {
    const { operator, height } = pick(random, unbondings.get(sender) ?? [{ operator: operatorOf(sender), height: "1" }]);
    const amount = { denom: CHAIN.baseDenom, amount: String(1 + random.below(1000)) };
    return { validator_address: operator, amount, creation_height: height };
  },
};

/** Messages of x/staking. */
export const stakingMessages: ModuleMessages = {
  likely,
  governed: {
    "cosmos.staking.v1beta1.MsgUpdateParams": (random) => ({
      params: {
        unbonding_time: "20s",
        max_validators: 3 + random.below(3),
        max_entries: 7,
        historical_entries: 10 + random.below(9),
        bond_denom: CHAIN.baseDenom,
        min_commission_rate: "0.05",
        key_rotation_fee: { denom: CHAIN.baseDenom, amount: String(random.below(1000)) },
      },
    }),
  },
};

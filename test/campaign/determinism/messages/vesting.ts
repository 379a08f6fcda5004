import { coinsOf, type ModuleMessages, stranger } from "./maker.ts";

/** Messages of x/auth/vesting. */
export const vestingMessages: ModuleMessages = {
  likely: {
    "cosmos.vesting.v1beta1.MsgCreateVestingAccount": (random) => ({
      to_address: stranger(random),
      amount: coinsOf(random),
      end_time: "1900000000",
      delayed: random.below(2) === 0,
    }),
    "cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccount": (random) => ({ to_address: stranger(random), amount: coinsOf(random) }),
    "cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount": (random) => ({
      to_address: stranger(random),
      start_time: "1790000000",
      vesting_periods: [{ length: String(random.below(90)), amount: coinsOf(random) }],
    }),
  },
};

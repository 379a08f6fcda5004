import {
  MsgCreatePeriodicVestingAccount,
  MsgCreatePermanentLockedAccount,
  MsgCreateVestingAccount,
} from "#proto/cosmos/vesting/v1beta1/tx";
import type { World } from "../chain/world.ts";
import { type Operation, operation } from "./operation.ts";

/** Most that one such account is given: a millionth of what an actor begins with. */
const MOST = 10n ** 18n;

const someCoins = ({ draws, baseDenom }: World) => [{ denom: baseDenom, amount: String(1n + draws.amount(MOST)) }];
/** Mostly an address without an account. */
const newOwner = (world: World): string => (world.draws.once(6) ? world.receiver() : world.newAddress());

/** Operations of x/vesting. */
export const vestingOperations: readonly Operation[] = [
  operation(MsgCreateVestingAccount, 3, (world, { address }) => ({
    fromAddress: address,
    toAddress: newOwner(world),
    amount: someCoins(world),
    endTime: world.seconds + BigInt(world.draws.below(2000) - 100),
    delayed: world.draws.once(2),
  })),
  operation(MsgCreatePermanentLockedAccount, 1, (world, { address }) => ({
    fromAddress: address,
    toAddress: newOwner(world),
    amount: someCoins(world),
  })),
  operation(MsgCreatePeriodicVestingAccount, 2, (world, { address }) => ({
    fromAddress: address,
    toAddress: newOwner(world),
    startTime: world.seconds + BigInt(world.draws.below(200) - 100),
    vestingPeriods: Array.from({ length: 1 + world.draws.below(4) }, () => ({
      length: BigInt(world.draws.below(300)),
      amount: someCoins(world),
    })),
  })),
];

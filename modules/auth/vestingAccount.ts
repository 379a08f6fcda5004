import type { BaseAccount } from "#proto/cosmos/auth/v1beta1/auth";
import type { Coin as WireCoin } from "#proto/cosmos/base/v1beta1/coin";
import {
  type BaseVestingAccount,
  ContinuousVestingAccount,
  DelayedVestingAccount,
  PeriodicVestingAccount,
  PermanentLockedAccount,
} from "#proto/cosmos/vesting/v1beta1/vesting";
import { type CoinAmount, encodeCoins, encodeMessage, type ProtoCodec, parseAmount, sdkError } from "#sdk";
import type { Schedule, Vesting } from "./vesting.ts";

/** What the four kinds of accounts with locked coins have in common on the wire. */
interface WireAccount {
  readonly baseVestingAccount?: BaseVestingAccount | undefined;
  readonly startTime?: bigint;
  readonly vestingPeriods?: readonly { readonly length: bigint; readonly amount: readonly WireCoin[] }[];
}

const TYPES: Readonly<Record<Schedule["kind"], ProtoCodec<WireAccount>>> = {
  continuous: ContinuousVestingAccount as ProtoCodec<WireAccount>,
  delayed: DelayedVestingAccount as ProtoCodec<WireAccount>,
  periodic: PeriodicVestingAccount as ProtoCodec<WireAccount>,
  locked: PermanentLockedAccount as ProtoCodec<WireAccount>,
};
const KINDS = new Map(Object.entries(TYPES).map(([kind, { $type }]) => [`/${$type}`, kind as Schedule["kind"]]));

/** Types of packed accounts with locked coins. */
export const VESTING_URLS: readonly string[] = [...KINDS.keys()];

/** Whether a packed account has locked coins, by its type alone. */
export function isVestingUrl(typeUrl: string): boolean {
  return KINDS.has(typeUrl);
}

/**
 * An account with locked coins, of its packed form.
 * @throws sdk/10 for an amount that is no canonical decimal; sdk/29 for another kind of account
 */
export function decodeVesting(typeUrl: string, bytes: Uint8Array): { readonly base?: BaseAccount; readonly vesting: Vesting } {
  const kind = KINDS.get(typeUrl);
  if (kind === undefined) throw sdkError.invalidType(`one of ${VESTING_URLS.join(", ")} expected, got ${typeUrl}`);
  const { baseVestingAccount: shared, startTime = 0n, vestingPeriods = [] } = TYPES[kind].decode(bytes);
  const vesting = {
    schedule: scheduleOf(kind, startTime, vestingPeriods),
    original: decodeCoins(shared?.originalVesting),
    delegatedFree: decodeCoins(shared?.delegatedFree),
    delegatedVesting: decodeCoins(shared?.delegatedVesting),
    endTime: shared?.endTime ?? 0n,
  };
  return shared?.baseAccount === undefined ? { vesting } : { base: shared.baseAccount, vesting };
}

/** Packed form of an account with locked coins. */
export function encodeVesting(base: BaseAccount, vesting: Vesting): { typeUrl: string; value: Uint8Array } {
  const { schedule, original, delegatedFree, delegatedVesting, endTime } = vesting;
  const type = TYPES[schedule.kind];
  const wire = {
    baseVestingAccount: {
      baseAccount: base,
      originalVesting: encodeCoins(original),
      delegatedFree: encodeCoins(delegatedFree),
      delegatedVesting: encodeCoins(delegatedVesting),
      endTime,
    },
    ...("startTime" in schedule ? { startTime: schedule.startTime } : {}),
    ...("periods" in schedule
      ? { vestingPeriods: schedule.periods.map(({ length, amount }) => ({ length, amount: encodeCoins(amount) })) }
      : {}),
  };
  return { typeUrl: `/${type.$type}`, value: encodeMessage(type, wire) };
}

function scheduleOf(kind: Schedule["kind"], startTime: bigint, periods: NonNullable<WireAccount["vestingPeriods"]>): Schedule {
  if (kind === "continuous") return { kind, startTime };
  if (kind === "periodic")
    return { kind, startTime, periods: periods.map(({ length, amount }) => ({ length, amount: decodeCoins(amount) })) };
  return { kind };
}

function decodeCoins(coins: readonly WireCoin[] = []): CoinAmount[] {
  return coins.map(({ denom, amount }) => ({ denom, amount: parseAmount(amount) }));
}

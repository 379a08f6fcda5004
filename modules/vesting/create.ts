import type {
  MsgCreatePeriodicVestingAccount,
  MsgCreatePermanentLockedAccount,
  MsgCreateVestingAccount,
} from "#proto/cosmos/vesting/v1beta1/tx";
import { addCoins, type CoinAmount, type Ctx, type ReadCtx, requireCoins, sdkError } from "#sdk";
import { createVesting, endOfPeriods, explainVesting, type Period, type Vesting } from "../auth/index.ts";

const NANOSECONDS = 1_000_000_000n;

/** What the transitions need of other modules. */
export interface VestingParts {
  readonly needs: {
    readonly auth: {
      findAccount(ctx: ReadCtx, address: string): object | undefined;
      isModuleAccount(ctx: ReadCtx, address: string): boolean;
      createVestingAccount(ctx: Ctx, address: string, vesting: Vesting): void;
    };
    readonly bank: {
      requireSendEnabled(ctx: ReadCtx, coins: readonly CoinAmount[]): void;
      requireReceiver(ctx: ReadCtx, address: string): void;
      sendCoins(ctx: Ctx, from: string, to: string, coins: readonly CoinAmount[]): void;
    };
  };
}

/** Who pays for which new account. */
interface Funding {
  readonly fromAddress: string;
  readonly toAddress: string;
}

/**
 * MsgCreateVestingAccount: coins unlock at the end, or bit by bit from the time of the block on. An end that is past already is allowed.
 * @throws bank/5, sdk/4, sdk/5, sdk/18
 */
export function createTimedAccount(m: VestingParts, ctx: Ctx, msg: MsgCreateVestingAccount): object {
  const coins = requireCoins(msg.amount);
  m.needs.bank.requireSendEnabled(ctx, coins);
  requireNew(m, ctx, msg.toAddress);
  const schedule = msg.delayed ? ({ kind: "delayed" } as const) : ({ kind: "continuous", startTime: ctx.timeNs / NANOSECONDS } as const);
  return fund(m, ctx, msg, createVesting(schedule, coins, msg.endTime));
}

/** MsgCreatePermanentLockedAccount: coins that can only be delegated. @throws bank/5, sdk/4, sdk/5, sdk/18 */
export function createLockedAccount(m: VestingParts, ctx: Ctx, msg: MsgCreatePermanentLockedAccount): object {
  const coins = requireCoins(msg.amount);
  m.needs.bank.requireSendEnabled(ctx, coins);
  requireNew(m, ctx, msg.toAddress);
  return fund(m, ctx, msg, createVesting({ kind: "locked" }, coins, 0n));
}

/** MsgCreatePeriodicVestingAccount: coins unlock in steps. @throws bank/5, sdk/4, sdk/5, sdk/18 */
export function createPeriodicAccount(m: VestingParts, ctx: Ctx, msg: MsgCreatePeriodicVestingAccount): object {
  const { startTime } = msg;
  const periods = msg.vestingPeriods.map(({ length, amount }) => ({ length, amount: requireCoins(amount) }));
  const coins = totalOf(periods);
  requireNew(m, ctx, msg.toAddress);
  m.needs.bank.requireSendEnabled(ctx, coins);
  const endTime = endOfPeriods(startTime, periods);
  if (endTime === undefined) throw sdkError.invalidRequest("cumulative endTime overflowed, and/or is less than startTime");
  const vesting = createVesting({ kind: "periodic", startTime, periods }, coins, endTime);
  const reason = explainVesting(vesting);
  if (reason !== undefined) throw sdkError.invalidRequest(reason);
  return fund(m, ctx, msg, vesting);
}

function totalOf(periods: readonly Period[]): readonly CoinAmount[] {
  let total: readonly CoinAmount[] = [];
  for (const { amount } of periods) total = addCoins(total, amount);
  return total;
}

/**
 * Only an address that has no account yet can get a locked one. Governance may receive coins, but its address is a module's: locked, it would be lost.
 * @throws sdk/4, sdk/18
 */
function requireNew({ needs: { auth, bank } }: VestingParts, ctx: ReadCtx, address: string): void {
  bank.requireReceiver(ctx, address);
  if (auth.findAccount(ctx, address) !== undefined || auth.isModuleAccount(ctx, address))
    throw sdkError.invalidRequest(`account ${address} already exists`);
}

function fund({ needs: { auth, bank } }: VestingParts, ctx: Ctx, { fromAddress, toAddress }: Funding, vesting: Vesting): object {
  auth.createVestingAccount(ctx, toAddress, vesting);
  bank.sendCoins(ctx, fromAddress, toAddress, vesting.original);
  return {};
}

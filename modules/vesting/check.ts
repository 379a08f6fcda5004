import type {
  MsgCreatePeriodicVestingAccount,
  MsgCreatePermanentLockedAccount,
  MsgCreateVestingAccount,
} from "#proto/cosmos/vesting/v1beta1/tx";
import { type AddressCodec, addCoins, type CheckEnv, type CoinAmount, requireAddress, requireCoins, sdkError } from "#sdk";

type Env = CheckEnv<{}>;

/** Stateless checks of the messages: in CheckTx, and again before each handler. */
export const vestingChecks = {
  /** @throws sdk/7 bad address; sdk/10 bad coins; sdk/18 an end before 1970 */
  createVestingAccount(msg: MsgCreateVestingAccount, { address }: Env): void {
    requireAddresses(address, msg);
    requireCoins(msg.amount);
    if (msg.endTime <= 0n) throw sdkError.invalidRequest("invalid end time");
  },
  /** @throws sdk/7 bad address; sdk/10 bad coins */
  createPermanentLockedAccount(msg: MsgCreatePermanentLockedAccount, { address }: Env): void {
    requireAddresses(address, msg);
    requireCoins(msg.amount);
  },
  /** @throws sdk/7 bad address; sdk/10 bad coins, or more than 2^256 of them; sdk/18 a start before 1970, a step without length */
  createPeriodicVestingAccount(msg: MsgCreatePeriodicVestingAccount, { address }: Env): void {
    requireAddresses(address, msg);
    if (msg.startTime < 1n) throw sdkError.invalidRequest(`invalid start time of ${msg.startTime}, length must be greater than 0`);
    let total: readonly CoinAmount[] = [];
    for (const [i, { length, amount }] of msg.vestingPeriods.entries()) {
      if (length < 1n) throw sdkError.invalidRequest(`invalid period length of ${length} in period ${i}, length must be greater than 0`);
      total = addCoins(total, requireCoins(amount));
    }
  },
};

function requireAddresses(
  codec: AddressCodec,
  { fromAddress, toAddress }: { readonly fromAddress: string; readonly toAddress: string },
): void {
  requireAddress(codec, fromAddress, "'from'");
  requireAddress(codec, toAddress, "'to'");
}

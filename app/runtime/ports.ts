import type { Params as AuthParams } from "#proto/cosmos/auth/v1beta1/auth";
import type { Coin } from "#proto/cosmos/base/v1beta1/coin";
import type { Any } from "#proto/google/protobuf/any";
import type { ConsensusParams } from "#proto/tendermint/types/params";
import type { CoinAmount, Ctx, ReadCtx, UpgradeGate, ValuePlace } from "#sdk";

/** What the checks before a transaction's messages know of an account. */
export interface AnteAccount {
  readonly address: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
  readonly pubKey?: Any | undefined;
}

/** Accounts as the checks before a transaction's messages use them. */
export interface AccountPort {
  /** @param place where the transaction keeps the account, to read it again */
  findAccount(ctx: ReadCtx, address: string, place?: ValuePlace<unknown>): AnteAccount | undefined;
  setPubKey(ctx: Ctx, address: string, pubKey: Any): void;
  incrementSequence(ctx: Ctx, address: string): void;
  params(ctx: ReadCtx): AuthParams;
}

/** Fees as the checks before a transaction's messages use them. */
export interface FeePort {
  /**
   * Moves the fee from the payer to the fee collector. CONTRACT: a valid list of coins.
   * @throws sdk/5 with the spendable balance in the text.
   */
  deductFee(ctx: Ctx, payer: string, fee: readonly CoinAmount[]): void;
}

/** Fee grants; absent until a module offers them. */
export interface FeeGrantPort {
  /** @throws the module's error when the granter does not pay this fee for these messages. */
  useGrantedFees(ctx: Ctx, granter: string, payer: string, fee: readonly Coin[], messageTypes: readonly string[]): void;
}

/** Consensus parameters in state: what blocks may hold. */
export interface ConsensusParamsPort {
  get(ctx: ReadCtx): ConsensusParams | undefined;
  set(ctx: Ctx, params: ConsensusParams): void;
}

/** The abilities of modules that the runtime itself needs; the app's list of modules connects them. */
export interface RuntimePorts {
  readonly accounts: AccountPort;
  readonly fees: FeePort;
  readonly consensusParams: ConsensusParamsPort;
  readonly feeGrants?: FeeGrantPort;
  /** Absent where every program migrates the state as soon as it runs. */
  readonly upgrades?: UpgradeGate;
}

/** Where the runtime tells the operator what happened. Never read back: a log is not state. */
export interface LogPort {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** A log that nobody reads. */
export const silentLog: LogPort = { info: () => {}, error: () => {} };

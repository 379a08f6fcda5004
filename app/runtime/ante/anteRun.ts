import type { Params as AuthParams } from "#proto/cosmos/auth/v1beta1/auth";
import type { AddressCodec, Ctx } from "#sdk";
import type { DecodedTx } from "../decodedTx.ts";
import type { GasPrice } from "../feeCoins.ts";
import type { KeyReader } from "../keyReader.ts";
import type { AnteAccount, RuntimePorts } from "../ports.ts";
import type { AccountKey } from "../pubKey.ts";
import type { SignatureVerifier } from "../signature.ts";
import type { Wire } from "../wire.ts";

/** Why a transaction is run: to let it into the mempool, to see whether it may stay there, to tell its gas, in a block, or before the first one. */
export type TxMode = "check" | "recheck" | "simulate" | "deliver" | "genesis";

/** Whether a run only decides who may wait in the mempool: its checks are all there is, and nobody hears its events. */
export function isForMempool(mode: TxMode): boolean {
  return mode === "check" || mode === "recheck";
}

/** What the checks may use besides state; the same for every transaction of a chain. */
export interface AnteEnv {
  readonly address: AddressCodec;
  readonly ports: RuntimePorts;
  readonly wire: Wire;
  readonly verifier: SignatureVerifier;
  readonly keys: KeyReader;
  /** Denomination of fees where no price says another. */
  readonly baseDenom: string;
  /** Lowest prices that this node relays; says nothing about blocks. */
  readonly minGasPrices: readonly GasPrice[];
}

/** A signer as the checks pass it on. */
export interface AnteSigner {
  readonly address: string;
  account: AnteAccount;
  /** Key of the account, or of this transaction where the account has none yet; undefined only when it is unknown. */
  key: AccountKey | undefined;
}

/** One transaction on its way through the checks. */
export interface AnteRun {
  readonly mode: TxMode;
  readonly ctx: Ctx;
  /** Runs something whose gas counts and whose writes and events do not. */
  trial(work: (ctx: Ctx) => void): void;
  readonly tx: DecodedTx;
  readonly env: AnteEnv;
  /** Most gas that one block may use, undefined for no limit. */
  readonly maxBlockGas: bigint | undefined;
  /** Addresses that must sign; filled by the basic checks. */
  signerAddresses: readonly string[];
  /** Read once, by the memo check. */
  params: AuthParams;
  /** Filled by the public key check. */
  signers: readonly AnteSigner[];
}

/** One check, with its effects on state. @throws what refuses the transaction. */
export type AnteStep = (run: AnteRun) => void;

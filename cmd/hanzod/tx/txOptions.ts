import { InvalidArgumentError } from "commander";
import type { SignMode } from "#proto/cosmos/tx/signing/v1beta1/signing";
import { SIGN_MODE } from "../../../app/runtime/signModes.ts";
import { CliError } from "../../shared/cliError.ts";
import type { FeeOptions } from "./fees.ts";
import type { GasAdjustment } from "./gas.ts";
import type { TxTerms } from "./txBytes.ts";

/** How a transaction is signed, beside who signs it. */
export interface SignOptions {
  /** Default: the node's. */
  readonly chainId?: string;
  /** Asks no node: numbers and chain id come from the options. */
  readonly offline?: boolean;
  readonly accountNumber?: bigint;
  readonly sequence?: bigint;
  /** Default: direct, for signatures of a multisig key amino JSON. */
  readonly signMode?: SignMode;
  readonly outputDocument?: string;
}

/** What a transaction says besides its messages and fee, as the options have it. */
export interface TermOptions {
  readonly note?: string;
  readonly memo?: string;
  readonly timeoutHeight?: bigint;
  readonly unordered?: boolean;
  /** Nanoseconds. */
  readonly timeoutDuration?: bigint;
}

/** How a transaction is made, beside its message. */
export interface TxOptions extends FeeOptions, SignOptions, TermOptions {
  readonly gas: "auto" | bigint;
  readonly gasAdjustment: GasAdjustment;
  readonly feePayer?: string;
  readonly feeGranter?: string;
  readonly dryRun?: boolean;
  readonly generateOnly?: boolean;
  readonly wait?: boolean;
}

const SECOND_NS = 1_000_000_000n;
/** Chains keep the nonces of unordered transactions for so long. */
const MAX_DURATION_NS = 600n * SECOND_NS;
const UNITS: Readonly<Record<string, bigint>> = { h: 3600n, m: 60n, s: 1n };

/** Parses a time such as `90s`, `5m` or `1m30s` into nanoseconds. @throws InvalidArgumentError for anything else, zero, or more than ten minutes */
export function parseTimeoutDuration(text: string): bigint {
  const parts = /^(?:\d{1,4}[hms]){1,3}$/.test(text) ? [...text.matchAll(/(\d+)([hms])/g)] : [];
  const total = parts.reduce((sum, [, count = "0", unit = "s"]) => sum + BigInt(count) * (UNITS[unit] ?? 0n) * SECOND_NS, 0n);
  if (total < 1n || total > MAX_DURATION_NS) throw new InvalidArgumentError("a time of at most 10m is expected, such as 90s or 5m");
  return total;
}

/** Parses `direct` or `amino-json` into the number of the mode. @throws InvalidArgumentError for anything else */
export function parseSignMode(text: string): SignMode {
  switch (text) {
    case "direct":
      return SIGN_MODE.direct;
    case "amino-json":
      return SIGN_MODE.amino;
    default:
      throw new InvalidArgumentError("direct or amino-json is expected");
  }
}

/** Parses an account number, a sequence or a height. @throws InvalidArgumentError unless it is a whole number of 64 bits */
export function parseWholeNumber(text: string): bigint {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 1n << 64n) throw new InvalidArgumentError("a whole number is expected");
  return BigInt(text);
}

/**
 * What the transaction says besides messages and fee.
 * @param nowMs present time, milliseconds since 1970-01-01 UTC: an unordered transaction's time is counted from it
 * @throws CliError when the options contradict each other
 */
export function termsOf({ note, memo, timeoutHeight = 0n, unordered, timeoutDuration }: TermOptions, nowMs: number): TxTerms {
  if (note !== undefined && memo !== undefined && note !== memo)
    throw new CliError("--note and --memo say different things", { why: "they are two names of one text", next: "give --note alone" });
  if ((unordered === true) !== (timeoutDuration !== undefined))
    throw new CliError("--unordered and --timeout-duration belong together", {
      why: "an unordered transaction has no sequence: its time alone keeps it from being executed twice",
      next: "--unordered --timeout-duration 5m",
    });
  const until = BigInt(nowMs) * 1_000_000n + (timeoutDuration ?? 0n);
  const unorderedUntil = timeoutDuration === undefined ? undefined : { seconds: until / SECOND_NS, nanos: Number(until % SECOND_NS) };
  return { memo: note ?? memo ?? "", timeoutHeight, unorderedUntil };
}

/** Fails unless what no node is asked for is given. @throws CliError naming the missing option */
export function requireOffline({ offline, chainId, accountNumber, sequence }: SignOptions, unordered: boolean): void {
  if (offline !== true) return;
  const missing = [
    ...(chainId === undefined ? ["--chain-id"] : []),
    ...(accountNumber === undefined ? ["--account-number"] : []),
    ...(sequence === undefined && !unordered ? ["--sequence"] : []),
  ];
  if (missing.length > 0)
    throw new CliError(`--offline needs ${missing.join(", ")}`, {
      why: "no node is asked for it",
      next: "hanzod q auth account-info ADDRESS tells account number and sequence where there is a node",
    });
}

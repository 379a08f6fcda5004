import type { Any } from "#proto/google/protobuf/any";
import type { CoinAmount, Ctx, ProtoCodec } from "#sdk";
import type { FeegrantErrors } from "./feegrant.ts";

/** A fee to be paid. */
export interface FeeUse {
  readonly ctx: Ctx;
  /** Valid coins; none for a transaction that costs nothing. */
  /** Looked at where there is a limit. @throws sdk/13 */
  readonly fee: () => readonly CoinAmount[];
  /** Type URLs of the transaction's messages. */
  readonly messageTypes: readonly string[];
  readonly err: FeegrantErrors;
}

/** A kind of allowance. */
export interface AllowanceKind<A extends object> {
  readonly type: ProtoCodec<A>;
  /** Writes out what the SDK writes where nothing was given, so that queries show the same. */
  complete?(allowance: A): A;
  /** What can be judged without state. @throws ModuleError */
  check(allowance: A, err: FeegrantErrors): void;
  /** Last moment at which it may be used, in nanoseconds since 1970-01-01 UTC; undefined for no end. */
  expiresNs(allowance: A, err: FeegrantErrors): bigint | undefined;
  /** What is left behind a fee, undefined for nothing. @throws feegrant/2, feegrant/3, feegrant/7 when it does not pay this fee */
  use(allowance: A, use: FeeUse): A | undefined;
}

/** An allowance read from its packed form. */
export interface Allowance {
  /** Its one encoding, as state holds it. */
  packed(): Any;
  check(err: FeegrantErrors): void;
  expiresNs(err: FeegrantErrors): bigint | undefined;
  /** What is left, packed. */
  use(use: FeeUse): Any | undefined;
}

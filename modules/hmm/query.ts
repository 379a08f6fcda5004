import { invalidArgument, ModuleError, notFound } from "#sdk";
import { hmmError } from "./errors.ts";
import type { Market } from "./market.ts";

const { code: UNKNOWN_POOL, codespace: HMM } = hmmError.unknownPool();
const UNKNOWN = new Set([UNKNOWN_POOL, hmmError.unknownOrder().code, hmmError.unknownCommitment().code, hmmError.unknownSealed().code]);

/** Runs a query; the market's own refusals become gRPC NotFound (what does not exist) or InvalidArgument (all others). */
export function asQuery<R>(run: () => R): R {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof ModuleError) || cause.codespace !== HMM) throw cause;
    throw UNKNOWN.has(cause.code) ? notFound(cause.message) : invalidArgument(cause.message);
  }
}

/** An address of a request. @throws gRPC InvalidArgument when it is none */
export function requireAddress({ address }: Market, text: string): string {
  try {
    address.parse(text);
  } catch (cause) {
    throw invalidArgument(cause instanceof Error ? cause.message : "invalid address");
  }
  return text;
}

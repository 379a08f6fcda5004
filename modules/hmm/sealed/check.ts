// Stateless checks of the messages of sealed orders.
import type { MsgCommitOrder, MsgRevealOrder } from "#proto/hanzo/hmm/v1/tx";
import { parsePositive } from "../amounts.ts";
import { hmmError } from "../errors.ts";
import { requireSide } from "../orders/check.ts";
import { parseLimitPrice } from "../orders/limitPrice.ts";
import { requirePoolId } from "../poolId.ts";
import { HASH_BYTES, SALT_BYTES } from "./hash.ts";

function requireLength(bytes: Uint8Array, expected: number, name: string): void {
  if (bytes.length !== expected) throw hmmError.invalidSealed(`${name}: expected ${expected} bytes, got ${bytes.length}`);
}

/** Checks by method name. */
export const sealedChecks = {
  commitOrder(req: MsgCommitOrder): void {
    requirePoolId(req.poolId);
    requireLength(req.hash, HASH_BYTES, "hash");
    parsePositive(req.deposit, "deposit");
  },
  revealOrder(req: MsgRevealOrder): void {
    requirePoolId(req.poolId);
    requireSide(req.side);
    parsePositive(req.resource, "resource");
    parseLimitPrice(req.limitE18, "limit_e18");
    requireLength(req.salt, SALT_BYTES, "salt");
  },
} as const;

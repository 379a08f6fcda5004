import { sha256 } from "@noble/hashes/sha2.js";
import { EventHoldout } from "#proto/hanzo/experience/v1/events";
import { HoldoutStatus, type Round } from "#proto/hanzo/experience/v1/types";
import { type Ctx, encodeUtf8 } from "#sdk";
import type { Registry } from "../registry.ts";
import { uint } from "../vote/hash.ts";
import { waitingHoldouts } from "./registerHoldout.ts";

const DOMAIN = encodeUtf8("hanzo/experience/beacon/v1");

/**
 * Beacon of a round: SHA-256 of the ASCII text `hanzo/experience/beacon/v1`, the root of the state behind the last block of the reveals, and the
 * round in 8 bytes. Nobody knows it before all shards are shown.
 */
function beaconOf(appHash: Uint8Array, roundId: bigint): Uint8Array {
  return sha256.create().update(DOMAIN).update(appHash).update(uint(roundId, 8)).digest();
}

/** Draws one of the sets that were committed before the round began; without any the round stays unmeasured. @returns the round with its draw */
export function drawHoldout(registry: Registry, ctx: Ctx, round: Round, appHash: Uint8Array): Round {
  const { state } = registry;
  const beacon = beaconOf(appHash, round.id);
  const sets = waitingHoldouts(registry, ctx, round.schema, round.domain).filter(({ height }) => height < round.startHeight);
  if (sets.length === 0) return { ...round, beacon };
  const drawn = sets[Number(first64(beacon) % BigInt(sets.length))];
  if (drawn === undefined) throw new Error("a draw expected");
  const { id } = drawn;
  state.waiting.delete(ctx, [round.schema, round.domain, id]);
  state.holdouts.set(ctx, id, { ...drawn, status: HoldoutStatus.HOLDOUT_STATUS_DRAWN, roundId: round.id });
  ctx.emit(EventHoldout, { holdoutId: id, roundId: round.id, status: "drawn" });
  return { ...round, beacon, holdoutId: id };
}

function first64(bytes: Uint8Array): bigint {
  return bytes.subarray(0, 8).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

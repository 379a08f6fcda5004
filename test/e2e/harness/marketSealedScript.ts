// The large trader: commits, reveals in time, too early, twice, and sometimes never.
import { setTimeout as sleep } from "node:timers/promises";
import { MsgCommitOrderResponse } from "#proto/hanzo/hmm/v1/tx";
import { Side } from "#proto/hanzo/hmm/v1/types";
import { createSealedOrder } from "../../../app/client/sealedOrder.ts";
import { AI, answerOf, balanceOf, hmmMessage, isRevealing, limitAt, roundOf, type Scene, seePool } from "./marketSteps.ts";
import type { Trader } from "./marketTrader.ts";
import { stockUp } from "./marketTraderScript.ts";

const POLL_MS = 60;
const SALT_BYTES = 32;

/** Waits for a phase, of a round after the given one. @returns the round, undefined when the load is over first */
async function waitForPhase(trader: Trader, scene: Scene, revealing: boolean, after = -1n): Promise<bigint | undefined> {
  for (;;) {
    if (scene.isOver()) return undefined;
    const found = await trader.client.query.hmm.round();
    if (found.revealing === revealing && found.round !== undefined && found.round.id > after) return found.round.id;
    await sleep(POLL_MS);
  }
}

/** A large order: a sale of what was bought before, if that is large, otherwise a purchase. */
async function largeOrder(trader: Trader): Promise<{ poolId: string; side: Side; resource: bigint; limitE18: bigint }> {
  const pool = await seePool(trader, trader.index % 2 === 0 ? "gpu" : "disk");
  const owned = await balanceOf(trader, pool.denom);
  const large = (pool.psi * BigInt(120 + trader.random.below(150))) / 10_000n;
  if (owned > large) return { poolId: pool.id, side: Side.SIDE_SELL, resource: large, limitE18: BigInt(limitAt(pool, 60n)) };
  return { poolId: pool.id, side: Side.SIDE_BUY, resource: large, limitE18: BigInt(limitAt(pool, 140n)) };
}

/** One round of sealed orders. */
export async function trade(trader: Trader, scene: Scene): Promise<void> {
  await stockUp(trader, 1500n * AI);
  const round = await waitForPhase(trader, scene, false);
  if (round === undefined) return;
  const salt = Uint8Array.from({ length: SALT_BYTES }, () => trader.random.below(256));
  const { commit, reveal } = createSealedOrder({
    ...(await largeOrder(trader)),
    chainId: scene.chainId,
    round,
    sender: trader.address,
    salt,
  });
  const committing = (height: number): readonly string[] => (isRevealing(scene, height) ? ["hmm/22"] : ["ok"]);
  const committed = answerOf(
    await trader.send({ name: "commit", messages: [hmmMessage("CommitOrder", commit)], allowed: committing }),
    MsgCommitOrderResponse,
  );
  if (committed === undefined) return;
  // The hash binds the round for which it was made: one that slipped into the next cannot be revealed.
  const bound = committed.round === round;
  let revealed = false;
  const revealOnce = async (name: string): Promise<void> => {
    const allowed = (height: number): readonly string[] => {
      if (!isRevealing(scene, height)) return ["hmm/22"];
      if (!bound || BigInt(roundOf(scene, height)) !== round) return ["hmm/23"];
      return revealed ? ["hmm/24"] : ["ok"];
    };
    const { code } = await trader.send({ name, messages: [hmmMessage("RevealOrder", reveal)], allowed });
    revealed ||= code === 0;
  };
  await revealOnce("reveal early");
  const silent = trader.random.below(3) === 0 || (trader.index % 2 === 0 && round <= 2n);
  if (revealed || (await waitForPhase(trader, scene, true)) === undefined) return;
  if (silent) {
    if ((await waitForPhase(trader, scene, true, round)) !== undefined) await revealOnce("reveal too late");
    return;
  }
  await revealOnce("reveal");
  await revealOnce("reveal again");
}

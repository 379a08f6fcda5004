import type { Application } from "../../../app/runtime/application.ts";
import { timestampNs } from "../../../app/sdk/time.ts";
import { EXIT, NodeError } from "../node/nodeError.ts";
import { bindApplication } from "./bindApplication.ts";

/** Where a node stops by its own settings; 0 for never. */
export interface HaltPoint {
  /** The last height that is committed. */
  readonly height: number;
  /** The first block of this time or later is the last that is committed; seconds since 1970-01-01 UTC. */
  readonly timeSeconds: number;
}

const NS_PER_SECOND = 1_000_000_000n;

/** True when a block of that height and time is the last one, or beyond. @param timeNs nanoseconds since 1970-01-01 UTC */
export function isPastHalt(point: HaltPoint, height: bigint, timeNs: bigint): boolean {
  if (point.height > 0 && height >= BigInt(point.height)) return true;
  return point.timeSeconds > 0 && timeNs >= BigInt(point.timeSeconds) * NS_PER_SECOND;
}

/**
 * An application that takes no block after the halt point. The block at the point is committed, so every node that halts there has the same
 * state; what comes later is refused before anything of it is executed.
 *
 * @param app stands before the point.
 * @param reached called once with the height of the last block, after its commit: the node may stop in order.
 */
export function haltingApp(app: Application, point: HaltPoint, reached: (height: bigint) => void): Application {
  if (point.height === 0 && point.timeSeconds === 0) return app;
  let executed: { readonly height: bigint; readonly isLast: boolean } | undefined;
  let halted: bigint | undefined;
  return {
    ...bindApplication(app),
    finalizeBlock(request) {
      if (halted !== undefined && request.height > halted) throw haltError(point, halted);
      executed = { height: request.height, isLast: isPastHalt(point, request.height, timestampNs(request.time)) };
      return app.finalizeBlock(request);
    },
    async commit() {
      const answer = await app.commit();
      if (executed?.isLast === true && halted === undefined) {
        halted = executed.height;
        reached(halted);
      }
      return answer;
    },
  };
}

/** The node cannot go on: its chain stands at the halt point. */
export function haltError(point: HaltPoint, height: bigint): NodeError {
  const setting = point.height > 0 && height >= BigInt(point.height) ? `halt-height = ${point.height}` : `halt-time = ${point.timeSeconds}`;
  const [key = ""] = setting.split(" ");
  return new NodeError(
    "HZN-HALT",
    `the chain is at height ${height}, and ${setting}`,
    `to go on: hanzod config set ${key} 0, then hanzod start`,
    EXIT.config,
  );
}

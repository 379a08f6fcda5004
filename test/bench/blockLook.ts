// When blocks were there, for a load at full speed: nobody subscribes, since CometBFT would match every transaction with what is subscribed to, and
// that is a third of what it has to do.
import { waitForHeight } from "../../cmd/hanzod/job/followBlocks.ts";
import { BlockClock, type BlockTimes } from "./blockClock.ts";

/** Who tells when blocks came. */
export type BlockWatch = Pick<BlockClock, "times" | "reach" | "close">;

/** Looks every 50 ms: exact enough for blocks per second, and told of no step but the last. */
class BlockLook implements BlockWatch {
  readonly #rpc: string;
  readonly #seen = new Map<number, number>();

  constructor(rpc: string) {
    this.#rpc = rpc;
  }

  times(height: number): BlockTimes {
    const applied = this.#seen.get(height);
    return applied === undefined ? {} : { applied };
  }

  async reach(height: number, patienceMs: number): Promise<void> {
    await waitForHeight(this.#rpc, height, patienceMs);
    this.#seen.set(height, performance.now());
  }

  close(): void {}
}

/** @param exactly by CometBFT's events, at the price that they have. @param rpc `http://host:port` */
export async function watchBlocks(rpc: string, exactly: boolean): Promise<BlockWatch> {
  return exactly ? BlockClock.open(rpc) : new BlockLook(rpc);
}

// When blocks were there, for a load at full speed: nobody subscribes, since CometBFT would match every transaction with what is subscribed to, and
// that is a third of what it has to do.
import { setTimeout as sleep } from "node:timers/promises";
import { BlockClock, type BlockTimes } from "./blockClock.ts";
import { RpcConnections, requestBytes } from "./rpcConnections.ts";

/** Who tells when blocks came. */
export type BlockWatch = Pick<BlockClock, "times" | "reach" | "close">;

const STATUS = requestBytes('{"jsonrpc":"2.0","id":0,"method":"status","params":{}}');
/** Between two looks, in milliseconds. */
const LOOK_MS = 50;

/** Looks every 50 ms: exact enough for blocks per second, and told of no step but the last. */
class BlockLook implements BlockWatch {
  readonly #connections: RpcConnections;
  readonly #seen = new Map<number, number>();

  constructor(rpc: string) {
    this.#connections = new RpcConnections(rpc);
  }

  times(height: number): BlockTimes {
    const applied = this.#seen.get(height);
    return applied === undefined ? {} : { applied };
  }

  async reach(height: number, patienceMs: number): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while ((await this.#latest()) < height) {
      if (performance.now() > deadline) throw new Error(`height ${height} not reached within ${patienceMs} ms`);
      await sleep(LOOK_MS);
    }
    this.#seen.set(height, performance.now());
  }

  async #latest(): Promise<number> {
    const { result } = JSON.parse(await this.#connections.post(STATUS)) as { result: { sync_info: { latest_block_height: string } } };
    return Number(result.sync_info.latest_block_height);
  }

  close(): void {
    this.#connections.close();
  }
}

/** @param exactly by CometBFT's events, at the price that they have. @param rpc `http://host:port` */
export async function watchBlocks(rpc: string, exactly: boolean): Promise<BlockWatch> {
  return exactly ? BlockClock.open(rpc) : new BlockLook(rpc);
}

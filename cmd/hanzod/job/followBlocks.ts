/** One line of what a block did. */
interface BlockSummary {
  readonly height: number;
  readonly time: string;
  readonly transactions: number;
  readonly appHash: string;
}

const POLL_MS = 250;

/**
 * Prints a line for every new block until `until` resolves. Asks CometBFT's RPC; a node that does not answer for a moment is asked again.
 * @param rpc `http://host:port`
 */
export function followBlocks(rpc: string, print: (line: string) => void, until: Promise<unknown>): void {
  let last = 0;
  let done = false;
  void until.then(() => {
    done = true;
  });
  const step = async (): Promise<void> => {
    if (done) return;
    try {
      const height = await latestHeight(rpc);
      // After a long gap (a slow terminal, a restart) only the newest blocks are worth a line.
      for (let at = Math.max(last + 1, height - 9); at <= height; at++) print(formatBlock(await blockAt(rpc, at)));
      last = Math.max(last, height);
    } catch {
      // The node is starting or stopping: the next poll tells.
    }
    setTimeout(() => void step(), POLL_MS).unref();
  };
  void step();
}

function formatBlock({ height, time, transactions, appHash }: BlockSummary): string {
  const work = transactions === 0 ? "" : `  ${transactions} transaction${transactions === 1 ? "" : "s"}`;
  return `block ${height}  ${time.slice(11, 19)}  app hash ${appHash.slice(0, 12).toLowerCase()}…${work}`;
}

/** Height of the latest block. @param timeoutMs longest wait for the answer; as `call` when left out */
export async function latestHeight(rpc: string, timeoutMs?: number): Promise<number> {
  const { sync_info: sync } = await call<{ sync_info: { latest_block_height: string } }>(rpc, "status", timeoutMs);
  return Number(sync.latest_block_height);
}

/** Waits until a chain has reached a height. @throws the last error when it does not within a minute */
export async function waitForHeight(rpc: string, height: number, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      if ((await latestHeight(rpc)) >= height) return;
      if (Date.now() > deadline) throw new Error(`height ${height} not reached within ${timeoutMs} ms`);
    } catch (thrown) {
      if (Date.now() > deadline) throw thrown;
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

async function blockAt(rpc: string, height: number): Promise<BlockSummary> {
  const { block } = await call<{ block: { header: { time: string; app_hash: string }; data: { txs: readonly string[] | null } } }>(
    rpc,
    `block?height=${height}`,
  );
  return { height, time: block.header.time, transactions: block.data.txs?.length ?? 0, appHash: block.header.app_hash };
}

/** One GET of CometBFT's JSON-RPC. @throws Error when it answers with an error or not at all within a time, two seconds when left out */
export async function call<T>(rpc: string, path: string, timeoutMs = 2000): Promise<T> {
  const response = await fetch(`${rpc}/${path}`, { signal: AbortSignal.timeout(timeoutMs) });
  const body = (await response.json()) as { readonly result?: T; readonly error?: { readonly message: string; readonly data?: string } };
  if (body.result === undefined) throw new Error(`${path}: ${body.error?.data ?? body.error?.message ?? "no result"}`);
  return body.result;
}

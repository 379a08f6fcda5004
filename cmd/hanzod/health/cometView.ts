/** What CometBFT says of itself. */
export interface CometStatus {
  readonly height: number;
  /** Time of its last block, milliseconds since 1970-01-01 UTC. */
  readonly blockTimeMs: number;
  readonly catchingUp: boolean;
}

/** The consensus engine as health and metrics look at it; undefined while it does not answer. */
export interface CometView {
  status(): Promise<CometStatus | undefined>;
  mempool(): Promise<{ readonly txs: number; readonly bytes: number } | undefined>;
  /** Number of peers. */
  peers(): Promise<number | undefined>;
}

/** Milliseconds after which CometBFT counts as gone: a probe must answer soon. */
const PATIENCE_MS = 2_000;

/** Looks at CometBFT over its RPC. @param rpc `http://host:port`; undefined until it is known */
export function createCometView(rpc: () => string | undefined): CometView {
  const ask = async <T>(method: string): Promise<T | undefined> => {
    const url = rpc();
    if (url === undefined) return undefined;
    try {
      const response = await fetch(`${url}/${method}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
      return ((await response.json()) as { readonly result?: T }).result;
    } catch {
      return undefined;
    }
  };
  return {
    async status() {
      const sync = (await ask<JsonStatus>("status"))?.sync_info;
      if (sync === undefined) return undefined;
      return { height: Number(sync.latest_block_height), blockTimeMs: Date.parse(sync.latest_block_time), catchingUp: sync.catching_up };
    },
    async mempool() {
      const found = await ask<{ readonly total: string; readonly total_bytes: string }>("num_unconfirmed_txs");
      return found === undefined ? undefined : { txs: Number(found.total), bytes: Number(found.total_bytes) };
    },
    async peers() {
      const found = await ask<{ readonly n_peers: string }>("net_info");
      return found === undefined ? undefined : Number(found.n_peers);
    },
  };
}

interface JsonStatus {
  readonly sync_info: { readonly latest_block_height: string; readonly latest_block_time: string; readonly catching_up: boolean };
}

import type { App } from "../runtime/app.ts";
import type { QueryPool } from "./queryPool.ts";

/** An app whose queries are answered by threads, which hear of its commits and of what its mempool lets in. */
export function withQueryThreads(app: App, pool: QueryPool): App {
  const calls: Pick<App, "query" | "commit" | "checkTx" | "applySnapshotChunk"> = {
    query: (request) => pool.query(request),
    async commit() {
      const response = await app.commit();
      pool.committed();
      return response;
    },
    async applySnapshotChunk(request) {
      const before = app.height;
      const response = await app.applySnapshotChunk(request);
      // The last chunk brought a state.
      if (app.height !== before) pool.committed();
      return response;
    },
    checkTx(request) {
      const response = app.checkTx(request);
      pool.checked();
      return response;
    },
  };
  return Object.assign(Object.create(app) as App, calls);
}

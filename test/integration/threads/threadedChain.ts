import assert from "node:assert/strict";
import { hanzoStores } from "../../../app/hanzo.ts";
import type { App } from "../../../app/runtime/app.ts";
import { FULL_TX_INDEX, type TxIndexOptions } from "../../../app/runtime/txIndex.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { QueryPool, type QueryPoolOptions } from "../../../app/threads/queryPool.ts";
import { withQueryThreads } from "../../../app/threads/withQueryThreads.ts";
import { QueryAccountRequest, QueryAccountsResponse } from "../../../proto/gen/cosmos/auth/v1beta1/query.ts";
import { RequestQuery, type ResponseQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { createTestChain, type TestChain, type TestChainOptions } from "../../harness/testChain.ts";
import { TEST_PATH, TEST_THREAD_FILE, type TestSettings, word } from "./testQueryThread.ts";

/** A chain in this process with query threads. */
export interface ThreadedChain {
  readonly chain: TestChain;
  readonly pool: QueryPool;
  readonly words: Int32Array;
  readonly store: ReturnType<typeof createMemoryCommitStore>;
  /** Errors that the threads logged. */
  readonly errors: string[];
  /** Waits until a thread has started: that takes longer than short deadlines. */
  ready(): Promise<void>;
  /** Asks the test's service to do something. */
  act(what: "spin" | "slow" | "wait" | "die" | "throw" | "answer"): Promise<ResponseQuery>;
}

/** A minute: only what hangs for good reaches it. */
export const PATIENT_MS = 60_000;

/** Runs `work` with a chain whose first block is made, and ends its threads. */
export async function withThreads(
  options: Partial<Pick<QueryPoolOptions, "threads" | "deadlineMs">> & {
    readonly keepVersions?: bigint;
    readonly queryGasLimit?: bigint;
    readonly txIndex?: TxIndexOptions;
    /** Told of every thread that is started. */
    readonly started?: (worker: string) => void;
    readonly chain?: TestChainOptions;
  },
  work: (threaded: ThreadedChain) => Promise<void>,
): Promise<void> {
  const store = createMemoryCommitStore({
    stores: hanzoStores,
    ...(options.keepVersions === undefined ? {} : { keepVersions: options.keepVersions }),
  });
  const words = new SharedArrayBuffer(16);
  const errors: string[] = [];
  const { txIndex = FULL_TX_INDEX } = options;
  const settings: TestSettings = { words, queryGasLimit: options.queryGasLimit ?? 0n, txIndex };
  const made: { pool?: QueryPool } = {};
  const wrap = (app: App): App => {
    made.pool = new QueryPool({
      source: { app, store },
      script: TEST_THREAD_FILE,
      settings,
      threads: options.threads ?? 1,
      deadlineMs: options.deadlineMs ?? PATIENT_MS,
      log: { info: () => {}, error: (message) => void errors.push(message) },
      started: options.started ?? (() => {}),
    });
    return withQueryThreads(app, made.pool);
  };
  const chain = await createTestChain({ ...options.chain, app: { store, txIndex }, wrap });
  const { pool } = made;
  assert.ok(pool);
  await chain.deliver();
  const act: ThreadedChain["act"] = (what) =>
    pool.query(RequestQuery.fromPartial({ path: TEST_PATH, data: QueryAccountRequest.encode({ address: what }).finish() }));
  const ready = async (): Promise<void> => {
    const end = Date.now() + PATIENT_MS;
    while ((await act("answer")).code !== 0) assert.ok(Date.now() < end, "a thread starts");
    Atomics.store(new Int32Array(words), word.handled, 0);
  };
  try {
    await work({ chain, pool, ready, words: new Int32Array(words), store, errors, act });
  } finally {
    Atomics.store(new Int32Array(words), 0, 1);
    await pool.close();
    await store.close();
  }
}

/** The height that the test's service read. */
export function heightOf(answer: ResponseQuery): bigint {
  return QueryAccountsResponse.decode(answer.value).pagination?.total ?? 0n;
}

// The file of the tests' query threads: the market's state machine with a service that spins, waits or dies on demand.

import { descriptors } from "../../../app/descriptorImage.ts";
import { createHanzoApp } from "../../../app/hanzo.ts";
import type { ServiceMethod } from "../../../app/runtime/query/service.ts";
import type { TxIndexOptions } from "../../../app/runtime/txIndex.ts";
import { serveQueries } from "../../../app/threads/queryThread.ts";
import { QueryAccountRequest, QueryAccountsResponse } from "../../../proto/gen/cosmos/auth/v1beta1/query.ts";

/** What a test shares with its threads: words that it and the service read and write. */
export interface TestSettings {
  readonly words: SharedArrayBuffer;
  readonly queryGasLimit: bigint;
  readonly txIndex: TxIndexOptions;
}

/** Words of {@link TestSettings}. */
export const word = { release: 0, spinning: 1, handled: 2 } as const;
/** Path of the service; the address of the request says what it does. */
export const TEST_PATH = "/hanzo.test.Service/Act";

/** Where this file is. */
export const TEST_THREAD_FILE = new URL(import.meta.url);

function service(words: Int32Array): ServiceMethod {
  return {
    path: TEST_PATH,
    request: QueryAccountRequest as unknown as ServiceMethod["request"],
    response: QueryAccountsResponse as unknown as ServiceMethod["response"],
    async handle(request, { height }) {
      const { address } = request as { address: string };
      if (address === "spin") {
        Atomics.add(words, word.spinning, 1);
        while (Atomics.load(words, word.release) === 0);
      }
      if (address === "slow") {
        const end = performance.now() + 100;
        while (performance.now() < end);
      }
      if (address === "wait") {
        Atomics.add(words, word.spinning, 1);
        while (Atomics.load(words, word.release) === 0) await new Promise((wake) => setTimeout(wake, 5));
      }
      if (address === "die") process.exit(3);
      if (address === "throw") setImmediate(() => assertNever());
      if (address === "throw") await new Promise(() => undefined);
      Atomics.add(words, word.handled, 1);
      return { pagination: { nextKey: new Uint8Array(0), total: height } };
    },
  };
}

function assertNever(): never {
  throw new Error("a defect of the thread");
}

await serveQueries<TestSettings>(async ({ store, settings: { words, queryGasLimit, txIndex }, log }) => ({
  app: await createHanzoApp({ store, minGasPrices: "", queryGasLimit, txIndex, log, services: () => [service(new Int32Array(words))] }),
  descriptors: descriptors(),
}));

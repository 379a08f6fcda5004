// A bench whose modules run messages of one another, as the runtime lets them.
import { createAddressCodec, type Module } from "#sdk";
import { descriptors } from "../../app/descriptorImage.ts";
import { createWire } from "../../app/runtime/createWire.ts";
import { createMessageService } from "../../app/runtime/messageService.ts";
import { createRouter, type Router } from "../../app/runtime/router.ts";
import { type Bench, type BenchOptions, createBench, TEST_CHAIN } from "./moduleBench.ts";

/** @param users names of modules with a port `messages` */
export function createMessageBench(modules: readonly Module[], users: readonly string[], options: Partial<BenchOptions> = {}): Bench {
  const late: Router = { findMessage: (typeUrl) => router.findMessage(typeUrl), findQuery: (path) => router.findQuery(path) };
  const address = createAddressCodec((options.chain ?? TEST_CHAIN).bech32Prefix);
  const messages = createMessageService({ router: late, wire: createWire(descriptors(), modules), address });
  const bench = createBench({ ...options, modules, ports: Object.fromEntries(users.map((name) => [name, { messages }])) });
  const router = createRouter(bench.modules);
  return bench;
}

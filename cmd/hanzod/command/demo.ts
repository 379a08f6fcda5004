import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { LOCAL_CHAIN_ID } from "../../../app/hanzo.ts";
import { stopSignal } from "../../shared/stopSignal.ts";
import { runNode } from "../app/runNode.ts";
import { homeLayout } from "../node/home.ts";
import { findFreePorts } from "../node/ports.ts";
import { initHome } from "./init.ts";
import { firstPurchase } from "./localnet.ts";
import { logTo } from "./start.ts";

const DEMO_BLOCK_MS = 200;

/** `hanzod demo`: the first purchase on a throw-away chain. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("buy compute on a throw-away chain on free ports; the last line is a JSON summary")
    .action(async () => {
      const folder = await mkdtemp(join(tmpdir(), "hanzo-demo-"));
      const print = (line: string): void => void process.stdout.write(`${line}\n`);
      try {
        const home = homeLayout(join(folder, "home"));
        const [rpc = 0, p2p = 0, rest = 0, grpc = 0] = await findFreePorts(4);
        await initHome(home, {
          chainId: LOCAL_CHAIN_ID,
          moniker: "demo",
          local: true,
          ports: { rpc, p2p, rest, grpc },
          timeoutCommitMs: DEMO_BLOCK_MS,
        });
        const node = await runNode(home, { log: logTo(print), signal: stopSignal() });
        const report = await firstPurchase(node, print);
        const { exitCode, error } = await node.stop();
        if (error !== undefined) throw error;
        print(JSON.stringify(report));
        process.exitCode = exitCode;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
}

import { existsSync } from "node:fs";
import { Command } from "commander";
import { CHAIN, LOCAL_CHAIN_ID } from "../../../app/hanzo.ts";
import { formatTable, formatUnits } from "../../shared/output.ts";
import { stopSignal } from "../../shared/stopSignal.ts";
import { runNode } from "../app/runNode.ts";
import { LOCAL_BALANCE, LOCAL_MNEMONIC, localAddresses } from "../genesis/localAccounts.ts";
import { type FirstJobReport, firstJob } from "../job/firstJob.ts";
import { followBlocks, waitForHeight } from "../job/followBlocks.ts";
import { walletOf } from "../keyring/keyring.ts";
import type { Home } from "../node/home.ts";
import type { RunningNode } from "../node/supervisor.ts";
import { DEFAULT_PORTS, initHome } from "./init.ts";
import { type CommonOptions, homeOf, withCommonOptions } from "./options.ts";
import { logTo } from "./start.ts";
import { endpointsOf } from "./status.ts";

const ONE_AI = 10n ** 18n;
/** What the demonstration locks, and what of it it spends on the first purchase; the bundle costs some four AI more. */
const LOCK = 25n * ONE_AI;
const SPEND = 10n * ONE_AI;
const LOCAL_BLOCK_MS = 500;

/** `hanzod localnet`: a one-validator chain on this machine, with the first purchase made before your eyes. */
export function localnetCommand(): Command {
  return withCommonOptions(new Command("localnet"))
    .description("make (the first time) and run a local chain, buy compute on it as a wallet would, and keep it running until Ctrl-C")
    .action(async (options: CommonOptions) => {
      const home = homeOf(options);
      const print = (line: string): void => void process.stdout.write(`${line}\n`);
      if (existsSync(home.config.genesis)) print(`chain     ${LOCAL_CHAIN_ID} in ${home.root} goes on`);
      else {
        await initHome(home, {
          chainId: LOCAL_CHAIN_ID,
          moniker: "local",
          local: true,
          ports: DEFAULT_PORTS,
          timeoutCommitMs: LOCAL_BLOCK_MS,
        });
        print(`chain     ${LOCAL_CHAIN_ID} made in ${home.root}`);
      }
      const node = await runNode(home, { log: logTo(print), signal: stopSignal() });
      await firstPurchase(node, print);
      await printWelcome(home, print);
      followBlocks(node.endpoints.rpc, print, node.exited);
      process.exitCode = (await node.exited).exitCode;
      print("stopped");
    });
}

/** Waits for the first block and makes the purchases with the first development account. The node stops if it fails. */
export async function firstPurchase(node: RunningNode, print: (line: string) => void): Promise<FirstJobReport> {
  try {
    await waitForHeight(node.endpoints.rpc, 1);
    const wallet = await walletOf(LOCAL_MNEMONIC, CHAIN.bech32Prefix, 0);
    return await firstJob({ rpc: node.endpoints.rpc, wallet, lock: LOCK, spend: SPEND, poolId: "gpu", print });
  } catch (thrown) {
    await node.stop();
    throw thrown;
  }
}

async function printWelcome(home: Home, print: (line: string) => void): Promise<void> {
  const { rpc, rest, grpc } = await endpointsOf(home);
  const addresses = await localAddresses();
  const balance = `${formatUnits(LOCAL_BALANCE, 18)} AI at genesis`;
  print("");
  print(
    formatTable(
      ["ENDPOINT", "URL"],
      [
        ["RPC (CometBFT)", rpc],
        ["REST", rest],
        ["wallet for tests", `${rest}/wallet/`],
        ["gRPC", grpc],
      ],
    ),
  );
  print("");
  print(`accounts of "${LOCAL_MNEMONIC}", m/44'/118'/0'/0/i:`);
  print(
    formatTable(
      ["KEY", "ADDRESS", "FUNDS"],
      addresses.map((address, index) => [`dev${index}`, address, balance]),
    ),
  );
  print("");
  print(`try       npx hanzod hmm pools --home ${home.root}`);
  print(
    `          npx hanzod tx bank send ${addresses[1]} 1000000000000000000aai --from dev0 --keyring-backend test --home ${home.root} --wait`,
  );
  print("Ctrl-C stops everything; the next run continues this chain.");
  print("");
}

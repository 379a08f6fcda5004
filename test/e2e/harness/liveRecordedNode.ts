// The recorded state in a node with a real CometBFT behind it: it rests at the recorded height, since no block is made without need.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCometRpc } from "../../../app/api/cometRpc.ts";
import { createRestServer } from "../../../app/api/rest.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { cometBinary } from "../../../cmd/hanzod/command/cometBinary.ts";
import { initCometHome, writeCometConfig } from "../../../cmd/hanzod/node/cometConfig.ts";
import { type Home, homeLayout } from "../../../cmd/hanzod/node/home.ts";
import { findFreePorts } from "../../../cmd/hanzod/node/ports.ts";
import { startNode } from "../../../cmd/hanzod/node/supervisor.ts";
import { type ChainFacts, readChainFacts, requireGenesis } from "../../../cmd/hanzod/selftest/recording/chainFacts.ts";
import { type RawAnswer, sendRaw } from "../../../cmd/hanzod/selftest/recording/rawRequest.ts";
import {
  openRecordedApp,
  recordedMsgServices,
  recordedServices,
  sdkModuleNames,
} from "../../../cmd/hanzod/selftest/recording/recordedChain.ts";
import { recordedHistory } from "../../../cmd/hanzod/selftest/recording/recordedHistory.ts";
import { importableState } from "../../../cmd/hanzod/selftest/recording/recordedState.ts";
import type { RecordedRest, Recording } from "../../../cmd/hanzod/selftest/recording/recording.ts";

/** A node that can be asked over HTTP. */
export interface LiveRecordedNode {
  readonly facts: ChainFacts;
  readonly isWhole: boolean;
  readonly height: () => bigint;
  askRest(request: RecordedRest): Promise<RawAnswer>;
  close(): Promise<void>;
}

/** Starts CometBFT on the recorded state, two blocks before the recorded height as an initial height, and waits until it rests. */
export async function startRecordedNode(recording: Recording): Promise<LiveRecordedNode> {
  const facts = readChainFacts(recording);
  const home = homeLayout(await mkdtemp(join(tmpdir(), "hz-")));
  const [rpcPort = 0, p2pPort = 0] = await findFreePorts(2);
  const binary = await cometBinary();
  const first = facts.height - 1n;
  await writeGenesis(home, recording, facts, first, (await initCometHome(binary, home)).validatorPublicKey);
  await writeCometConfig(home, {
    abciAddress: `unix://${home.run.abciSocket}`,
    rpc: { port: rpcPort },
    p2p: { port: p2pPort, localNetwork: true },
    timeoutCommitMs: 50,
    createEmptyBlocks: false,
  });
  const { app, store } = await openRecordedApp({ recording, facts, comet: createCometRpc(`http://127.0.0.1:${rpcPort}`) }, first);
  const prepare = store.prepare.bind(store);
  // The index as if the chain had its past, in the batch of the first block.
  store.prepare = (rows = [], response) => {
    store.prepare = prepare;
    return prepare([...recordedHistory(recording, facts), ...rows], response);
  };
  const node = await startNode({
    home,
    comet: { binary },
    openApp: async () => ({ app, close: () => store.close() }),
    log: () => undefined,
  });
  const chain = { bech32Prefix: facts.config.bech32Prefix, msgServices: recordedMsgServices, chainId: () => facts.chainId };
  const server = await createRestServer({
    descriptors: descriptors(),
    services: recordedServices,
    query: app.query,
    allowAnyOrigin: false,
    chain,
  });
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  const close = async (): Promise<void> => {
    await server.close();
    await node.stop();
    await rm(home.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await waitForRest(() => app.height, facts.height);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    facts,
    isWhole: false,
    height: () => app.height,
    askRest: ({ method, path, request_headers, request_body: body }) =>
      sendRaw(url, {
        method,
        path,
        headers: request_headers,
        body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
      }),
    close,
  };
}

async function writeGenesis(home: Home, recording: Recording, facts: ChainFacts, first: bigint, key: Uint8Array): Promise<void> {
  const { genesis, exported } = requireGenesis(recording);
  const document = {
    genesis_time: genesis.genesis_time,
    chain_id: facts.chainId,
    initial_height: String(first),
    consensus_params: exported.consensus?.params,
    validators: [{ pub_key: { type: "tendermint/PubKeyEd25519", value: Buffer.from(key).toString("base64") }, power: "10", name: "v" }],
    app_hash: "",
    app_state: importableState(exported.app_state, sdkModuleNames),
  };
  await writeFile(home.config.genesis, JSON.stringify(document));
}

/** CometBFT makes a block to prove each new app hash, and then no more. */
async function waitForRest(height: () => bigint, wanted: bigint): Promise<void> {
  const deadline = performance.now() + 300_000;
  while (height() < wanted) {
    if (performance.now() > deadline) throw new Error(`height ${wanted} expected within five minutes, got ${height()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

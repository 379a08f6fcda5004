// A node whose application does nothing but say what a transfer says: the most that CometBFT and the socket allow.
// usage: node dist/test/bench/nullNode.js <home>
import { ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import type { Application } from "../../app/runtime/application.ts";
import { cometBinary } from "../../cmd/hanzod/command/cometBinary.ts";
import { readAppConfig } from "../../cmd/hanzod/config/appConfig.ts";
import { readCometIdentity } from "../../cmd/hanzod/node/cometConfig.ts";
import { homeLayout } from "../../cmd/hanzod/node/home.ts";
import { startNode } from "../../cmd/hanzod/node/supervisor.ts";
import { stopSignal } from "../../cmd/shared/stopSignal.ts";

const EVENTS_PER_TX = 12;
const attribute = (key: string): { key: string; value: string; index: boolean } => ({
  key,
  value: "hanzo1qyqszqgpqyqszqgpqyqszqgpqyqszqgpjnp7du",
  index: true,
});
const EVENTS = Array.from({ length: EVENTS_PER_TX }, (_, index) => ({
  type: `transfer_${index}`,
  attributes: ["sender", "recipient", "amount"].map(attribute),
}));
const VERDICT = {
  code: 0,
  data: new Uint8Array(),
  log: "",
  info: "",
  gasWanted: 120_000n,
  gasUsed: 80_000n,
  events: EVENTS,
  codespace: "",
};
const APP_HASH = new Uint8Array(32);
const home = homeLayout(process.argv[2] ?? "");
// The genesis names no validators: its founders become validators by transactions that this application does not run.
const validator = { pubKey: { ed25519: (await readCometIdentity(home)).validatorPublicKey }, power: 1n };

let height = 0n;
const refuse = (): never => {
  throw new Error("the null application takes no snapshots and no vote extensions");
};
const app: Application = {
  info: () => ({
    data: "null",
    version: "1",
    appVersion: 1n,
    lastBlockHeight: height,
    lastBlockAppHash: height === 0n ? new Uint8Array() : APP_HASH,
  }),
  initChain: () => ({ consensusParams: undefined, validators: [validator], appHash: APP_HASH }),
  checkTx: () => ({ ...VERDICT, events: [] }),
  prepareProposal: ({ txs, maxTxBytes }) => {
    let bytes = 0;
    const taken: Uint8Array[] = [];
    for (const tx of txs) {
      // Each transaction takes its length besides its bytes.
      bytes += tx.length + 4;
      if (bytes > Number(maxTxBytes)) break;
      taken.push(tx);
    }
    return { txs: taken };
  },
  processProposal: () => ({ status: 1 }),
  finalizeBlock: (request) => {
    height = request.height;
    return ResponseFinalizeBlock.fromPartial({ txResults: request.txs.map(() => VERDICT), appHash: APP_HASH });
  },
  commit: () => Promise.resolve({ retainHeight: 0n }),
  query: refuse,
  extendVote: refuse,
  verifyVoteExtension: refuse,
  listSnapshots: () => ({ snapshots: [] }),
  offerSnapshot: refuse,
  loadSnapshotChunk: refuse,
  applySnapshotChunk: refuse,
};

const node = await startNode({
  home,
  comet: { binary: await cometBinary(readAppConfig(home)["comet-build"]) },
  openApp: () => Promise.resolve({ app, close: () => Promise.resolve() }),
  log: (level, text) => {
    if (level !== "info") console.error(text);
  },
  signal: stopSignal(),
});
process.exitCode = (await node.exited).exitCode;

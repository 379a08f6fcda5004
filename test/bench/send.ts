// MsgSend through a real CometBFT: committed transactions per second under closed-loop overload, against the figures of the tuned
// reference chain (Cosmos SDK 0.53.8, libsecp256k1, GOGC=400: 930 tx/s at a calibration of 2,898–6,532 verifications/s on 2 × EPYC).
// usage: node dist/test/bench/send.js [--senders 2000] [--each 10] [--timeout-commit 300]

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { waitForHeight } from "../../cmd/hanzod/job/followBlocks.ts";
import { createSenders, machine, runLoad } from "./loadDriver.ts";
import { makeLoadHome, startLoadNode } from "./loadNode.ts";
import { transferRounds } from "./transferRounds.ts";

const { values } = parseArgs({
  options: {
    senders: { type: "string", default: "2000" },
    each: { type: "string", default: "10" },
    "timeout-commit": { type: "string", default: "300" },
  },
});
const SENDERS = Number(values.senders);
const EACH = Number(values.each);
const CHAIN_ID = "hanzo-bench-1";
const REFERENCE_TX_PER_S = 930;

const senders = createSenders(SENDERS);
console.log(`preparing ${SENDERS * EACH} signed transfers of ${SENDERS} senders`);
const rounds = transferRounds({ senders, chainId: CHAIN_ID, firstSequence: 0, rounds: EACH });
const root = mkdtempSync(join(tmpdir(), "hanzo-bench-"));
try {
  const home = await makeLoadHome(join(root, "home"), { chainId: CHAIN_ID, senders, timeoutCommitMs: Number(values["timeout-commit"]) });
  const node = await startLoadNode(home);
  await waitForHeight(node.rpc, 2);
  const load = await runLoad(node, rounds);
  await node.stop();
  const rate = load.committed / load.seconds;
  const row = {
    txPerSecond: Math.round(rate),
    ratioToReference: Number((rate / REFERENCE_TX_PER_S).toFixed(2)),
    committed: load.committed,
    refused: load.refused,
    blocks: load.blocks,
    seconds: Number(load.seconds.toFixed(1)),
    appCpuSecondsPer1000Tx: Number(((load.cpuSeconds * 1000) / load.committed).toFixed(3)),
    appRssMiB: { idle: load.idleRssMiB, afterLoad: load.busyRssMiB },
    calibrationVerifiesPerSecond: load.calibration,
    ...machine(),
  };
  console.log(JSON.stringify(row, null, 2));
} finally {
  rmSync(root, { recursive: true, force: true });
}

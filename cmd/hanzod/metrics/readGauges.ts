import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { KernelFigures } from "../../../app/experience/kernelThread.ts";
import type { DurableCommitStore } from "../../../app/store/commitStore.ts";
import type { CometView } from "../health/cometView.ts";
import type { Home } from "../node/home.ts";
import type { NodeMetrics } from "./nodeMetrics.ts";

/** What a scrape looks at. */
export interface GaugeSources {
  readonly home: Home;
  /** The open store; undefined before it is open and after it is closed. */
  store(): DurableCommitStore | undefined;
  readonly comet: CometView;
  /** Work of the kernels; undefined before and after. */
  kernels(): KernelFigures | undefined;
  /** Voting power of the node's own key. */
  power(): bigint;
  /** Sets what the committed state says of the validators. */
  validators(): void;
  /** The content store; undefined when there is none. */
  content(): { readonly blocks: number; readonly bytes: number; readonly damaged: number } | undefined;
}

/** Sets the metrics that are read and not counted; called when somebody asks for them. */
export async function readGauges(metrics: NodeMetrics, sources: GaugeSources): Promise<void> {
  const { home, store, comet, kernels, power, validators, content } = sources;
  const kept = content();
  metrics.contentBlocks.set(kept?.blocks ?? 0);
  metrics.contentBytes.set(kept?.bytes ?? 0);
  metrics.contentDamaged.set(kept?.damaged ?? 0);
  metrics.validatorPower.set(Number(power()));
  validators();
  const open = store();
  if (open !== undefined) {
    const { keys, nodes, dataBytes, reservedBytes, versions, checkpointVersion, flatWatermark } = open.stats();
    metrics.height.set(Number(open.version));
    metrics.storeKeys.set(keys);
    metrics.storeNodes.set(nodes);
    metrics.storeDataBytes.set(dataBytes);
    metrics.storeReservedBytes.set(reservedBytes);
    metrics.storeVersions.set(versions);
    metrics.storeCheckpointAge.set(Number(open.version - checkpointVersion));
    metrics.storeFlatLag.set(Number(open.version - flatWatermark));
  }
  setKernels(metrics, kernels());
  metrics.storeLogBytes.set(await folderBytes(join(home.data.app, "log")));
  metrics.storeCheckpointBytes.set(await folderBytes(join(home.data.app, "checkpoints")));
  const [status, mempool, peers] = await Promise.all([comet.status(), comet.mempool(), comet.peers()]);
  metrics.cometUp.set(status === undefined ? 0 : 1);
  metrics.catchingUp.set(status?.catchingUp === true ? 1 : 0);
  if (peers !== undefined) metrics.peers.set(peers);
  if (mempool === undefined) return;
  metrics.mempoolTxs.set(mempool.txs);
  metrics.mempoolBytes.set(mempool.bytes);
}

function setKernels(metrics: NodeMetrics, figures: KernelFigures | undefined): void {
  if (figures?.status === undefined) return;
  const { backend, detail } = figures.status;
  metrics.kernelBackend.set({ backend, detail }, 1);
  metrics.kernelRounds.set(figures.computed);
  metrics.kernelSeconds.set(figures.lastSeconds);
}

/** Size of the files of a folder; 0 when it is missing. Files that go meanwhile count for nothing. */
async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder).catch((): string[] => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

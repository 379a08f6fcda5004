import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, open, readFile, rm, statfs } from "node:fs/promises";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadSecp256k1 } from "../../../app/runtime/secp256k1Backend.ts";
import { openRocks } from "../../../app/store/rocks.ts";
import { RocksLog } from "../../../app/store/rocksLog.ts";
import { cometBinary } from "../command/cometBinary.ts";
import { createCometView } from "../health/cometView.ts";
import { call } from "../job/followBlocks.ts";
import { cometEnvironment } from "../node/cometConfig.ts";
import type { Home } from "../node/home.ts";
import { findPortOwner, isPortFree } from "../node/ports.ts";
import type { Machine, RunningFacts } from "./finding.ts";

const run = promisify(execFile);
const SYNCS = 9;

/** This machine. */
export function realMachine(): Machine {
  return {
    environment: process.env,
    nodeVersion: process.version,
    async fileLimit() {
      const text = await readFile("/proc/self/limits", "utf8").catch(() => "");
      const limit = /^Max open files\s+(\S+)/m.exec(text)?.[1];
      return limit === undefined || limit === "unlimited" ? undefined : Number(limit);
    },
    async freeBytes(folder) {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    async memoryBytes() {
      const limit = Number(await readFile("/sys/fs/cgroup/memory.max", "utf8").catch(() => ""));
      return Number.isFinite(limit) && limit > 0 ? Math.min(limit, totalmem()) : totalmem();
    },
    syncSeconds,
    hasNativeSignatures: () => loadSecp256k1().kind === "native",
    isPortFree,
    async findPortOwner(port) {
      const owner = await findPortOwner(port);
      return owner === undefined ? undefined : `${owner.command} (process ${owner.pid})`;
    },
    cometBinary,
    defaultCometConfig,
    storeHeight,
    askNode,
  };
}

async function syncSeconds(folder: string): Promise<number> {
  const dir = await mkdtemp(join(folder, ".doctor-"));
  try {
    const file = await open(join(dir, "sync"), "w", 0o600);
    const seconds: number[] = [];
    try {
      for (let index = 0; index < SYNCS; index++) {
        const started = performance.now();
        await file.write(Buffer.alloc(4096, index));
        await file.datasync();
        seconds.push((performance.now() - started) / 1000);
      }
    } finally {
      await file.close();
    }
    return seconds.sort((a, b) => a - b)[Math.floor(SYNCS / 2)] ?? 0;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function defaultCometConfig(binary: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "hanzod-doctor-"));
  try {
    await run(binary, ["init", "--home", dir], { env: cometEnvironment(process.env), timeout: 60_000 });
    return await readFile(join(dir, "config", "config.toml"), "utf8");
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function storeHeight(home: Home): Promise<bigint | undefined> {
  const path = join(home.data.app, "log");
  if (!existsSync(path)) return undefined;
  const db = await openRocks(path);
  try {
    return (await new RocksLog(db, () => undefined).last())?.version;
  } finally {
    await db.close();
  }
}

async function askNode(rpc: string): Promise<RunningFacts | undefined> {
  try {
    const view = createCometView(() => rpc);
    const [status, info, peers, commit] = await Promise.all([
      view.status(),
      call<{ readonly node_info: { readonly version: string } }>(rpc, "status"),
      view.peers(),
      call<JsonCommit>(rpc, "commit"),
    ]);
    if (status === undefined) return undefined;
    const votes = commit.signed_header.commit.signatures
      .filter(({ block_id_flag: flag }) => flag === 2)
      .map(({ validator_address: voter, timestamp }): [string, number] => [voter, Date.parse(timestamp)]);
    return {
      status,
      cometVersion: info.node_info.version.split("+")[0] ?? "",
      peers: peers ?? 0,
      votes: new Map(votes),
      askedMs: Date.now(),
    };
  } catch {
    return undefined;
  }
}

interface JsonCommit {
  readonly signed_header: {
    readonly commit: {
      readonly signatures: readonly { readonly block_id_flag: number; readonly validator_address: string; readonly timestamp: string }[];
    };
  };
}

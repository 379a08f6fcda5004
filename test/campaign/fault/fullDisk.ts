// A disk that is full: a small file system of its own for the home, filled while blocks are made. Needs the right to mount.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, statfs, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { FaultChain } from "./faultChain.ts";
import type { FaultKind } from "./faultKind.ts";
import type { Random } from "./load.ts";

const run = promisify(execFile);
const SIZE_MIB = 160;

/** A file system of a fixed size. */
interface SmallDisk {
  readonly folder: string;
  /** Leaves so many bytes free. @returns how to give the space back */
  fill(left: number): Promise<() => Promise<void>>;
  remove(): Promise<void>;
}

/** Mounts a small file system. @returns undefined where that is not allowed */
async function mountSmallDisk(): Promise<SmallDisk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "hz-disk-"));
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MIB}m`, "tmpfs", folder]);
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
  const ballast = join(folder, "ballast");
  return {
    folder,
    async fill(left) {
      const { bavail, bsize } = await statfs(folder);
      // The node writes meanwhile: then the disk is full a little earlier.
      await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left))).catch(requireFull);
      return () => unlink(ballast);
    },
    async remove() {
      await run("umount", ["-l", folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function requireFull(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
}

/** Runs a chain of its own into a full disk, gives it space, and starts it again. */
export const fullDiskFault: FaultKind & { isPossible(): Promise<boolean> } = {
  name: "disk:full",
  async isPossible() {
    const disk = await mountSmallDisk();
    await disk?.remove();
    return disk !== undefined;
  },
  async run(_chain, random: Random) {
    const disk = (await mountSmallDisk()) ?? assert.fail("a small file system can be mounted");
    try {
      const chain = await FaultChain.create(disk.folder);
      try {
        await fillAndRecover(chain, disk, random);
      } finally {
        await chain.remove(true);
      }
    } finally {
      await disk.remove();
    }
    return "survived";
  },
};

async function fillAndRecover(chain: FaultChain, disk: SmallDisk, random: Random): Promise<void> {
  await chain.start();
  const code = await chain.load(random, async () => {
    const free = await disk.fill(random.below(400_000));
    const ended = await chain.ended("a full disk");
    await free();
    return ended;
  });
  assert.ok(code !== 0 && code !== null, `a full disk stops the node with a code, got ${code}:\n${chain.output}`);
  assert.match(chain.output, /HZN-DISK|no space left/i, "the operator is told of the disk");
  await chain.start();
  await chain.verify();
}

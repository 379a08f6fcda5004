import { CliError } from "../../shared/cliError.ts";
import { NodeError } from "../node/nodeError.ts";
import { type DoctorCheck, type DoctorContext, error, type Finding, warning } from "./finding.ts";

const GIB = 2 ** 30;
/** CometBFT and RocksDB together need some hundreds; peers and users come on top. */
const LEAST_FILES = 4096;
const LEAST_FREE = 2 * GIB;
const LOW_FREE = 20 * GIB;
const LEAST_MEMORY = 2 * GIB;
/** A block waits for one synced write of the application and several of CometBFT. */
const SLOW_SYNC_SECONDS = 0.05;
const LEAST_NODE = [20, 19] as const;

/** Limits, disk, memory and versions. */
export const checkMachine: DoctorCheck = async (context) => [
  ...(await limits(context)),
  ...(await disk(context)),
  ...(await versions(context)),
];

async function limits({ machine }: DoctorContext): Promise<Finding[]> {
  const found: Finding[] = [];
  const files = await machine.fileLimit();
  if (files !== undefined && files < LEAST_FILES)
    found.push(
      warning(
        "machine.files",
        `a process may open ${files} files`,
        `${LEAST_FILES} are needed for the databases, peers and users`,
        "ulimit -n 65536, or LimitNOFILE=65536 in the service",
      ),
    );
  const memory = await machine.memoryBytes();
  if (memory < LEAST_MEMORY)
    found.push(
      warning(
        "machine.memory",
        `there are ${gib(memory)} of memory`,
        `the state is in memory; ${gib(LEAST_MEMORY)} is the least`,
        "take a larger machine, or raise the container's limit",
      ),
    );
  return found;
}

async function disk({ home, machine }: DoctorContext): Promise<Finding[]> {
  const found: Finding[] = [];
  const free = await machine.freeBytes(home.data.dir);
  if (free < LEAST_FREE)
    found.push(
      error(
        "machine.disk",
        `${gib(free)} are free under ${home.data.dir}`,
        "a full disk stops the node (HZN-DISK)",
        "free space, or move the home to a larger disk",
      ),
    );
  else if (free < LOW_FREE)
    found.push(
      warning(
        "machine.disk",
        `${gib(free)} are free under ${home.data.dir}`,
        "blocks grow with every transaction",
        "free space, set min-retain-blocks, or move the home to a larger disk",
      ),
    );
  const seconds = await machine.syncSeconds(home.data.dir);
  if (seconds > SLOW_SYNC_SECONDS)
    found.push(
      warning(
        "machine.disk-speed",
        `a synced write takes ${(seconds * 1000).toFixed(0)} ms`,
        `every block waits for several; ${SLOW_SYNC_SECONDS * 1000} ms is too long`,
        "take a local SSD; network disks and SD cards are too slow",
      ),
    );
  return found;
}

async function versions({ machine }: DoctorContext): Promise<Finding[]> {
  const found: Finding[] = [];
  const [major = 0, minor = 0] = machine.nodeVersion.replace("v", "").split(".").map(Number);
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1]))
    found.push(
      error(
        "machine.node",
        `Node.js is ${machine.nodeVersion}`,
        `${LEAST_NODE.join(".")} is the least`,
        "install a newer one: https://nodejs.org",
      ),
    );
  if (!machine.hasNativeSignatures())
    found.push(
      warning(
        "machine.signatures",
        "signatures are verified in JavaScript",
        "native secp256k1 does not load; checking transactions is several times slower",
        "npm rebuild secp256k1, or npm ci on this platform",
      ),
    );
  try {
    await machine.cometBinary();
  } catch (thrown) {
    if (!(thrown instanceof NodeError || thrown instanceof CliError)) throw thrown;
    found.push(error("machine.comet", thrown.message, "the node drives one release of CometBFT only", thrown.next));
  }
  return found;
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

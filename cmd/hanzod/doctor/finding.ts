import type { CometStatus } from "../health/cometView.ts";
import type { Home } from "../node/home.ts";

/** Something about a node that its operator should mend. */
export interface Finding {
  /** What was looked at, stable for scripts: `keys.mode`. */
  readonly check: string;
  /** An error keeps the node from running or endangers its keys or stake; a warning will hurt somebody later. */
  readonly severity: "error" | "warning";
  readonly what: string;
  readonly why: string;
  /** The next command, or what to do. */
  readonly next: string;
}

/** What the doctor sees of machine and programs. Tests put their own in its place. */
export interface Machine {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `v20.19.0`. */
  readonly nodeVersion: string;
  /** Soft limit of open files; undefined where the system does not tell. */
  fileLimit(): Promise<number | undefined>;
  /** Bytes that this user can still write under a folder. */
  freeBytes(folder: string): Promise<number>;
  /** Memory of the machine, or of its container where that has less, in bytes. */
  memoryBytes(): Promise<number>;
  /** Seconds of a small synced write under a folder, the median of several. */
  syncSeconds(folder: string): Promise<number>;
  /** Whether native signature verification loads. */
  hasNativeSignatures(): boolean;
  isPortFree(port: number, host: string): Promise<boolean>;
  /** `name (process 1)`. */
  findPortOwner(port: number): Promise<string | undefined>;
  /** Path of the CometBFT binary. @throws NodeError when there is none of the right release */
  cometBinary(): Promise<string>;
  /** `config.toml` as a new home of that binary has it. */
  defaultCometConfig(binary: string): Promise<string>;
  /** Last durable height of the application's store, undefined when there is none. CONTRACT: the node does not run */
  storeHeight(home: Home): Promise<bigint | undefined>;
  /** What a running node says; undefined when it does not answer. */
  askNode(rpc: string): Promise<RunningFacts | undefined>;
}

/** What a running node says of itself. */
export interface RunningFacts {
  readonly status: CometStatus;
  readonly cometVersion: string;
  readonly peers: number;
  /** The clock of each validator when it voted for the last block, milliseconds since 1970-01-01 UTC, by address in upper-case hexadecimal. */
  readonly votes: ReadonlyMap<string, number>;
  /** When the answer came, by this machine's clock. */
  readonly askedMs: number;
}

/** What every check looks at. */
export interface DoctorContext {
  readonly home: Home;
  readonly machine: Machine;
  /** Process id of the node that holds the home; undefined when none runs. */
  readonly runningPid: number | undefined;
  /** Keys of config.toml by path, `rpc.laddr`; undefined when the file cannot be read. */
  readonly comet: ReadonlyMap<string, unknown> | undefined;
}

/** Looks at one side of a node. */
export type DoctorCheck = (context: DoctorContext) => Promise<readonly Finding[]>;

/** A finding that keeps the node from running or endangers it. */
export function error(check: string, what: string, why: string, next: string): Finding {
  return { check, severity: "error", what, why, next };
}

/** A finding that will hurt later. */
export function warning(check: string, what: string, why: string, next: string): Finding {
  return { check, severity: "warning", what, why, next };
}

// Signatures verified in a thread of their own. The same file runs on both sides: imported, it starts the thread; started as one, it verifies.
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { LogPort } from "../runtime/ports.ts";
import { loadSecp256k1, type Secp256k1Backend } from "../runtime/secp256k1Backend.ts";
import type { SignatureAid, SignatureBatch, SignedDocument } from "../runtime/signature.ts";
import { endThread } from "./endThread.ts";
import { ExpandedKeys } from "./expandedKeys.ts";
import { SignatureWords } from "./signatureWords.ts";

/** Tells this file that it was started as a thread by itself: other threads may import it, too. */
const ROLE = "hanzo signature thread";
/** Batches under way at most: beyond that the caller is faster by itself. */
const MAX_BATCHES = 64;
/** Pause before a thread that ended is started again, in milliseconds. */
const PAUSE_MS = 1_000;

/** Longest wait for a batch, in milliseconds; what is not ready then is verified by whoever needs it. */
const PATIENCE_MS = 1_000;

/** How the thread is watched. */
export interface SignatureThreadOptions {
  readonly log: LogPort;
  /** The backend that decides in consensus; the program's when left out. */
  readonly kind?: Secp256k1Backend["kind"];
  /** Told of every start, with the name `signature`. */
  readonly started?: (worker: string) => void;
}

interface SignatureThreadData {
  readonly role: typeof ROLE;
  /** The chain's own backend. DETERMINISM: a thread with another one finds nothing right. */
  readonly kind: Secp256k1Backend["kind"];
}

interface ToSignatureThread {
  readonly id: number;
  readonly buffer: SharedArrayBuffer;
}

/** The thread that verifies ahead of need; started with the first batch. When it ends, batches under way count as done: whoever needs them verifies by itself. */
export class SignatureThread implements SignatureAid {
  readonly #log: LogPort;
  readonly #started: () => void;
  readonly #kind: Secp256k1Backend["kind"];
  readonly #done = new Map<number, { readonly resolve: () => void; readonly timer: NodeJS.Timeout }>();
  #worker: Worker | undefined;
  #pause: NodeJS.Timeout | undefined;
  #lastId = 0;
  #closed = false;

  constructor({ log, kind = loadSecp256k1().kind, started = () => {} }: SignatureThreadOptions) {
    this.#log = log;
    this.#kind = kind;
    this.#started = () => started("signature");
  }

  /** The thread, for tests that end it; undefined while there is none. */
  get worker(): Worker | undefined {
    return this.#worker;
  }

  start(documents: readonly SignedDocument[]): SignatureBatch | undefined {
    if (this.#pause === undefined && !this.#closed) this.#start();
    const worker = this.#worker;
    if (worker === undefined || this.#done.size >= MAX_BATCHES) return undefined;
    const words = SignatureWords.pack(documents);
    this.#lastId += 1;
    const id = this.#lastId;
    const done = new Promise<void>((resolve) => this.#done.set(id, { resolve, timer: setTimeout(() => this.#finish(id), PATIENCE_MS) }));
    worker.ref();
    worker.postMessage({ id, buffer: words.buffer } satisfies ToSignatureThread);
    return { isRight: (index) => words.isRight(index), done };
  }

  /** Ends the thread. @throws Error when it does not end in time */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#pause);
    if (this.#worker !== undefined) await endThread(this.#worker, "signature");
  }

  #start(): void {
    if (this.#worker !== undefined) return;
    this.#pause = undefined;
    this.#started();
    const worker = new Worker(new URL(import.meta.url), { workerData: { role: ROLE, kind: this.#kind } satisfies SignatureThreadData });
    this.#worker = worker;
    worker.on("message", (id: number) => this.#finish(id));
    worker.on("error", (error) => this.#log.error("the signature thread failed", { error: error instanceof Error ? error.stack : error }));
    worker.on("exit", () => this.#ended());
    // Only work keeps the process alive.
    worker.unref();
  }

  #finish(id: number): void {
    const waiting = this.#done.get(id);
    this.#done.delete(id);
    clearTimeout(waiting?.timer);
    waiting?.resolve();
    // While it is being ended, the process waits for that.
    if (this.#done.size === 0 && !this.#closed) this.#worker?.unref();
  }

  #ended(): void {
    this.#worker = undefined;
    for (const id of [...this.#done.keys()]) this.#finish(id);
    if (this.#closed) return;
    this.#pause = setTimeout(() => this.#start(), PAUSE_MS);
    this.#pause.unref();
  }
}

const data = workerData as SignatureThreadData | undefined;
if (!isMainThread && data?.role === ROLE) {
  const backend = loadSecp256k1();
  const isSame = backend.kind === data.kind;
  const keys = new ExpandedKeys(backend);
  parentPort?.on("message", ({ id, buffer }: ToSignatureThread) => {
    if (isSame)
      new SignatureWords(buffer).verify((signature, digest, publicKey) => backend.verify(signature, digest, keys.expand(publicKey)));
    parentPort?.postMessage(id);
  });
}

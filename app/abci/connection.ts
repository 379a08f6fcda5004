import type { Socket } from "node:net";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { Request, Response } from "#proto/tendermint/abci/types";
import { encodeMessage } from "../encoding/encodeMessage.ts";
import type { Application } from "../runtime/application.ts";
import { encodeBlockAnswer } from "../runtime/blockAnswer.ts";
import { readCheckTx, writeCheckAnswer } from "./checkFrame.ts";
import { FrameReader } from "./framing.ts";
import { callApplication, failureAnswer } from "./handlers.ts";
import { Incoming } from "./incoming.ts";
import { ABCI_METHODS, type AbciMethod, findMethod } from "./methods.ts";
import { Outgoing } from "./outgoing.ts";
import type { ProposalPause } from "./proposalPause.ts";
import type { Turns } from "./turns.ts";

/** Sees every call and answer in the order in which the application does; tests attach the grammar checker here. */
export interface CallObserver {
  /** A CometBFT process has connected after none was connected: a new sequence of calls begins. */
  session(): void;
  /** A call is about to reach the application. */
  call(method: AbciMethod, request: Request): void;
  /** The application has answered. */
  answer(method: AbciMethod, answer: Response): void;
}

/** What all connections of one server share. */
export interface ConnectionHost {
  /** A promise until the application is open; CONTRACT: it does not reject. */
  readonly app: Application | Promise<Application>;
  readonly turns: Turns;
  readonly pause: ProposalPause;
  readonly maxMessageBytes: number;
  readonly observer: CallObserver | undefined;
  /** Milliseconds without the rest of a message after which that is told. */
  readonly halfMessageMs: number;
  /** True once a call failed in a way that must stop the node: nothing is handed to the application any more. */
  readonly stopped: boolean;
  log(level: "info" | "warn" | "error", text: string): void;
  /** Stops the node. */
  fail(method: AbciMethod, error: unknown): void;
}

/** A place in the row of answers; filled when its call is done. */
interface Slot {
  /** The answer's bytes in parts, so that a large one is not copied to stand behind its head. */
  answer: readonly Uint8Array[] | undefined;
}

/** Reads in flight on one connection before it stops taking more from the socket. */
const MAX_READS = 64;
/** Number of the field of a Response that holds the answer to FinalizeBlock, and the kind of its value. */
const FINALIZE_BLOCK_TAG = (21 << 3) | 2;
/** Parts of answers from this size on are handed to the socket as they are. */
const LARGE_BYTES = 1 << 16;
/** A connection that has worked this long in one go lets the others have a turn of the event loop, in milliseconds: a block's steps wait no longer. */
const SLICE_MS = 2;
/** A Flush sends at once what was answered longer ago than this; later answers of the same slice share a write. In milliseconds. */
const COALESCE_MS = 1;

/**
 * One connection of CometBFT (it opens four: query, snapshot, mempool, consensus; the wire does not say which is which).
 *
 * INVARIANT: answers leave in the order of their requests; CometBFT stops itself on the first that does not match.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #host: ConnectionHost;
  readonly #name: string;
  readonly #reader: FrameReader;
  readonly #incoming = new Incoming();
  readonly #slots: Slot[] = [];
  readonly #out = new Outgoing();
  #lastWrite = 0;
  /** Waiting for a turn, for an answer that must come first, or for the socket to drain. */
  #blocked = false;
  #congested = false;
  #closed = false;
  #deferred = false;
  /** False from the answer to FinalizeBlock on until the application was told that it has left. */
  #hasPrepared = true;
  /** Whether transactions come here to be checked: the connection of the mempool. */
  #checks = false;
  readonly #resume = (): void => this.#pump();
  #calls = 0;
  /** Runs while a message is half here. */
  #half: NodeJS.Timeout | undefined;

  /** @param name for the log, unique in the server. */
  constructor(socket: Socket, host: ConnectionHost, name: string) {
    this.#socket = socket;
    this.#host = host;
    this.#name = name;
    this.#reader = new FrameReader(host.maxMessageBytes);
    socket.on("data", (chunk: Uint8Array) => this.#receive(chunk));
    socket.on("drain", () => {
      this.#congested = false;
      this.#prepareCommit();
      this.#pump();
    });
    socket.on("error", (error) => this.#host.log("warn", `abci ${name}: ${error.message}`));
    socket.on("end", () => this.#ended());
    socket.on("close", () => {
      this.#closed = true;
      clearTimeout(this.#half);
    });
  }

  #receive(chunk: Uint8Array): void {
    if (this.#closed) return;
    try {
      this.#incoming.push(this.#reader.push(chunk));
      this.#watchHalf();
    } catch (error) {
      // The calls before the garbage are whole and were made in good faith, but a peer that has lost the frames cannot be answered.
      this.#refuse(messageOf(error));
      return;
    }
    this.#pump();
  }

  /**
   * Notices when the rest of a message does not come. CometBFT is trusted, and ends itself when its connection is closed: of its connections this
   * is only told. One that never made a call is a stranger's: it has that long for its first message, and is closed.
   */
  #watchHalf(): void {
    if (this.#reader.atBorder) {
      clearTimeout(this.#half);
      this.#half = undefined;
    } else if (this.#half === undefined) {
      this.#half = setTimeout(() => {
        this.#half = undefined;
        // After what has come in while this thread was busy with a block.
        setImmediate(() => this.#tellHalf());
      }, this.#host.halfMessageMs);
      this.#half.unref();
    } else if (this.#calls > 0) this.#half.refresh();
  }

  #tellHalf(): void {
    if (this.#half !== undefined || this.#closed || this.#reader.atBorder) return;
    // The rest is not asked for while others wait to be answered.
    if (this.#socket.isPaused()) {
      this.#watchHalf();
      return;
    }
    const what = `half a message for ${this.#host.halfMessageMs} ms: ${this.#reader.progress}`;
    if (this.#calls === 0) this.#refuse(what);
    else this.#host.log("error", `abci ${this.#name}: ${what}; the node stands still if CometBFT does not send the rest`);
  }

  /** Works through the received calls until none is left, one must wait, or the slice is used up. */
  #pump(): void {
    if (this.#deferred) return;
    const start = performance.now();
    this.#tell();
    while (!this.#closed && !this.#host.stopped && !this.#mustWait()) {
      const call = this.#incoming.take();
      if (call === undefined) break;
      const check = call.check ?? readCheckTx(call.frame);
      if (check === undefined) this.#take(call.frame);
      else this.#dispatch("checkTx", { checkTx: check });
      if (performance.now() - start > SLICE_MS && !this.#incoming.isEmpty) {
        this.#deferred = true;
        setImmediate(() => {
          this.#deferred = false;
          this.#pump();
        });
        break;
      }
    }
    this.#write();
    // What comes while a block is executed is not taken yet, but prepared for.
    if (this.#congested || this.#slots.length >= MAX_READS || this.#incoming.isFull) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** Tells the application of transactions that will be checked. */
  #tell(): void {
    const { app } = this.#host;
    if (app instanceof Promise || app.expectTxs === undefined || this.#incoming.isEmpty) return;
    this.#incoming.tell((txs) => app.expectTxs?.(txs), this.#resume);
  }

  #mustWait(): boolean {
    if (this.#checks && this.#host.pause.active) {
      this.#host.pause.wait(this.#resume);
      return true;
    }
    return this.#blocked || this.#congested || this.#slots.length >= MAX_READS;
  }

  #take(frame: Uint8Array): void {
    let request: Request;
    try {
      request = Request.decode(frame);
    } catch (error) {
      this.#refuse(`a message of ${frame.length} bytes is not an ABCI request: ${messageOf(error)}`);
      return;
    }
    const method = findMethod(request);
    if (method === undefined) {
      this.#refuse(`a message of ${frame.length} bytes holds no call of ABCI 2.0.0`);
      return;
    }
    this.#dispatch(method, request);
  }

  #dispatch(method: AbciMethod, request: Request): void {
    this.#calls++;
    this.#checks ||= method === "checkTx";
    this.#host.pause.see(method);
    if (ABCI_METHODS[method].kind === "ordered" && this.#host.turns.busy) {
      this.#blocked = true;
      this.#host.turns.wait(() => {
        this.#blocked = false;
        if (this.#closed || this.#host.stopped) return;
        this.#call(method, request);
        setImmediate(this.#resume);
      });
      return;
    }
    this.#call(method, request);
  }

  #call(method: AbciMethod, request: Request): void {
    const observer = ABCI_METHODS[method].kind === "link" ? undefined : this.#host.observer;
    let result: Response | Promise<Response>;
    try {
      observer?.call(method, request);
      const { app } = this.#host;
      result =
        app instanceof Promise ? app.then((opened) => callApplication(opened, method, request)) : callApplication(app, method, request);
    } catch (error) {
      this.#fail(this.#slotBehind(), method, request, error);
      return;
    }
    if (!(result instanceof Promise)) {
      this.#fill(this.#slotBehind(), method, request, result);
      return;
    }
    const slot = this.#slot();
    const ordered = ABCI_METHODS[method].kind === "ordered";
    if (ordered) {
      this.#blocked = true;
      this.#host.turns.take();
    }
    result
      .then(
        (answer) => this.#fill(slot, method, request, answer),
        (error: unknown) => this.#fail(slot, method, request, error),
      )
      .finally(() => {
        if (ordered) {
          this.#blocked = false;
          this.#host.turns.release();
        }
        this.#pump();
      });
  }

  #slot(): Slot {
    const slot: Slot = { answer: undefined };
    this.#slots.push(slot);
    return slot;
  }

  /** A place behind answers that are still being made; none where the answer is the next one. */
  #slotBehind(): Slot | undefined {
    return this.#slots.length === 0 ? undefined : this.#slot();
  }

  /** Puts the answer into its place. One that cannot be encoded is a failure of its call. @param slot undefined where it is the next one */
  #fill(slot: Slot | undefined, method: AbciMethod, request: Request, answer: Response): void {
    let bytes: Slot["answer"];
    try {
      bytes = encodeAnswer(answer);
      if (ABCI_METHODS[method].kind !== "link") this.#host.observer?.answer(method, answer);
    } catch (error) {
      const failure = this.#failed(method, request, error);
      if (failure === undefined) return;
      bytes = encodeAnswer(failure);
    }
    this.#place(slot, bytes);
    if (method === "finalizeBlock") this.#blockAnswered();
    if (method === "flush" && performance.now() - this.#lastWrite > COALESCE_MS) this.#write();
  }

  /** The application prepares for Commit once the answer to FinalizeBlock has left: before that it would only hold it up. */
  #blockAnswered(): void {
    this.#hasPrepared = false;
    this.#write();
    if (this.#socket.writableLength === 0) setImmediate(() => this.#prepareCommit());
  }

  #prepareCommit(): void {
    const { app, stopped } = this.#host;
    if (this.#hasPrepared || stopped || app instanceof Promise) return;
    this.#hasPrepared = true;
    app.prepareCommit?.();
  }

  #fail(slot: Slot | undefined, method: AbciMethod, request: Request, error: unknown): void {
    const answer = this.#failed(method, request, error);
    if (answer !== undefined) this.#fill(slot, method, request, answer);
  }

  /** Sends what is now in order. */
  #place(slot: Slot | undefined, bytes: readonly Uint8Array[]): void {
    if (slot === undefined) {
      this.#put(bytes);
      return;
    }
    slot.answer = bytes;
    while (this.#slots[0]?.answer !== undefined) {
      this.#put(this.#slots[0].answer);
      this.#slots.shift();
    }
  }

  /** Decides what becomes of a call that threw: an error answer, or (undefined) the end of the node. */
  #failed(method: AbciMethod, request: Request, error: unknown): Response | undefined {
    const reason = messageOf(error);
    if (ABCI_METHODS[method].onThrow === "answer" && !isFatal(error)) {
      this.#host.log("error", `abci ${this.#name}: ${method} failed: ${stackOf(error)}`);
      const answer = failureAnswer(method, request, reason);
      if (answer !== undefined) return answer;
    }
    // Sent past the answers still outstanding: CometBFT stops at an exception whatever it was waiting for.
    this.#put(encodeAnswer({ exception: { error: `${method}: ${reason}` } }));
    this.#write();
    this.#host.fail(method, error);
    return undefined;
  }

  /** Puts an answer behind those that wait to be written. */
  #put(parts: readonly Uint8Array[]): void {
    let length = 0;
    for (const part of parts) length += part.length;
    this.#out.begin(length);
    for (const part of parts) {
      if (part.length < LARGE_BYTES) {
        this.#out.put(part);
        continue;
      }
      this.#write();
      if (!this.#closed && !this.#socket.write(part)) this.#congested = true;
    }
  }

  #write(): void {
    if (this.#out.isEmpty || this.#closed) return;
    this.#lastWrite = performance.now();
    if (!this.#socket.write(this.#out.take())) this.#congested = true;
  }

  #refuse(reason: string): void {
    this.#host.log("error", `abci ${this.#name}: connection closed: ${reason}`);
    this.#write();
    this.#closed = true;
    this.#socket.destroySoon();
  }

  #ended(): void {
    const half = this.#reader.atBorder ? "" : " in the middle of a message";
    this.#host.log(half === "" ? "info" : "warn", `abci ${this.#name}: closed by the other side after ${this.#calls} calls${half}`);
  }
}

function encodeAnswer(answer: Response): readonly Uint8Array[] {
  const { checkTx, finalizeBlock } = answer;
  const plain = checkTx === undefined ? undefined : writeCheckAnswer(checkTx);
  if (plain !== undefined) return [plain];
  if (finalizeBlock === undefined) return [encodeMessage(Response, answer)];
  // The commit that follows keeps the same bytes.
  const { bytes } = encodeBlockAnswer(finalizeBlock);
  return [new BinaryWriter().uint32(FINALIZE_BLOCK_TAG).uint32(bytes.length).finish(), bytes];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * Errors that must stop the node wherever they appear: those that say so themselves, and an exhausted stack,
 * after which no invariant of the process is certain.
 */
function isFatal(error: unknown): boolean {
  if (typeof error === "object" && error !== null && "fatal" in error && error.fatal === true) return true;
  return error instanceof RangeError && error.message.includes("call stack");
}

import type { Request, Response } from "#proto/tendermint/abci/types";
import type { CallObserver } from "../../app/abci/connection.ts";
import type { AbciMethod } from "../../app/abci/methods.ts";

/**
 * Where a sequence of calls stands:
 *
 * - `start`: nothing seen; `informed`: Info seen, which opens a recovery; `initialised`: InitChain seen;
 * - `offered`, `chunked`: state sync, without and with a chunk applied; `height`: between two decisions; `decided`: Commit must follow.
 */
type Phase = "start" | "informed" | "initialised" | "offered" | "chunked" | "height" | "decided";

/** Calls of the grammar that carry a height. */
const HEIGHT_CALLS = ["prepareProposal", "processProposal", "extendVote", "verifyVoteExtension", "finalizeBlock"] as const;
type HeightCall = (typeof HEIGHT_CALLS)[number];

/** Calls named in a violation, so that a failed test shows how it came to it. */
const HISTORY = 12;

/**
 * Checks that CometBFT calls, and the application answers, as the grammar of ABCI allows
 * (CometBFT spec/abci/abci++_comet_expected_behavior.md). It also follows heights, which the grammar leaves out: every
 * call of a height names the one after the last commit.
 *
 * Two readings where the text and CometBFT v0.38 differ: Info may precede InitChain (the handshake always asks first), and
 * state sync may begin without InitChain (a syncing node skips the handshake).
 */
export class GrammarChecker implements CallObserver {
  /** What was against the grammar, in order; a test expects none. */
  readonly violations: string[] = [];
  readonly #onViolation: ((text: string) => void) | undefined;
  #phase: Phase = "start";
  /** The height that consensus works on; undefined while it cannot be known. */
  #height: bigint | undefined;
  #decided = 0n;
  #history: string[] = [];

  /** @param onViolation may throw, which fails the call that broke the grammar. */
  constructor(onViolation?: (text: string) => void) {
    this.#onViolation = onViolation;
  }

  /** Heights decided and committed in this session. */
  get decided(): bigint {
    return this.#decided;
  }

  session(): void {
    this.#phase = "start";
    this.#height = undefined;
    this.#decided = 0n;
    this.#history = [];
  }

  call(method: AbciMethod, request: Request): void {
    switch (method) {
      case "initChain":
        this.#remember(method);
        this.#expect(method, ["start", "informed"]);
        if (this.#height !== undefined && this.#height > 1n) this.#violate(`initChain although info reported height ${this.#height - 1n}`);
        this.#phase = "initialised";
        // CometBFT sends the initial height as written in the genesis file, at least 1.
        this.#height = request.initChain?.initialHeight;
        return;
      case "offerSnapshot":
        this.#remember(method);
        this.#expect(method, ["start", "informed", "initialised", "offered", "chunked"]);
        this.#phase = "offered";
        return;
      case "applySnapshotChunk":
        this.#remember(method);
        this.#expect(method, ["offered", "chunked"]);
        this.#phase = "chunked";
        return;
      case "commit":
        this.#remember(method);
        this.#expect(method, ["decided"]);
        this.#phase = "height";
        this.#decided++;
        if (this.#height !== undefined) this.#height++;
        return;
      default:
        if (isHeightCall(method)) this.#heightCall(method, request[method]?.height ?? 0n);
    }
  }

  answer(method: AbciMethod, answer: Response): void {
    if (method !== "info" || answer.info === undefined) return;
    const last = answer.info.lastBlockHeight;
    if (this.#phase === "start") {
      this.#remember("info");
      this.#phase = "informed";
      this.#height = last + 1n;
    } else if (this.#phase === "chunked") {
      this.#remember("info");
      this.#phase = "height";
      this.#height = last + 1n;
    }
    // Any other Info answers somebody's RPC call and has no place in the sequence.
  }

  #heightCall(method: HeightCall, height: bigint): void {
    this.#remember(`${method}(${height})`);
    this.#expect(method, ["informed", "initialised", "height"]);
    if (this.#phase === "informed" && this.#height === 1n)
      this.#violate(`${method} at height ${height} before initChain on an empty application`);
    if (this.#height !== undefined && height !== this.#height) this.#violate(`${method} at height ${height}, expected ${this.#height}`);
    this.#height = height;
    this.#phase = method === "finalizeBlock" ? "decided" : "height";
  }

  #expect(method: AbciMethod, allowed: readonly Phase[]): void {
    if (!allowed.includes(this.#phase)) this.#violate(`${method} in phase "${this.#phase}", allowed in: ${allowed.join(", ")}`);
  }

  #remember(call: string): void {
    this.#history.push(call);
    if (this.#history.length > HISTORY) this.#history.shift();
  }

  #violate(text: string): void {
    const full = `ABCI grammar: ${text}; last calls: ${this.#history.join(" ")}`;
    this.violations.push(full);
    this.#onViolation?.(full);
  }
}

function isHeightCall(method: AbciMethod): method is HeightCall {
  return HEIGHT_CALLS.some((name) => name === method);
}

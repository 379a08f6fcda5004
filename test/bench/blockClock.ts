// When CometBFT took each step of each block, as its events say: the same for every chain, with no pause between two looks.
import { once } from "node:events";
import WebSocket from "ws";
import { type Latencies, summarize } from "./latencies.ts";

/** What is seen of a height, in its order: each is told when what its name says is done. */
const STEPS = ["started", "proposed", "prevoted", "precommitted", "decided", "applied"] as const;
export type BlockStep = (typeof STEPS)[number];

/** Readings of `performance.now()`. A step that nobody heard of is missing. */
export type BlockTimes = Readonly<Partial<Record<BlockStep, number>>>;

/** What the blocks of a load took, in milliseconds: each step from the end of the one before it, and from the start of a height to the next. */
export type StepTimes = Readonly<Partial<Record<BlockStep | "interval", Latencies>>>;

/** Steps of consecutive heights. */
export function summarizeSteps(blocks: readonly BlockTimes[]): StepTimes {
  const between = (from: (at: number) => number | undefined, to: (at: number) => number | undefined): number[] =>
    blocks.map((_, at) => (to(at) ?? Number.NaN) - (from(at) ?? Number.NaN)).filter((ms) => !Number.isNaN(ms));
  const times = STEPS.slice(1).map((step, index): [BlockStep | "interval", number[]] => [
    step,
    between(
      (at) => blocks[at]?.[STEPS[index] ?? step],
      (at) => blocks[at]?.[step],
    ),
  ]);
  times.push([
    "interval",
    between(
      (at) => blocks[at]?.started,
      (at) => blocks[at + 1]?.started,
    ),
  ]);
  return Object.fromEntries(times.filter(([, all]) => all.length > 0).map(([step, all]) => [step, summarize(all)]));
}

/** CometBFT's names of what its events tell: that a round begins, and of the other steps that they are done. */
const ROUND_STEPS: Readonly<Record<string, BlockStep>> = {
  RoundStepNewRound: "started",
  RoundStepPropose: "proposed",
  RoundStepPrevote: "prevoted",
  RoundStepPrecommit: "precommitted",
  RoundStepCommit: "decided",
};
/** A client may have five subscriptions. */
const EVENTS = ["NewRound", "NewRoundStep", "NewBlockHeader"];

interface EventMessage {
  readonly result?: {
    readonly data?: {
      readonly value: { readonly height?: string; readonly step?: string; readonly header?: { readonly height: string } };
    };
  };
}

/** Listens to one node. */
export class BlockClock {
  readonly #socket: WebSocket;
  readonly #times = new Map<number, Partial<Record<BlockStep, number>>>();
  #applied = 0;
  #waiting: { readonly height: number; readonly wake: () => void }[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => this.#hear(performance.now(), JSON.parse(String(data)) as EventMessage));
  }

  /** @param rpc `http://host:port` */
  static async open(rpc: string): Promise<BlockClock> {
    const socket = new WebSocket(`${rpc.replace(/^http/, "ws")}/websocket`);
    const clock = new BlockClock(socket);
    await once(socket, "open");
    for (const [id, event] of EVENTS.entries())
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, method: "subscribe", params: { query: `tm.event='${event}'` } }));
    return clock;
  }

  /** Steps of a height that were heard so far. */
  times(height: number): BlockTimes {
    return this.#times.get(height) ?? {};
  }

  /** Waits until a block, or a later one, is applied. @throws Error when that takes longer */
  async reach(height: number, patienceMs: number): Promise<void> {
    if (this.#applied >= height) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`height ${height} not applied within ${patienceMs} ms`)), patienceMs);
      const wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#waiting.push({ height, wake });
    });
  }

  close(): void {
    this.#socket.close();
  }

  #hear(now: number, { result }: EventMessage): void {
    const value = result?.data?.value;
    const step = value?.header === undefined ? ROUND_STEPS[value?.step ?? ""] : "applied";
    if (value === undefined || step === undefined) return;
    const height = Number(value.header?.height ?? value.height);
    const times = this.#times.get(height) ?? {};
    this.#times.set(height, times);
    times[step] ??= now;
    if (step !== "applied") return;
    this.#applied = Math.max(this.#applied, height);
    const ready = this.#waiting.filter((each) => each.height <= height);
    this.#waiting = this.#waiting.filter((each) => each.height > height);
    for (const { wake } of ready) wake();
  }
}

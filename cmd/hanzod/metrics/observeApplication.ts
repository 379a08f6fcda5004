import { CheckTxType, type RequestFinalizeBlock } from "#proto/tendermint/abci/types";
import type { Application } from "../../../app/runtime/application.ts";
import { encodeBlockAnswer } from "../../../app/runtime/blockAnswer.ts";
import type { TxFacts } from "../../../app/runtime/resultWriter.ts";
import { timestampNs } from "../../../app/sdk/time.ts";
import { bindApplication } from "../app/bindApplication.ts";
import { onExecuted } from "../app/onExecuted.ts";
import type { NodeMetrics } from "./nodeMetrics.ts";
import { observeQuery } from "./observeQuery.ts";

/** What a finished block took, for the log. Times in seconds. */
export interface BlockReport {
  readonly height: bigint;
  readonly txs: number;
  readonly failed: number;
  readonly gasUsed: bigint;
  readonly finalizeSeconds: number;
  readonly commitSeconds: number;
}

const NS_PER_SECOND = 1e9;

/**
 * An application whose calls are counted and timed. The clock stays outside of the state machine: it sees requests and answers alone.
 * @param report told of every committed block
 */
export function observeApplication(app: Application, metrics: NodeMetrics, report: (block: BlockReport) => void): Application {
  const inner = bindApplication(app);
  const timed = <T>(phase: string, call: () => T): T => timedCall((seconds) => metrics.phaseSeconds.observe({ phase }, seconds), call);
  let finished: Omit<BlockReport, "commitSeconds"> | undefined;
  let blockSeconds = 0;
  return {
    ...inner,
    prepareProposal: (request) => timed("prepare", () => inner.prepareProposal(request)),
    processProposal: (request) => timed("process", () => inner.processProposal(request)),
    checkTx(request) {
      const started = performance.now();
      const answer = inner.checkTx(request);
      metrics.checks.add(request.type === CheckTxType.RECHECK ? "recheck" : "new", answer, (performance.now() - started) / 1000);
      return answer;
    },
    finalizeBlock(request) {
      finished = undefined;
      const started = performance.now();
      return onExecuted(inner, request, (answer) => {
        const finalizeSeconds = (performance.now() - started) / 1000;
        metrics.phaseSeconds.observe({ phase: "finalize" }, finalizeSeconds);
        const { facts } = encodeBlockAnswer(answer);
        finished = blockReport(request, facts, finalizeSeconds);
        blockSeconds = Number(timestampNs(request.time)) / NS_PER_SECOND;
        countTxs(metrics, facts);
      });
    },
    async commit() {
      const started = performance.now();
      const answer = await inner.commit();
      const commitSeconds = (performance.now() - started) / 1000;
      if (finished !== undefined) {
        metrics.phaseSeconds.observe({ phase: "commit" }, commitSeconds);
        metrics.height.set(Number(finished.height));
        metrics.blockTime.set(blockSeconds);
        metrics.blockTxs.observe(finished.txs);
        report({ ...finished, commitSeconds });
      }
      return answer;
    },
    async query(request) {
      const { answer } = await observeQuery(metrics, request.path, async () => ({ answer: await inner.query(request) }));
      return answer;
    },
  };
}

function timedCall<T>(observe: (seconds: number) => void, call: () => T): T {
  const started = performance.now();
  const result = call();
  observe((performance.now() - started) / 1000);
  return result;
}

function blockReport(
  { height }: RequestFinalizeBlock,
  facts: readonly TxFacts[],
  finalizeSeconds: number,
): Omit<BlockReport, "commitSeconds"> {
  let failed = 0;
  let gasUsed = 0n;
  for (const result of facts) {
    if (result.code !== 0) failed++;
    gasUsed += result.gasUsed;
  }
  return { height, txs: facts.length, failed, gasUsed, finalizeSeconds };
}

/** Counts a block's transactions; labels are looked up once for all that ended alike. */
function countTxs(metrics: NodeMetrics, facts: readonly TxFacts[]): void {
  const ends = new Map<string, { readonly labels: { codespace: string; code: number }; count: number }>();
  let gasUsed = 0n;
  let gasWanted = 0n;
  for (const { codespace, code, gasUsed: used, gasWanted: wanted } of facts) {
    const name = `${codespace}/${code}`;
    const end = ends.get(name);
    if (end === undefined) ends.set(name, { labels: { codespace, code }, count: 1 });
    else end.count++;
    gasUsed += used;
    if (wanted > 0n) gasWanted += wanted;
  }
  for (const { labels, count } of ends.values()) metrics.txs.inc(labels, count);
  metrics.gasUsed.inc(Number(gasUsed));
  metrics.gasWanted.inc(Number(gasWanted));
}

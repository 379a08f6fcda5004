import { type RequestQuery, ResponseQuery } from "#proto/tendermint/abci/types";
import { GRPC_STATUS, QueryError } from "#sdk";
import { toQueryError } from "../runtime/abciErrors.ts";
import { silentLog } from "../runtime/ports.ts";
import type { QueryAnswer } from "../runtime/query/queryAnswer.ts";

/** A query that waits for its answer. */
export interface QueryJob {
  readonly request: RequestQuery;
  /** Type whose JSON is wanted instead of the value's bytes. */
  readonly show: string | undefined;
  done(answer: QueryAnswer): void;
  /** Ticks since it was asked, whether it waited or ran. */
  ticks: number;
}

/** Ticks of a deadline. It is counted so that time in which the chain's own thread was busy with a block is no query's fault. */
export const TICKS = 10;

/** Milliseconds of a tick. */
export function tickMs(deadlineMs: number): number {
  return Math.max(1, deadlineMs / TICKS);
}

/** Counts a tick. @returns whether the job is over its deadline; `"now"` when this tick has made it so */
export function tickJob(job: QueryJob): boolean | "now" {
  job.ticks += 1;
  return job.ticks === TICKS + 1 ? "now" : job.ticks > TICKS;
}

/** The answer to a query that is over its deadline. */
export function lateAnswer(deadlineMs: number, height: bigint): QueryAnswer {
  return failedAnswer(GRPC_STATUS.deadlineExceeded, `the query took longer than ${deadlineMs} ms`, height);
}

/** The answer to a query that no handler could answer. @param status gRPC status, as in `GRPC_STATUS` */
export function failedAnswer(status: number, text: string, height: bigint): QueryAnswer {
  const { codespace, code, log } = toQueryError(new QueryError(status, text), silentLog);
  return { answer: ResponseQuery.fromPartial({ codespace, code, log, height: height > 0n ? height : 1n }), shown: undefined };
}

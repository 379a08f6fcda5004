import { type RequestQuery, ResponseQuery } from "#proto/tendermint/abci/types";
import { QueryError } from "#sdk";
import { toQueryError } from "../runtime/abciErrors.ts";
import { silentLog } from "../runtime/ports.ts";
import type { QueryAnswer } from "../runtime/query/queryAnswer.ts";

/** A query that waits for its answer. */
export interface QueryJob {
  readonly request: RequestQuery;
  /** Type whose JSON is wanted instead of the value's bytes. */
  readonly show: string | undefined;
  done(answer: QueryAnswer): void;
}

/** The answer to a query that no handler could answer. @param status gRPC status, as in `GRPC_STATUS` */
export function failedAnswer(status: number, text: string, height: bigint): QueryAnswer {
  const { codespace, code, log } = toQueryError(new QueryError(status, text), silentLog);
  return { answer: ResponseQuery.fromPartial({ codespace, code, log, height: height > 0n ? height : 1n }), shown: undefined };
}

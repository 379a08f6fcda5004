import type { ResponseQuery } from "#proto/tendermint/abci/types";
import type { ShownJson } from "../../encoding/showJson.ts";

/** An ABCI answer, with its value as JSON where that was asked for. */
export interface QueryAnswer {
  readonly answer: ResponseQuery;
  /** Undefined for a failed query, and when nobody asked for it. */
  readonly shown: ShownJson | undefined;
}

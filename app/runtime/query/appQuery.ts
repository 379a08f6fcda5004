import { SimulationResponse } from "#proto/cosmos/base/abci/v1beta1/abci";
import type { RequestQuery } from "#proto/tendermint/abci/types";
import { sdkError } from "#sdk";
import { encodeUtf8 } from "../../encoding/bytes.ts";
import type { ChainHead } from "../chainHead.ts";
import { simulateTx } from "../checkTx.ts";
import type { TxMachine } from "../tx.ts";
import type { GenesisWire } from "../wire.ts";
import { type Answer, AnswerError, answerError } from "./answer.ts";
import { simulationResult } from "./simulation.ts";

/** What `/app` tells, and the machine that it simulates with. */
export interface AppInfo {
  readonly version: string;
  readonly tx: TxMachine;
}

/** What `/app` is answered from. */
export interface AppQueryEnv {
  readonly app: AppInfo;
  readonly head: ChainHead;
  readonly wire: GenesisWire;
  /** Most gas of one simulation, undefined for no limit. */
  readonly gasLimit?: bigint | undefined;
}

/** `/app/version` and `/app/simulate`. The codespace is `sdk` even on success. */
export function queryApp({ app, head, wire, gasLimit }: AppQueryEnv, path: readonly string[], { data }: RequestQuery): Answer {
  const command = path[1];
  if (command === undefined)
    throw answerError(sdkError.unknownRequest("expected second parameter to be either 'simulate' or 'version', neither was present"));
  if (command === "version") return { codespace: "sdk", value: encodeUtf8(app.version) };
  if (command !== "simulate") throw answerError(sdkError.unknownRequest(`unknown query: [${path.join(" ")}]`));
  const outcome = simulateTx(app.tx, head, data, gasLimit);
  if (outcome.error !== undefined)
    throw new AnswerError(outcome.error.codespace, outcome.error.code, `failed to simulate tx: ${outcome.error.log}`);
  const json = wire.toJson(SimulationResponse.$type, SimulationResponse.encode(simulationResult(outcome)).finish());
  return { codespace: "sdk", value: encodeUtf8(JSON.stringify(json)) };
}

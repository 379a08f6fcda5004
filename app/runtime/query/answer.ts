import type { ResponseQuery } from "#proto/tendermint/abci/types";
import type { ModuleError } from "#sdk";

/** An answer before it is filled up: what is left out is empty. */
export type Answer = Partial<ResponseQuery>;

/** A failure whose codespace and code stand already; errors of handlers are translated instead. */
export class AnswerError extends Error {
  readonly answer: { readonly codespace: string; readonly code: number; readonly log: string };

  constructor(codespace: string, code: number, log: string) {
    super(log);
    this.answer = { codespace, code, log };
  }
}

/** An {@link AnswerError} with one of the SDK's registered errors. */
export function answerError(error: ModuleError): AnswerError {
  return new AnswerError(error.codespace, error.code, error.message);
}

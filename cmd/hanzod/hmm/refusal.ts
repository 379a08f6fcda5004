import { HMM_ERRORS } from "../../../modules/hmm/errors.ts";
import { CliError, type Refusal } from "../../shared/cliError.ts";
import { RefusedQuery } from "../client/nodeClient.ts";

/** Name of an error of the market: `infeasible`. */
export type MarketErrorName = keyof typeof HMM_ERRORS;

/** Why the market refused a query. */
export interface MarketRefusal {
  /** Undefined when it was not the market that refused. */
  readonly name: MarketErrorName | undefined;
  /** The market's codespace and code, else those of the answer. */
  readonly refusal: Refusal;
  /** What was expected and what came, without the words that the transport adds. */
  readonly why: string;
}

const CODESPACE = "hmm";
const TRANSPORT = /^rpc error: code = \w+ desc = /;
const TRANSPORT_END = /: (?:invalid request|key not found|unknown request)$/;

/**
 * The market's own error behind a refused query. Queries answer with the codes that gRPC has in the SDK, so that the market's error is told by
 * its static text alone, which stands at the end.
 */
export function marketRefusal({ codespace, code, log }: Pick<RefusedQuery, "codespace" | "code" | "log">): MarketRefusal {
  const text = log.replace(TRANSPORT, "");
  const why = text === log ? log : text.replace(TRANSPORT_END, "");
  for (const [name, [marketCode, message]] of Object.entries(HMM_ERRORS)) {
    if (why === message || why.endsWith(`: ${message}`))
      return { name: name as MarketErrorName, refusal: { codespace: CODESPACE, code: marketCode }, why };
  }
  return { name: undefined, refusal: { codespace, code }, why };
}

/**
 * A handler for refused queries: tells what failed, with the market's codespace and code. Other failures pass through.
 * @param tell what failed and what to do, by the refusal
 */
export function refusedAs(tell: (refusal: MarketRefusal) => { readonly what: string; readonly next: string }): (thrown: unknown) => never {
  return (thrown) => {
    if (!(thrown instanceof RefusedQuery)) throw thrown;
    const found = marketRefusal(thrown);
    const { what, next } = tell(found);
    const { codespace, code } = found.refusal;
    throw new CliError(`${what}: codespace ${codespace} code ${code}`, { why: found.why, next, refusal: found.refusal, cause: thrown });
  };
}

import { CliError } from "../../shared/cliError.ts";
import { sumCoins } from "../request/coinsText.ts";
import type { TxDocument } from "./txFile.ts";

/**
 * One transaction with the messages of several, in their order; gas limits and fees add up, everything else is that of the first.
 * @throws CliError when one has signatures, or says something else than the first about note, timeout or who pays
 */
export function joinTxs(documents: readonly TxDocument[]): TxDocument {
  const [first] = documents;
  if (first === undefined) throw new CliError("there are no transactions to join");
  for (const [index, document] of documents.entries()) {
    if (document.signatures.length > 0)
      throw new CliError(`transaction ${index + 1} is signed`, { why: "a signature is for its own transaction alone" });
    if (termsOf(document) !== termsOf(first))
      throw new CliError(`transaction ${index + 1} cannot be joined with the first`, {
        why: "note, timeout, order and fee payer must be the same",
      });
  }
  const fees = documents.map(({ authInfo }) => authInfo.fee);
  const amount = [...sumCoins(fees.flatMap((fee) => fee?.amount ?? []))];
  const gasLimit = fees.reduce((sum, fee) => sum + (fee?.gasLimit ?? 0n), 0n);
  const { payer = "", granter = "" } = first.authInfo.fee ?? {};
  return {
    body: { ...first.body, messages: documents.flatMap(({ body }) => body.messages) },
    authInfo: { ...first.authInfo, fee: { amount, gasLimit, payer, granter } },
    signatures: [],
  };
}

function termsOf({ body, authInfo }: TxDocument): string {
  const { memo, timeoutHeight, unordered, timeoutTimestamp } = body;
  const { payer = "", granter = "" } = authInfo.fee ?? {};
  return [memo, timeoutHeight, unordered, timeoutTimestamp?.seconds, timeoutTimestamp?.nanos, payer, granter].join("|");
}

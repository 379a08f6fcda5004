import { CliError } from "../../shared/cliError.ts";
import type { Output } from "../../shared/output.ts";
import type { FoundTx, NodeClient, TxEvent } from "../client/nodeClient.ts";

const POLL_MS = 100;
const PATIENCE_MS = 60_000;
/** Events that every transaction has: shown in JSON alone. */
const USUAL: ReadonlySet<string> = new Set(["tx", "message", "coin_spent", "coin_received"]);

/** Waits until a transaction is in a block. @throws CliError when it is in none after a minute */
export async function waitForTx(client: NodeClient, hash: string, patienceMs = PATIENCE_MS): Promise<FoundTx> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await client.findTx(hash);
    if (found !== undefined) return found;
    if (performance.now() > deadline) {
      throw new CliError(`transaction ${hash} is in no block after ${patienceMs / 1000} seconds`, {
        why: "the chain makes no blocks, or the transaction was dropped",
        next: `hanzod q tx get-tx ${hash}`,
      });
    }
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}

/** Prints what became of a transaction. @throws CliError when it failed, after printing */
export function reportTx(output: Output, hash: string, tx: FoundTx): void {
  const shown = tx.events.filter(({ type }) => !USUAL.has(type));
  const lines = [
    `tx        ${hash}`,
    `height    ${tx.height}`,
    `code      ${tx.code}${tx.codespace === "" ? "" : ` (${tx.codespace})`}`,
    `gas       ${tx.gasUsed} used of ${tx.gasWanted}`,
    ...shown.map(formatEvent),
  ];
  output.result({ txhash: hash, ...tx }, lines.join("\n"));
  if (tx.code !== 0)
    throw new CliError(`the transaction failed: codespace ${tx.codespace} code ${tx.code}`, { why: tx.log, next: failureAdvice(tx) });
}

/** What may help against a transaction that was refused or failed. */
export function failureAdvice({ codespace, code }: { readonly codespace: string; readonly code: number }): string {
  if (codespace !== "sdk") return "mend the message and send it again";
  switch (code) {
    case 5:
      return "hanzod q bank balances ADDRESS shows what there is";
    case 11:
      return "raise the limit with --gas or --gas-adjustment";
    case 13:
      return "leave --fees out to pay what the node asks for";
    case 19:
      return "it is in the mempool already: wait for it";
    case 32:
      return "another transaction of the account was in between: send it again";
    default:
      return "mend the message and send it again";
  }
}

function formatEvent({ type, attributes }: TxEvent): string {
  const parts = attributes.filter(({ key }) => key !== "msg_index").map(({ key, value }) => `${key}=${value}`);
  return `event     ${type} ${parts.join(" ")}`;
}

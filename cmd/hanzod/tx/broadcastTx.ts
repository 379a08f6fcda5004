import { createHash } from "node:crypto";
import { CliError } from "../../shared/cliError.ts";
import type { Output } from "../../shared/output.ts";
import type { NodeClient } from "../client/nodeClient.ts";
import { failureAdvice, reportTx, waitForTx } from "./report.ts";

/** The name of a transaction: SHA-256 of its bytes, upper-case hexadecimal. */
function txHash(tx: Uint8Array): string {
  return createHash("sha256").update(tx).digest("hex").toUpperCase();
}

/** Hands a signed transaction to the mempool, waits for its block if told to, and prints what came of it. @throws CliError with codespace and code when it is refused or fails */
export async function broadcastTx(client: NodeClient, output: Output, tx: Uint8Array, wait: boolean): Promise<void> {
  const { code, codespace, log } = await client.broadcast(tx);
  if (code !== 0)
    throw new CliError(`the transaction was refused: codespace ${codespace} code ${code}`, {
      why: log,
      next: failureAdvice({ codespace, code }),
      refusal: { codespace, code },
    });
  const hash = txHash(tx);
  if (wait) reportTx(output, hash, await waitForTx(client, hash));
  else output.result({ txhash: hash, code: 0 }, `tx        ${hash}\nsent; it is in no block yet\n  next: hanzod q wait-tx ${hash}`);
}

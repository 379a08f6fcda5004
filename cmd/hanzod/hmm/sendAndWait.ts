import type { Any } from "#proto/google/protobuf/any";
import type { Output } from "../../shared/output.ts";
import type { FoundTx } from "../client/nodeClient.ts";
import type { SendOptions } from "../command/sendOptions.ts";
import { sendMessage, type TxScene } from "../tx/sendMessage.ts";

/** A transaction that is in a block and did what it should. */
export interface SentTx extends FoundTx {
  readonly txhash: string;
}

/**
 * Signs and sends one message and waits for its block; what came of it is left to the caller to print. With `--dry-run`, `--generate-only` and `--offline`
 * that is printed and nothing is sent.
 * @returns undefined when nothing was sent
 * @throws CliError with codespace and code when the chain refuses it
 */
export async function sendAndWait(scene: TxScene, message: Any, options: SendOptions): Promise<SentTx | undefined> {
  if (options.dryRun === true || options.generateOnly === true || options.offline === true) {
    await sendMessage(scene, message, options);
    return undefined;
  }
  let sent: SentTx | undefined;
  const output: Output = {
    ...scene.output,
    // What sendMessage reports after waiting: the hash together with the transaction.
    result: (data) => {
      sent = data as SentTx;
    },
  };
  await sendMessage({ ...scene, output }, message, { ...options, wait: true });
  return sent;
}

/** Attributes of a transaction's first event of a type; undefined when there is none. Values are texts, as the message's fields are. */
export function findEvent({ events }: Pick<FoundTx, "events">, type: string): ReadonlyMap<string, string> | undefined {
  const event = events.find((candidate) => candidate.type === type);
  return event === undefined ? undefined : new Map(event.attributes.map(({ key, value }) => [key, unquote(value)]));
}

/** Attributes of events are JSON: texts have quotes. */
export function unquote(value: string): string {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "string" ? parsed : value;
  } catch {
    return value;
  }
}

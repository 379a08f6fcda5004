import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { descriptors } from "../../../app/hanzo.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { readSmallFile } from "../../shared/smallFile.ts";
import { sendMessage } from "../tx/sendMessage.ts";
import { type SendOptions, sceneOf } from "./sendOptions.ts";

/**
 * Sends one message that is written as proto JSON.
 * @param typeName full name of the message
 * @param json makes the message of the sender's address
 * @throws CliError naming the field that does not fit, or saying why the chain refuses
 */
export async function sendJson(options: SendOptions, typeName: string, json: (sender: string) => object): Promise<void> {
  const scene = await sceneOf(options);
  await sendMessage(scene, { typeUrl: `/${typeName}`, value: messageBytes(typeName, json(scene.sender.address)) }, options);
}

function messageBytes(typeName: string, json: object): Uint8Array {
  try {
    return fromProtoJson(descriptors(), typeName, json);
  } catch (cause) {
    throw new CliError("the message cannot be built", { why: reasonOf(cause), cause });
  }
}

/** The JSON object in a file. @throws CliError when it is none */
export function readJsonFile(path: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(readSmallFile(path));
  } catch (cause) {
    throw new CliError(`cannot read ${path}`, { why: reasonOf(cause), cause });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new CliError(`${path} cannot be used`, { why: "a JSON object is expected" });
  return json as Readonly<Record<string, unknown>>;
}

import { descriptors } from "../../../app/descriptorImage.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
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

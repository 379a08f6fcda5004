import { encodeMessage, type MessageService } from "#sdk";
import { decodeMessage, type MessageDecoderParts } from "./decodedMessage.ts";

/** Reads and runs messages inside of messages, by the same tables as those of transactions. */
export function createMessageService(parts: MessageDecoderParts): MessageService {
  return {
    handles: (typeUrl) => parts.router.findMessage(typeUrl) !== undefined,
    read(packed) {
      const message = decodeMessage(packed, parts);
      const { method, value } = message;
      return {
        typeUrl: method.path,
        value,
        signers: () => message.signers(),
        execute(ctx) {
          method.check?.(value);
          const response = method.response.fromPartial(method.handle(ctx, value));
          return { typeUrl: `/${method.response.$type}`, value: encodeMessage(method.response, response) };
        },
      };
    },
  };
}

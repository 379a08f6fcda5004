import type { Descriptors } from "./descriptors.ts";

/** Interface of transaction messages: requests of services with `cosmos.msg.v1.service`. */
export const MSG_INTERFACE = "cosmos.base.v1beta1.Msg";

/** Which messages may stand inside an Any. */
export interface AnyTypes {
  /** Full name of the message that a type URL stands for, undefined when none is registered. */
  find(typeUrl: string): string | undefined;
  /** Whether a message may stand where an interface is wanted. */
  implements(typeName: string, interfaceName: string): boolean;
}

/**
 * Reads from the image what may be packed: requests of message services, and messages that name an interface
 * (`cosmos_proto.implements_interface`).
 * @param msgServices services whose requests count as transaction messages; all message services of the image when left out. A chain passes
 *   the ones it serves, so that a message nobody handles cannot be resolved.
 */
export function createAnyTypes(descriptors: Descriptors, msgServices?: Iterable<string>): AnyTypes {
  const interfaces = new Map<string, Set<string>>();
  const typeNames = new Map<string, string>();
  const add = (typeName: string, interfaceName: string): void => {
    typeNames.set(`/${typeName}`, typeName);
    const names = interfaces.get(typeName);
    if (names === undefined) interfaces.set(typeName, new Set([interfaceName]));
    else names.add(interfaceName);
  };
  for (const name of msgServices ?? descriptors.serviceNames) {
    const service = descriptors.getService(name);
    if (service.isMsgService) for (const method of service.methods) add(method.input, MSG_INTERFACE);
  }
  for (const typeName of descriptors.messageNames) {
    for (const interfaceName of descriptors.getMessage(typeName).implementsInterfaces) add(typeName, interfaceName);
  }
  return {
    find: (typeUrl) => typeNames.get(typeUrl),
    implements: (typeName, interfaceName) => interfaces.get(typeName)?.has(interfaceName) ?? false,
  };
}

import {
  ListAllInterfacesRequest,
  ListAllInterfacesResponse,
  ListImplementationsRequest,
  ListImplementationsResponse,
  ReflectionServiceDefinition,
} from "#proto/cosmos/base/reflection/v1beta1/reflection";
import type { Descriptors } from "../encoding/descriptors.ts";
import { ApiError, STATUS } from "./grpcStatus.ts";
import type { LocalMethod } from "./rpcCall.ts";

/** Interface of everything that a transaction may carry: requests of the message services. */
export const MESSAGE_INTERFACE = "cosmos.base.v1beta1.Msg";

/** cosmos.base.reflection.v1beta1.ReflectionService, read off the definitions; over gRPC only, as in the Cosmos SDK. */
export const INTERFACE_REFLECTION: string = ReflectionServiceDefinition.fullName;

/** Type URLs of what may stand for an interface by its name, both sorted. */
export type Implementations = ReadonlyMap<string, readonly string[]>;

/** Methods of {@link INTERFACE_REFLECTION} by path. */
export function interfaceReflection(implementations: Implementations): ReadonlyMap<string, LocalMethod> {
  return new Map([
    [
      `/${INTERFACE_REFLECTION}/ListAllInterfaces`,
      (request) => {
        decode(ListAllInterfacesRequest, request);
        return ListAllInterfacesResponse.encode({ interfaceNames: [...implementations.keys()] }).finish();
      },
    ],
    [
      `/${INTERFACE_REFLECTION}/ListImplementations`,
      (request) => {
        const { interfaceName } = decode(ListImplementationsRequest, request);
        if (interfaceName === "") throw new ApiError(STATUS.InvalidArgument, "invalid interface name");
        const implementationMessageNames = [...(implementations.get(interfaceName) ?? [])];
        return ListImplementationsResponse.encode({ implementationMessageNames }).finish();
      },
    ],
  ]);
}

/**
 * Reads off the definitions what may stand for which interface.
 * @param msgServices full names of the message services that the chain has; definitions may know more
 */
export function readImplementations(descriptors: Descriptors, msgServices: readonly string[]): Implementations {
  const found = new Map<string, Set<string>>();
  const add = (name: string, typeName: string): void => {
    found.set(name, (found.get(name) ?? new Set()).add(`/${typeName}`));
  };
  for (const typeName of descriptors.messageNames)
    for (const name of descriptors.getMessage(typeName).implementsInterfaces) add(name, typeName);
  for (const service of msgServices) for (const { input } of descriptors.getService(service).methods) add(MESSAGE_INTERFACE, input);
  return new Map([...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([name, types]) => [name, [...types].sort()]));
}

function decode<T>(codec: { decode(bytes: Uint8Array): T }, bytes: Uint8Array): T {
  try {
    return codec.decode(bytes);
  } catch {
    throw new ApiError(STATUS.InvalidArgument, "a protobuf request expected");
  }
}

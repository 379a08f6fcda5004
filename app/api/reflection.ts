import { ServerReflectionRequest, ServerReflectionResponse } from "#proto/grpc/reflection/v1/reflection";
import type { DefinitionFiles } from "./definitionFiles.ts";
import { STATUS } from "./grpcStatus.ts";

/** Both versions of the service; their messages are the same on the wire. */
export const REFLECTION_SERVICES: readonly string[] = ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"];

/** One conversation: it does not carry a file twice. */
export type ReflectionStream = (request: Uint8Array) => Uint8Array;

type Answer = Partial<ServerReflectionResponse>;

/**
 * gRPC server reflection: begins a conversation, which takes a ServerReflectionRequest and gives a ServerReflectionResponse.
 * @param services full names of all services that the server has
 * @throws RangeError, Error from the conversation for bytes that are no request
 */
export function createReflection(files: DefinitionFiles, services: readonly string[]): () => ReflectionStream {
  const listServicesResponse = { service: services.toSorted().map((name) => ({ name })) };
  return () => {
    const sent = new Set<string>();
    const carry = (path: string | undefined, missing: string): Answer => {
      const closure = path === undefined ? undefined : files.closureOf(path);
      if (closure === undefined) return notFound(missing);
      // The file that was asked for comes in any case.
      const fresh = closure.filter((file, index) => index === 0 || !sent.has(file));
      for (const file of fresh) sent.add(file);
      return { fileDescriptorResponse: { fileDescriptorProto: fresh.map((file) => files.bytesOf(file)) } };
    };
    return (bytes) => {
      const originalRequest = ServerReflectionRequest.decode(bytes);
      const found = answer(files, originalRequest, listServicesResponse, carry);
      const response = ServerReflectionResponse.fromPartial({ validHost: originalRequest.host, originalRequest, ...found });
      return ServerReflectionResponse.encode(response).finish();
    };
  };
}

function answer(
  files: DefinitionFiles,
  request: ServerReflectionRequest,
  listServicesResponse: { readonly service: { readonly name: string }[] },
  carry: (path: string | undefined, missing: string) => Answer,
): Answer {
  const { fileByFilename: path, fileContainingSymbol: symbol, fileContainingExtension: extension } = request;
  if (path !== undefined) return carry(path, `file ${JSON.stringify(path)}`);
  if (symbol !== undefined) return carry(files.findSymbol(symbol), `symbol ${JSON.stringify(symbol)}`);
  if (extension !== undefined) {
    const { containingType, extensionNumber } = extension;
    return carry(files.extensionsOf(containingType)?.get(extensionNumber), `extension ${extensionNumber} of ${containingType}`);
  }
  const { allExtensionNumbersOfType: baseTypeName } = request;
  if (baseTypeName !== undefined) {
    const numbers = files.extensionsOf(baseTypeName);
    if (numbers === undefined) return notFound(`message ${JSON.stringify(baseTypeName)}`);
    return { allExtensionNumbersResponse: { baseTypeName, extensionNumber: [...numbers.keys()] } };
  }
  if (request.listServices !== undefined) return { listServicesResponse };
  return { errorResponse: { errorCode: STATUS.InvalidArgument, errorMessage: "a question expected, got none" } };
}

function notFound(what: string): Answer {
  return { errorResponse: { errorCode: STATUS.NotFound, errorMessage: `${what.slice(0, 256)} not found` } };
}

import type { Descriptors } from "../encoding/descriptors.ts";
import { EncodingError } from "../encoding/encodingError.ts";
import { fromProtoJson } from "../encoding/protoJsonParse.ts";
import { ApiError, STATUS } from "./grpcStatus.ts";
import { MAX_PARAMETERS } from "./limits.ts";
import { addPathFields, addQueryFields, type RequestJson } from "./requestJson.ts";
import type { Match } from "./routes.ts";

/**
 * Request bytes from path, query and body; what the path binds wins over the body.
 * @param search the query without its question mark
 * @param body bytes of the body, anything else for none
 * @throws ApiError InvalidArgument
 */
export function readRequest(descriptors: Descriptors, { route, fields }: Match, search: string, body: unknown): Uint8Array {
  const { input } = route.method;
  const request = route.body === "" ? {} : readBody(route.body, body);
  if (route.body === "") addQueryFields(descriptors, input, request, readParameters(search), new Set(fields.keys()));
  addPathFields(descriptors, input, request, fields);
  try {
    return fromProtoJson(descriptors, input, request, { unknown: "ignore" });
  } catch (thrown) {
    if (!(thrown instanceof EncodingError)) throw thrown;
    throw new ApiError(STATUS.InvalidArgument, thrown.detail);
  }
}

function readParameters(search: string): URLSearchParams {
  const parameters = new URLSearchParams(search);
  if (parameters.size > MAX_PARAMETERS)
    throw new ApiError(STATUS.InvalidArgument, `at most ${MAX_PARAMETERS} query parameters expected, got ${parameters.size}`);
  return parameters;
}

function readBody(field: string, body: unknown): RequestJson {
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : "";
  const json = text.trim() === "" ? {} : parseJson(text);
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new ApiError(STATUS.InvalidArgument, "a JSON object expected as body");
  return field === "*" ? { ...json } : { [field]: json };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new ApiError(STATUS.InvalidArgument, `a JSON body expected: ${thrown instanceof SyntaxError ? thrown.message : "not JSON"}`);
  }
}

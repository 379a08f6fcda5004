import type { QueryClient } from "@cosmjs/stargate";

/** What queries are asked through: cosmjs' query client, or anything else that answers ABCI queries by their path. */
export type AbciQuerier = Pick<QueryClient, "queryAbci">;

/** A method as generated code describes it. */
export interface Method<Request, Response> {
  readonly name: string;
  readonly requestType: { encode(request: Request): { finish(): Uint8Array }; fromPartial(partial: Partial<Request>): Request };
  readonly responseType: { decode(bytes: Uint8Array): Response };
}

/**
 * Asks a method of a service.
 * @param service full name, `hanzo.hmm.v1.Query`
 * @param request fields that are left out have their defaults
 * @throws what the querier throws when the node refuses or does not answer
 */
export async function askMethod<Request, Response>(
  base: AbciQuerier,
  service: string,
  { name, requestType, responseType }: Method<Request, Response>,
  request: Partial<Request>,
): Promise<Response> {
  const data = requestType.encode(requestType.fromPartial(request)).finish();
  return responseType.decode((await base.queryAbci(`/${service}/${name}`, data)).value);
}

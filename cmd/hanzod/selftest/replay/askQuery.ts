import { RequestQuery } from "#proto/tendermint/abci/types";
import { descriptors } from "../../../../app/descriptorImage.ts";
import { type JsonValue, toProtoJson } from "../../../../app/encoding/protoJson.ts";
import { fromProtoJson } from "../../../../app/encoding/protoJsonParse.ts";
import type { App } from "../../../../app/runtime/app.ts";

/** An answer as JSON. */
export type Answer = Readonly<Record<string, JsonValue>>;

/** The state machine has no module of that name, so there is nobody to ask. */
export class AbsentModule extends Error {}

/**
 * Asks a module's Query service on the last committed state.
 * @param service such as `cosmos.bank.v1beta1.Query`
 * @param request as JSON
 * @throws AbsentModule when the service is not here; Error with the text of a query that fails
 */
export async function askQuery(app: App, service: string, method: string, request: object = {}): Promise<Answer> {
  const image = descriptors();
  const isServed = app.modules.some(({ queries }) => queries.some(({ path }) => path.startsWith(`/${service}/`)));
  const found = isServed ? image.findService(service)?.methods.find(({ name }) => name === method) : undefined;
  if (found === undefined) throw new AbsentModule(service);
  const data = fromProtoJson(image, found.input, request);
  const { code, log, value } = await app.query(RequestQuery.fromPartial({ path: `/${service}/${method}`, data }));
  if (code !== 0) throw new Error(`${method} ${JSON.stringify(request)}: ${log}`);
  return toProtoJson(image, found.output, value) as Answer;
}

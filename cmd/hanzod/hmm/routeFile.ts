import { readFileSync, writeFileSync } from "node:fs";
import { QuoteBundleRequest, QuoteBundleResponse } from "#proto/hanzo/hmm/v1/route";
import { Bundle } from "#proto/hanzo/hmm/v1/types";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { toJson } from "../../shared/output.ts";

/** A route as it is kept between quoting and buying. */
export interface SavedRoute {
  readonly chainId: string;
  readonly bundle: Bundle;
  readonly route: QuoteBundleResponse;
}

const FORMAT = "hanzo/route/v1";

/** Writes a route. @throws CliError when the file cannot be written */
export function saveRoute(path: string, { chainId, bundle, route }: SavedRoute): void {
  const json = {
    format: FORMAT,
    chain_id: chainId,
    request: toProtoJson(
      descriptors(),
      QuoteBundleRequest.$type,
      QuoteBundleRequest.encode(QuoteBundleRequest.fromPartial({ bundle })).finish(),
    ),
    route: toProtoJson(descriptors(), QuoteBundleResponse.$type, QuoteBundleResponse.encode(route).finish()),
  };
  try {
    writeFileSync(path, `${toJson(json)}\n`);
  } catch (cause) {
    throw new CliError(`the route cannot be saved to ${path}`, {
      why: reasonOf(cause),
      next: "--save FILE in a folder you can write to",
      cause,
    });
  }
}

/** Reads a route. @throws CliError when the file is none */
export function loadRoute(path: string): SavedRoute {
  try {
    const json = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
    if (json["format"] !== FORMAT) throw new CliError(`format "${FORMAT}" is expected, got ${JSON.stringify(json["format"])}`);
    const request = QuoteBundleRequest.decode(fromProtoJson(descriptors(), QuoteBundleRequest.$type, json["request"]));
    const route = QuoteBundleResponse.decode(fromProtoJson(descriptors(), QuoteBundleResponse.$type, json["route"]));
    if (route.legs.length === 0) throw new CliError("at least one leg is expected, got none");
    return { chainId: String(json["chain_id"]), bundle: request.bundle ?? Bundle.fromPartial({}), route };
  } catch (cause) {
    throw new CliError(`${path} is no saved route`, {
      why: reasonOf(cause),
      next: "hanzod hmm route … --save route.json makes one",
      cause,
    });
  }
}

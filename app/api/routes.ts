import type { MethodDescriptor } from "../encoding/descriptorModel.ts";
import type { Descriptors } from "../encoding/descriptors.ts";
import { ApiError, STATUS } from "./grpcStatus.ts";

/** A REST route read off a method's `google.api.http` rule. */
export interface Route {
  readonly verb: string;
  /** Path template as written in the .proto file. */
  readonly template: string;
  /** ABCI query path: `/cosmos.bank.v1beta1.Query/Balance`. */
  readonly path: string;
  readonly method: MethodDescriptor;
  /** Request field taken from the body, `*` for the whole request, empty for none. */
  readonly body: string;
  readonly segments: readonly Segment[];
}

/** A part of a template: fixed text, one bound segment, or the rest of the path. */
type Segment = { readonly kind: "text"; readonly text: string } | { readonly kind: "field" | "rest"; readonly field: string };

/** A request's route and the fields that its path binds, by proto name. */
export interface Match {
  readonly route: Route;
  readonly fields: ReadonlyMap<string, string>;
}

/** Reads the routes of services, in the order of their methods. */
export function readRoutes(descriptors: Descriptors, services: readonly string[]): readonly Route[] {
  return services.flatMap((service) =>
    descriptors.getService(service).methods.flatMap((method) =>
      method.http.map((rule) => ({
        verb: rule.verb,
        template: rule.path,
        path: `/${service}/${method.name}`,
        method,
        body: rule.body,
        segments: rule.path.split("/").slice(1).map(parseSegment),
      })),
    ),
  );
}

function parseSegment(text: string): Segment {
  const bound = /^\{([a-z0-9_.]+)(=\*\*)?\}$/.exec(text);
  if (bound === null) return { kind: "text", text };
  return { kind: bound[2] === undefined ? "field" : "rest", field: bound[1] ?? "" };
}

/**
 * Finds the route of a request path (without query). The first declared route that fits wins, as in
 * the SDK's gateway: `blocks/latest` before `blocks/{height}`. Percent escapes are read before the path is divided, so an escaped slash divides, too.
 * Repeated slashes at the beginning count once, a trailing slash leaves an empty last segment.
 * @throws ApiError InvalidArgument on broken percent escapes
 */
export function findRoute(routes: readonly Route[], verb: string, path: string): Match | undefined {
  const parts = decodePath(path).replace(/^\/+/, "").split("/");
  for (const route of routes) {
    if (route.verb !== verb) continue;
    const fields = matchSegments(route.segments, parts);
    if (fields !== undefined) return { route, fields };
  }
  return undefined;
}

function matchSegments(segments: readonly Segment[], parts: readonly string[]): ReadonlyMap<string, string> | undefined {
  const last = segments.at(-1);
  if (last?.kind === "rest" ? parts.length < segments.length : parts.length !== segments.length) return undefined;
  if (!segments.every((segment, index) => segment.kind !== "text" || segment.text === parts[index])) return undefined;
  const fields = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === "field") fields.set(segment.field, parts[index] ?? "");
    if (segment.kind === "rest") fields.set(segment.field, parts.slice(index).join("/"));
  }
  return fields;
}

function decodePath(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new ApiError(STATUS.InvalidArgument, "a path with valid percent escapes expected");
  }
}

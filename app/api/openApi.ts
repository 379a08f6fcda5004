import type { FieldDescriptor } from "../encoding/descriptorModel.ts";
import type { Descriptors } from "../encoding/descriptors.ts";
import { HEIGHT_HEADER } from "./blockHeight.ts";
import { MAX_FIELD_DEPTH } from "./limits.ts";
import { createSchemaSet, ERROR_SCHEMA, type Schema, type SchemaSet, withNotes } from "./openApiSchemas.ts";
import { type Route, readRoutes } from "./routes.ts";

/** What a document is about. */
export interface OpenApiOptions {
  /** With comments, which become descriptions. */
  readonly descriptors: Descriptors;
  /** Full names of the services that REST shows. */
  readonly services: readonly string[];
  readonly title: string;
  readonly version: string;
}

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = Readonly<Record<string, unknown>> & { readonly paths: Readonly<Record<string, Schema>> };

const HEIGHT_PARAMETER = "height";

/** Describes the REST API: paths, parameters, bodies and schemas are read off the same rules that REST answers by. */
export function createOpenApi({ descriptors, services, title, version }: OpenApiOptions): OpenApiDocument {
  const schemas = createSchemaSet(descriptors);
  const paths: Record<string, Record<string, Schema>> = {};
  const shapes = new Set<string>();
  for (const service of services)
    for (const [index, route] of readRoutes(descriptors, [service]).entries()) {
      // REST takes the first route that fits: one that differs in the names of its fields only is never reached.
      const shape = `${route.verb} ${route.template.replace(/\{[^}]*\}/g, "{}")}`;
      if (shapes.has(shape)) continue;
      shapes.add(shape);
      const path = route.template.replaceAll("=**}", "}");
      paths[path] = { ...paths[path], [route.verb.toLowerCase()]: operationOf(descriptors, schemas, service, route, index) };
    }
  return {
    openapi: "3.1.0",
    info: {
      title,
      version,
      description:
        "Whole numbers of 64 bits are text. Unknown parameters are ignored. Status 400 is a caller's mistake, 404 a thing that is not there, 501 a method that is not served.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    tags: services.map((name) => withNotes({ name }, descriptors.getService(name).comment, false)),
    paths,
    components: {
      schemas: schemas.all(),
      parameters: {
        [HEIGHT_PARAMETER]: {
          name: HEIGHT_HEADER,
          in: "header",
          description: "height whose state is read; the last one unless given",
          schema: { type: "string", pattern: "^[0-9]+$" },
        },
      },
      responses: {
        [ERROR_SCHEMA]: {
          description: "There is no answer.",
          content: { "application/json": { schema: { $ref: `#/components/schemas/${ERROR_SCHEMA}` } } },
        },
      },
    },
  };
}

function operationOf(descriptors: Descriptors, schemas: SchemaSet, service: string, route: Route, index: number): Schema {
  const { method, body } = route;
  const bound = route.segments.flatMap((segment) => (segment.kind === "text" ? [] : [segment.field]));
  const inPath = bound.map((path) => pathParameter(descriptors, schemas, method.input, path));
  const inQuery = body === "" ? queryParameters(descriptors, schemas, method.input, new Set(bound)) : [];
  const operation = {
    tags: [service],
    summary: method.name,
    operationId: `${service}.${method.name}.${index}`.replace(/[^A-Za-z0-9]/g, "_"),
    parameters: [...inPath, ...inQuery, { $ref: `#/components/parameters/${HEIGHT_PARAMETER}` }],
    ...(body === "" ? {} : { requestBody: requestBody(descriptors, schemas, method.input, body) }),
    responses: {
      200: {
        description: "The answer.",
        headers: { [HEIGHT_HEADER]: { description: "height that was read", schema: { type: "string" } } },
        content: { "application/json": { schema: schemas.message(method.output) } },
      },
      default: { $ref: `#/components/responses/${ERROR_SCHEMA}` },
    },
  };
  return withNotes(operation, method.comment, method.deprecated);
}

function requestBody(descriptors: Descriptors, schemas: SchemaSet, typeName: string, body: string): Schema {
  const field = body === "*" ? undefined : descriptors.getMessage(typeName).findFieldByName(body);
  const schema =
    field === undefined ? schemas.message(typeName) : field.kind === "message" ? schemas.message(field.typeName) : schemas.scalar(field);
  return { required: true, content: { "application/json": { schema } } };
}

function pathParameter(descriptors: Descriptors, schemas: SchemaSet, typeName: string, path: string): Schema {
  const field = fieldAt(descriptors, typeName, path.split("."));
  const parameter = { name: path, in: "path", required: true, schema: field === undefined ? { type: "string" } : schemas.scalar(field) };
  return withNotes(parameter, field?.comment ?? "", false);
}

function fieldAt(descriptors: Descriptors, typeName: string, [head = "", ...rest]: readonly string[]): FieldDescriptor | undefined {
  const field = descriptors.getMessage(typeName).findFieldByName(head);
  return field === undefined || rest.length === 0 ? field : fieldAt(descriptors, field.typeName, rest);
}

/** Every field that a query can set: scalars, lists of them, and those inside of messages by their path. */
function queryParameters(
  descriptors: Descriptors,
  schemas: SchemaSet,
  typeName: string,
  bound: ReadonlySet<string>,
  around: readonly FieldDescriptor[] = [],
): readonly Schema[] {
  return descriptors.getMessage(typeName).fields.flatMap((field) => {
    const path = [...around, field];
    const name = path.map((part) => part.name).join(".");
    if (bound.has(name) || field.map) return [];
    if (field.kind === "message") {
      const isClosed = field.repeated || path.length >= MAX_FIELD_DEPTH || field.typeName.startsWith("google.protobuf.");
      const isRound = around.some((part) => part.typeName === field.typeName);
      return isClosed || isRound ? [] : queryParameters(descriptors, schemas, field.typeName, bound, path);
    }
    const one = schemas.scalar(field);
    const schema = field.repeated ? { type: "array", items: one } : one;
    return [withNotes({ name, in: "query", schema }, field.comment, field.options.deprecated)];
  });
}

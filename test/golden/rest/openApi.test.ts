import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { createOpenApi } from "../../../app/api/openApi.ts";
import { findRoute, readRoutes } from "../../../app/api/routes.ts";
import { descriptors, documentedDescriptors } from "../../../app/descriptorImage.ts";
import { hanzoServices } from "../../../app/hanzoServices.ts";
import { recording } from "../../harness/recordedCases.ts";

interface Operation {
  readonly description?: string;
  readonly operationId: string;
  readonly parameters: readonly { readonly name?: string; readonly in?: string }[];
  readonly requestBody?: unknown;
  readonly responses: {
    readonly 200: { readonly content: { readonly "application/json": { readonly schema: { readonly $ref: string } } } };
  };
}

const document = createOpenApi({ descriptors: documentedDescriptors(), services: hanzoServices, title: "Hanzo", version: "0" });
const json = JSON.parse(JSON.stringify(document)) as {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: object;
};
const operations = Object.entries(json.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).map(([verb, operation]) => ({ path, verb, operation })),
);

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(json));
    assert.ok(valid, JSON.stringify(errors));
  });

  it("has every route that REST answers, and each operation its own name", () => {
    const routes = readRoutes(descriptors(), hanzoServices);
    const missing = routes.filter(({ verb, template }) => json.paths[template.replaceAll("=**}", "}")]?.[verb.toLowerCase()] === undefined);
    // Never reached: `bech32/{address_bytes}` takes its path.
    assert.deepEqual(
      missing.map(({ template }) => template),
      ["/cosmos/auth/v1beta1/bech32/{address_string}"],
    );
    assert.equal(operations.length, routes.length - missing.length);
    assert.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length);
  });

  it("has every part of a path as a parameter, and no path in two spellings", () => {
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      assert.deepEqual(
        operation.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name),
        named,
        path,
      );
    }
    const shapes = Object.keys(json.paths).map((path) => path.replace(/\{[^}]+\}/g, "{}"));
    assert.equal(new Set(shapes).size, shapes.length);
  });

  it("has pages and filters as query parameters, bodies for what is posted, and the comments of the .proto files", () => {
    const namesOf = (path: string): readonly (string | undefined)[] =>
      (json.paths[path]?.["get"]?.parameters ?? []).filter((parameter) => parameter.in === "query").map(({ name }) => name);
    assert.deepEqual(namesOf("/cosmos/bank/v1beta1/supply"), [
      "pagination.key",
      "pagination.offset",
      "pagination.limit",
      "pagination.count_total",
      "pagination.reverse",
    ]);
    assert.ok(namesOf("/cosmos/tx/v1beta1/txs").includes("order_by"));
    for (const { path, verb, operation } of operations) assert.equal(operation.requestBody !== undefined, verb === "post", path);
    assert.notEqual(json.paths["/hanzo/hmm/v1/pools"]?.["get"]?.description ?? "", "");
  });
});

describe("recorded answers of a Cosmos SDK chain fit the schemas", () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ ...json, $id: "api" });
  const routes = readRoutes(descriptors(), hanzoServices);
  let compared = 0;
  for (const { method, path, status, body, note = "" } of recording.rest?.requests ?? []) {
    const match = findRoute(routes, method, path.split("?", 1)[0] ?? "");
    // What was found by searches was shortened when it was recorded.
    const isCut = path.startsWith("/cosmos/tx/v1beta1/txs?") && status === 200;
    if (match === undefined || isCut) continue;
    const { template, verb } = match.route;
    compared += 1;
    it(`${method} ${path} ${note} is ${status}`, () => {
      const schema =
        json.paths[template.replaceAll("=**}", "}")]?.[verb.toLowerCase()]?.responses[200].content["application/json"].schema.$ref;
      const validate = ajv.compile({ $ref: `api${status === 200 ? schema : "#/components/schemas/Error"}` });
      assert.ok(validate(body), ajv.errorsText(validate.errors));
    });
  }
  it("for many requests", () => assert.ok(compared > 150, `${compared}`));
  it("and something else does not", () => {
    const validate = ajv.compile({ $ref: "api#/components/schemas/cosmos.bank.v1beta1.QueryBalanceResponse" });
    assert.equal(validate({ balance: { denom: "stake", amount: 5 } }), false);
  });
});

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { FastifyInstance } from "fastify";
import { createRestServer } from "../../../app/api/rest.ts";
import { readRoutes } from "../../../app/api/routes.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { hanzoModules } from "../../../app/hanzo.ts";
import { hanzoServices } from "../../../app/hanzoServices.ts";
import { TEST_FACTS } from "../../harness/chainFacts.ts";
import { createTestChain } from "../../harness/testChain.ts";

let server: FastifyInstance;
before(async () => {
  const chain = await createTestChain();
  await chain.deliver();
  server = await createRestServer({
    descriptors: descriptors(),
    services: hanzoServices,
    query: chain.app.query,
    allowAnyOrigin: false,
    chain: TEST_FACTS,
  });
});
after(() => server.close());

/** Needs a consensus engine, or something in the request. */
const OTHERWISE: Readonly<Record<string, number>> = {
  "/cosmos/base/tendermint/v1beta1/node_info": 501,
  "/cosmos/base/tendermint/v1beta1/syncing": 501,
  "/cosmos/base/tendermint/v1beta1/blocks/latest": 501,
  "/cosmos/base/tendermint/v1beta1/validatorsets/latest": 501,
  "/cosmos/base/tendermint/v1beta1/abci_query": 400,
  "/cosmos/tx/v1beta1/txs": 400,
  "/cosmos/bank/v1beta1/supply/by_denom": 400,
  "/cosmos/bank/v1beta1/denoms_metadata_by_query_string": 400,
  "/cosmos/bank/v1beta1/denom_owners_by_query": 400,
  "/cosmos/params/v1beta1/params": 400,
  "/cosmos/authz/v1beta1/grants": 400,
  "/hanzo/experience/v1/entry_by_root": 404,
};

describe("the services of this chain are served over REST", () => {
  it("every module's queries are among them, once", () => {
    for (const { name, spec } of hanzoModules)
      if (spec.queries !== undefined)
        assert.ok(
          hanzoServices.some((service) => service.includes(`.${name}.`)),
          name,
        );
    assert.equal(new Set(hanzoServices).size, hanzoServices.length);
    for (const service of hanzoServices) assert.equal(descriptors().getService(service).isMsgService, false, service);
  });

  const plain = readRoutes(descriptors(), hanzoServices).filter(({ verb, template }) => verb === "GET" && !template.includes("{"));
  for (const { template } of plain) {
    it(`${template} is ${OTHERWISE[template] ?? 200}`, async () => {
      const { statusCode, body } = await server.inject(template);
      assert.equal(statusCode, OTHERWISE[template] ?? 200, body);
    });
  }
});

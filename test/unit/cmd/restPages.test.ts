import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { HttpPages } from "../../../app/api/httpPage.ts";
import { restStarter } from "../../../cmd/hanzod/app/restStarter.ts";
import { readAppConfig } from "../../../cmd/hanzod/config/appConfig.ts";
import { ResponseQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { type ChainHome, createChainHome } from "../../e2e/harness/chainHome.ts";

const NOT_SERVED = '{"code":12,"message":"Not Implemented","details":[]}';
const PROBES: HttpPages = new Map(
  ["/healthz", "/metrics"].map((path) => [path, async () => ({ status: 200, contentType: "text/plain", body: "ok" })]),
);
const homes: ChainHome[] = [];
after(() => Promise.all(homes.map((home) => home.remove())));

/** Runs `work` against the REST port of a home with these settings; nothing stands behind it. */
async function withRest(
  settings: Readonly<Record<string, string>>,
  probes: HttpPages,
  work: (rest: string) => Promise<void>,
): Promise<void> {
  const chain = await createChainHome();
  homes.push(chain);
  const config = readAppConfig(chain.home, { environment: {}, flags: settings });
  const app = { query: async () => ResponseQuery.fromPartial({ height: 1n }) };
  const running = await restStarter(chain.home, config, () => ({ app, queries: undefined, chainId: "" }), probes).start({
    abci: "",
    rpc: chain.rpc,
    p2p: "",
  });
  try {
    await work(chain.rest);
  } finally {
    await running.stop();
  }
}
const statusOf = async (url: string): Promise<number> => {
  const answer = await fetch(url, { redirect: "manual" });
  await answer.arrayBuffer();
  return answer.status;
};
const linksOf = async (rest: string): Promise<string[]> =>
  ((await (await fetch(`${rest}/home/links.json`)).json()) as { readonly href: string }[]).map(({ href }) => href);

describe("pages on the REST port", () => {
  it("of a local chain are its own, the API's and the wallet's; only the wallet may call other nodes", async () => {
    await withRest({}, PROBES, async (rest) => {
      assert.deepEqual(await linksOf(rest), ["/swagger/", "/openapi.json", "/wallet/", "/healthz?verbose", "/metrics"]);
      for (const [path, calls] of [
        ["/", "'self'"],
        ["/swagger/", "'self'"],
        ["/wallet/", "*"],
      ] as const) {
        const answer = await fetch(rest + path);
        assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "text/html; charset=utf-8"], path);
        assert.equal(
          answer.headers.get("content-security-policy"),
          `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src ${calls}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
        );
        // What the policy would stop, and what another origin would have to serve.
        assert.doesNotMatch(await answer.text(), /<style|<script>|\sstyle=|\son\w+=|https?:/);
      }
      assert.equal(await statusOf(`${rest}/swagger`), 308);
      for (const path of ["/swagger/api.js", "/swagger/swagger-ui-bundle.js", "/swagger/swagger-ui.css", "/home/home.js", "/openapi.json"])
        assert.equal(await statusOf(rest + path), 200, path);
    });
  });

  it("of another chain have no wallet, and link to probes only where those stand on this port", async () => {
    await withRest({ "api.enabled-unsafe-cors": "false" }, new Map(), async (rest) => {
      assert.deepEqual(await linksOf(rest), ["/swagger/", "/openapi.json"]);
      assert.equal(await statusOf(`${rest}/wallet/`), 501);
    });
  });

  it("have no page of the API with api.swagger = false, as in the Cosmos SDK", async () => {
    await withRest({ "api.swagger": "false" }, PROBES, async (rest) => {
      for (const path of ["/swagger/", "/swagger", "/swagger/swagger-ui-bundle.js"]) {
        const answer = await fetch(rest + path, { redirect: "manual" });
        assert.deepEqual([answer.status, await answer.text()], [501, NOT_SERVED], path);
      }
      assert.ok(!(await linksOf(rest)).includes("/swagger/"));
      assert.equal(await statusOf(`${rest}/openapi.json`), 200);
    });
  });
});

it("the pages ask nobody but the node that serves them, also inside Swagger UI", async () => {
  await withRest({}, new Map(), async (rest) => {
    const start = await (await fetch(`${rest}/swagger/api.js`)).text();
    assert.match(start, /validatorUrl:null/);
    assert.doesNotMatch(await (await fetch(`${rest}/swagger/swagger-ui-bundle.js`)).text(), /scarf\.sh|google-analytics|googletagmanager/);
    assert.doesNotMatch(await (await fetch(`${rest}/swagger/swagger-ui.css`)).text(), /@import|url\(["']?https?:/);
  });
});

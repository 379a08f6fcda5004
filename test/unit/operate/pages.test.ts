// Pages beside the protocol: on the REST port and on an address of their own.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { HttpPages } from "../../../app/api/httpPage.ts";
import { startPageServer } from "../../../app/api/pageServer.ts";
import { createRestServer } from "../../../app/api/rest.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { hanzoServices } from "../../../app/hanzoServices.ts";
import { shareRecent } from "../../../cmd/hanzod/health/shareRecent.ts";
import { findFreePort } from "../../../cmd/hanzod/node/ports.ts";
import { TEST_FACTS } from "../../harness/chainFacts.ts";

const pages: HttpPages = new Map([
  [
    "/page",
    async (search: URLSearchParams) => ({ status: 203, contentType: "text/x-test", body: `it is ${search.get("a") ?? "nothing"}\n` }),
  ],
  [
    "/defect",
    async () => {
      throw new Error("a secret");
    },
  ],
]);

for (const kind of ["REST", "page"] as const)
  describe(`the ${kind} server`, () => {
    let base: string;
    let stop: () => Promise<void>;
    before(async () => {
      if (kind === "REST") {
        const server = await createRestServer({
          descriptors: descriptors(),
          services: hanzoServices,
          allowAnyOrigin: false,
          probes: pages,
          chain: TEST_FACTS,
          query: async () => assert.fail("no query was asked"),
        });
        base = await server.listen({ host: "127.0.0.1", port: 0 });
        stop = () => server.close();
      } else {
        const port = await findFreePort();
        const server = await startPageServer(pages, { host: "127.0.0.1", port });
        base = `http://127.0.0.1:${port}`;
        stop = server.stop;
      }
    });
    after(() => stop());

    it("answers GET of a page, with what stands behind the question mark", async () => {
      for (const [search, text] of [
        ["", "it is nothing\n"],
        ["?a=1%202", "it is 1 2\n"],
        ["?a=%zz", "it is %zz\n"],
      ] as const) {
        const answer = await fetch(`${base}/page${search}`);
        assert.deepEqual([answer.status, answer.headers.get("content-type"), await answer.text()], [203, "text/x-test", text]);
      }
    });

    it("refuses other methods and other paths", async () => {
      const [wrongMethod, wrongPath] = kind === "REST" ? [501, 501] : [405, 404];
      assert.equal((await fetch(`${base}/page`, { method: "POST" })).status, wrongMethod);
      assert.equal((await fetch(`${base}/page/`)).status, wrongPath);
      assert.equal((await fetch(`${base}/pag`)).status, wrongPath);
    });

    it("tells nothing of a defect but that there was one", async () => {
      const answer = await fetch(`${base}/defect`);
      assert.equal(answer.status, 500);
      assert.ok(!(await answer.text()).includes("secret"));
    });
  });

it("an address that is taken is an error of the start", async () => {
  const port = await findFreePort();
  const first = await startPageServer(pages, { host: "127.0.0.1", port });
  await assert.rejects(startPageServer(pages, { host: "127.0.0.1", port }), /EADDRINUSE/);
  await first.stop();
});

it("a shared answer holds for its time and is then made anew", async () => {
  let runs = 0;
  const never = shareRecent(3_600_000, async () => ++runs);
  assert.deepEqual(await Promise.all([never(), never(), never()]), [1, 1, 1]);
  const always = shareRecent(-1, async () => ++runs);
  assert.deepEqual([await always(), await always()], [2, 3]);
});

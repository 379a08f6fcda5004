import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startAbciServer } from "../../../app/abci/server.ts";
import type { Application } from "../../../app/runtime/application.ts";
import { connectClient } from "./client.ts";
import { fakeApplication } from "./fakeApplication.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "abci-"));
});
after(() => rm(folder, { recursive: true, force: true }));

test("calls to an application that is still being opened are answered in their order when it is open", async () => {
  let open: (app: Application) => void = () => undefined;
  const opening = new Promise<Application>((resolve) => {
    open = resolve;
  });
  const failures: unknown[] = [];
  const address = `unix://${join(folder, "opening.sock")}`;
  const server = await startAbciServer({ app: opening, address, onFatal: (failure) => failures.push(failure) });
  const client = await connectClient(server.address);
  try {
    client.send({ echo: { message: "there?" } });
    client.send({ info: {} });
    client.send({ flush: {} });
    const answers = client.receive(3);
    const early = await Promise.race([answers, new Promise((resolve) => setTimeout(resolve, 50, "nothing yet"))]);
    assert.equal(early, "nothing yet");
    open(
      fakeApplication({
        info: () => ({ data: "hanzod", version: "1", appVersion: 1n, lastBlockHeight: 7n, lastBlockAppHash: new Uint8Array(0) }),
      }),
    );
    const [echo, info, flush] = await answers;
    assert.equal(echo?.echo?.message, "there?");
    assert.equal(info?.info?.lastBlockHeight, 7n);
    assert.notEqual(flush?.flush, undefined);
    client.send({ info: {} });
    assert.equal((await client.receive(1))[0]?.info?.lastBlockHeight, 7n);
    assert.deepEqual(failures, []);
  } finally {
    client.end();
    await server.close();
  }
});

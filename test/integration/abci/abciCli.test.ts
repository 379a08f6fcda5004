import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startAbciServer } from "../../../app/abci/server.ts";
import { getComet } from "./cometNode.ts";
import { KvstoreApp } from "./kvstoreApp.ts";

/** Every command of abci-cli that its example application answers, good and bad input, in several blocks. */
const SCRIPT = [
  "echo hello",
  "info",
  'check_tx "abc"',
  'check_tx "abc=1"',
  'check_tx "=1"',
  'prepare_proposal "abc=123"',
  'prepare_proposal "abc=123" "nonsense" "d=4"',
  'process_proposal "abc==456"',
  'process_proposal "abc=123"',
  'finalize_block "abc=123"',
  "commit",
  "info",
  'query "abc"',
  'query "missing"',
  'finalize_block "def=xyz" "ghi=123"',
  "commit",
  'query "def"',
  'finalize_block "abc=456"',
  "commit",
  'query "abc"',
  "info",
].join("\n");

function batch(cli: string, address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ["--address", address, "--abci", "socket", "--log_level=error", "--verbose", "batch"];
    const child = execFile(cli, args, { timeout: 180_000 }, (error, out, err) =>
      error === null ? resolve(out) : reject(new Error(`${error.message}${err}${out}`)),
    );
    child.stdin?.end(`${SCRIPT}\n`);
  });
}

test("CometBFT's own conformance client gets the same answers from this server as from CometBFT's", async () => {
  const cli = await getComet("abci-cli");
  const folder = await mkdtemp(join(tmpdir(), "cli-"));
  const reference = spawn(cli, ["kvstore", "--address", `unix://${folder}/theirs.sock`], { stdio: "ignore" });
  const server = await startAbciServer({
    app: new KvstoreApp(),
    address: `unix://${folder}/ours.sock`,
    onFatal: ({ error }) => assert.fail(String(error)),
  });
  try {
    while ((await stat(`${folder}/theirs.sock`).catch(() => undefined)) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const expected = await batch(cli, `unix://${folder}/theirs.sock`);
    assert.match(expected, /> query "abc"\n-> code: OK\n-> log: exists/);
    assert.equal(await batch(cli, server.address), expected);
  } finally {
    await server.close();
    reference.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
});

// Commands that ask a node which is behind: what it knows of an account is old, and a transaction signed with it is in no block.
import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { getCometListener, readCometIdentity, setPersistentPeers } from "../../cmd/hanzod/node/cometConfig.ts";
import { homeLayout } from "../../cmd/hanzod/node/home.ts";
import { hanzodOk, type RunningCommand, startHanzod } from "./cli/hanzod.ts";
import { type LocalHome, makeLocalHome } from "./cli/localHome.ts";
import { callRpc, waitForHeight } from "./harness/rpc.ts";
import { waitUntil } from "./harness/validatorNet.ts";

let folder = "";
const running: RunningCommand[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hz-behind-"));
});
after(async () => {
  for (const node of running) await node.end("SIGKILL");
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

function start({ root }: LocalHome): RunningCommand {
  const node = startHanzod(["start", "--home", root, "--quiet"]);
  running.push(node);
  return node;
}

async function isCatchingUp({ rpc }: LocalHome): Promise<boolean> {
  return (await callRpc<{ sync_info: { catching_up: boolean } }>(rpc, "status")).sync_info.catching_up;
}

test("a transaction is signed with what a node knows once it has caught up", async () => {
  const [source, joiner] = [await makeLocalHome(folder, "source"), await makeLocalHome(folder, "joiner")];
  await copyFile(homeLayout(source.root).config.genesis, homeLayout(joiner.root).config.genesis);
  const { nodeId } = await readCometIdentity(homeLayout(source.root));
  const { host, port } = await getCometListener(homeLayout(source.root), "p2p.laddr");
  await setPersistentPeers(homeLayout(joiner.root), [`${nodeId}@${host}:${port}`]);
  const keys = ["--from", "dev0", "--keyring-backend", "test", "--home", source.root];
  const to = (await hanzodOk(["keys", "show", "dev1", "--address", "--home", source.root, "--keyring-backend", "test"])).trim();

  let first = start(source);
  const behind = start(joiner);
  await waitForHeight(joiner.rpc, 1);
  await waitUntil("a joiner that has caught up", async () => ((await isCatchingUp(joiner)) ? undefined : true));
  assert.equal(await behind.end("SIGTERM"), 0);
  await hanzodOk(["tx", "bank", "send", to, "1aai", ...keys, "--wait"]);
  assert.equal(await first.end("SIGTERM"), 0);

  // Alone, the joiner has the state before that transaction, and says that it is catching up.
  const again = start(joiner);
  await waitForHeight(joiner.rpc, 1);
  assert.equal(await isCatchingUp(joiner), true);
  const sent = startHanzod(["tx", "bank", "send", to, "2aai", ...keys, "--node", joiner.rpc, "--wait"]);
  await waitUntil("a word about the wait", async () => (/is catching up/.test(sent.stderr) ? true : undefined));
  first = start(source);
  assert.equal(await sent.exited, 0, sent.stderr);
  for (const node of [again, first]) assert.equal(await node.end("SIGTERM"), 0);
});

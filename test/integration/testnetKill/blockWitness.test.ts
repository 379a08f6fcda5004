// What a network said before is held against every node: a node with another block, state or result is named.
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BlockWitness } from "../../campaign/testnetKill/blockWitness.ts";

const HEIGHT = 6;
/** What a stand-in for a node's RPC says otherwise than the others. */
interface Lie {
  readonly height: number;
  readonly part: "hash" | "state" | "tx" | "code";
}

/** A stand-in for the RPC of a node at height 6. */
async function serve(lie?: Lie): Promise<{ readonly server: Server; readonly rpc: string }> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += String(part);
    const { method, params } = JSON.parse(body) as { method: string; params: { height?: string } };
    const height = Number(params.height ?? 0);
    const lies = (part: Lie["part"]): boolean => lie?.height === height && lie.part === part;
    const results: Readonly<Record<string, unknown>> = {
      abci_info: { response: { last_block_height: String(HEIGHT), last_block_app_hash: "AAAA" } },
      block: { block_id: { hash: lies("hash") ? "FF" : `0${height}` }, block: { data: { txs: [lies("tx") ? "BBBB" : "CCCC"] } } },
      block_results: { app_hash: lies("state") ? "////" : "AAAA", txs_results: [{ code: lies("code") ? 5 : 0 }] },
    };
    response.end(JSON.stringify({ result: results[method] }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { server, rpc: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function compareWith(lie?: Lie): Promise<{ readonly different: readonly string[]; readonly witness: BlockWitness }> {
  const [honest, other] = [await serve(), await serve(lie)];
  const until = new AbortController();
  const witness = new BlockWitness();
  try {
    const following = witness.follow([honest.rpc], until.signal);
    while (witness.heights < HEIGHT - 1) await sleep(10);
    until.abort();
    await following;
    return { different: await witness.compare([honest.rpc, other.rpc], HEIGHT), witness };
  } finally {
    for (const { server } of [honest, other]) server.close();
  }
}

test("nodes that agree have no difference, and every transaction was seen", async () => {
  const { different, witness } = await compareWith();
  assert.deepEqual(different, []);
  assert.equal(witness.transactions, HEIGHT - 1);
});

for (const part of ["hash", "state", "tx", "code"] as const)
  test(`a node with another ${part} at one height is named`, async () => {
    const { different } = await compareWith({ height: 4, part });
    assert.equal(different.length, 1);
    assert.match(different[0] ?? "", /^height 4: .*node1 says/);
  });

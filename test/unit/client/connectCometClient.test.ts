import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { Comet1Client, Comet38Client, Tendermint37Client } from "@cosmjs/tendermint-rpc";
import { connectCometClient } from "../../../app/client/connectCometClient.ts";

const HASH = "AB".repeat(32);
const ADDRESS = "CD".repeat(20);
const TIME = "2026-11-24T00:00:00.000000001Z";

/** As much of `status` as cosmjs reads. */
const statusOf = (version: string) => ({
  node_info: {
    protocol_version: { p2p: "8", block: "11", app: "0" },
    id: ADDRESS,
    listen_addr: "tcp://0.0.0.0:26656",
    network: "hanzo-local-1",
    version,
    channels: "40",
    moniker: "m",
    other: { tx_index: "on", rpc_address: "tcp://127.0.0.1:26657" },
  },
  sync_info: {
    latest_block_hash: HASH,
    latest_app_hash: HASH,
    latest_block_height: "5",
    latest_block_time: TIME,
    earliest_block_hash: HASH,
    earliest_app_hash: HASH,
    earliest_block_height: "1",
    earliest_block_time: TIME,
    catching_up: false,
  },
  validator_info: {
    address: ADDRESS,
    pub_key: { type: "tendermint/PubKeyEd25519", value: Buffer.alloc(32).toString("base64") },
    voting_power: "1",
  },
});

/** Runs with the address of a node that answers `status` and nothing else. */
async function withNode(version: string, use: (endpoint: string) => Promise<void>): Promise<void> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id: number };
      response.setHeader("content-type", "application/json").end(JSON.stringify({ jsonrpc: "2.0", id, result: statusOf(version) }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

describe("the client for a version of CometBFT", () => {
  const expected = [
    ["0.37.5", Tendermint37Client],
    ["0.38.25", Comet38Client],
    ["0.39.4", Comet38Client],
    ["0.40.0", Comet38Client],
    ["1.0.1", Comet1Client],
    ["10.0.0", Comet38Client],
  ] as const;
  for (const [version, Client] of expected) {
    it(`is ${Client.name} for ${version}`, () =>
      withNode(version, async (endpoint) => {
        const client = await connectCometClient(endpoint);
        assert.ok(client instanceof Client, `${client.constructor.name} for ${version}`);
        client.disconnect();
      }));
  }

  it("is none where no node answers", async () => {
    await assert.rejects(connectCometClient("http://127.0.0.1:1"));
  });
});

// Strangers on the ABCI socket of a running node: theirs is the only connection that ends.
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { encodeFrame } from "../../app/abci/framing.ts";
import { callAbci, openAbci, untilClosed } from "./harness/abciSocket.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { type InProcessNode, startInProcess } from "./harness/inProcessNode.ts";
import { createRandom } from "./harness/random.ts";
import { appHead, waitForHeight } from "./harness/rpc.ts";

const random = createRandom(11);

/** Bytes that are no call; the connection that carries them is closed. */
const GARBAGE: readonly Uint8Array[] = [
  Uint8Array.from({ length: 4096 }, () => 0xff),
  // Lengths of 2 GiB, of more than 32 bits, not minimal.
  new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x07]),
  new Uint8Array([0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
  new Uint8Array([0x80, 0x00]),
  // A frame without a call, one with an unknown call, one whose call is cut off.
  encodeFrame(new Uint8Array(0)),
  encodeFrame(new Uint8Array([0xfa, 0x07, 0x00])),
  encodeFrame(new Uint8Array([0x0a, 0x7f, 0x01])),
  ...Array.from({ length: 20 }, () => Uint8Array.from({ length: 1 + random.below(500) }, () => random.below(256))),
];

for (const transport of ["unix", "tcp"] as const) {
  describe(`an ABCI server on a ${transport} socket`, () => {
    let chain: ChainHome;
    let running: InProcessNode;

    before(async () => {
      chain = await createChainHome(50);
      running = await startInProcess(chain, transport === "tcp" ? "tcp://127.0.0.1:0" : undefined);
      assert.ok(running.node.endpoints.abci.startsWith(transport));
      await waitForHeight(chain.rpc, 1);
    });
    after(async () => {
      const exit = await running?.node.stop();
      await chain?.remove();
      assert.equal(exit?.error, undefined);
      assert.deepEqual(running?.grammar.violations, []);
    });

    /** The chain goes on with the same CometBFT, and whoever speaks the protocol is answered on a fifth connection. */
    async function assertAlive(pid: number | undefined): Promise<void> {
      const { height } = await appHead(chain.rpc);
      await waitForHeight(chain.rpc, height + 3);
      const { echo } = await callAbci(running.node.endpoints.abci, { echo: { message: "hello" } });
      assert.equal(echo?.message, "hello");
      assert.equal(running.node.cometPid, pid, "CometBFT was not restarted");
    }

    it("closes a connection that sends garbage, and nothing else", async () => {
      const pid = running.node.cometPid;
      for (const bytes of GARBAGE) {
        const socket = await openAbci(running.node.endpoints.abci);
        socket.end(bytes);
        await untilClosed(socket);
      }
      await assertAlive(pid);
    });

    it("waits for the rest of half a frame without keeping others waiting", async () => {
      const pid = running.node.cometPid;
      const waiting = await openAbci(running.node.endpoints.abci);
      waiting.write(new Uint8Array([0x64, 0x0a, 0x05, 0x0a]));
      const gone = await openAbci(running.node.endpoints.abci);
      gone.write(new Uint8Array([0x64, 0x0a]));
      gone.destroy();
      await assertAlive(pid);
      assert.ok(!waiting.closed);
      waiting.destroy();
    });

    it("keeps CometBFT's connections when strangers take all others", async () => {
      const pid = running.node.cometPid;
      const sockets: Socket[] = await Promise.all(Array.from({ length: 24 }, () => openAbci(running.node.endpoints.abci)));
      const { height } = await appHead(chain.rpc);
      await waitForHeight(chain.rpc, height + 3);
      for (const socket of sockets) socket.destroy();
      await Promise.all(sockets.map(untilClosed));
      await assertAlive(pid);
    });
  });
}

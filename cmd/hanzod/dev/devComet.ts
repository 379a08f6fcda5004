import type { CometPort } from "../../../app/runtime/query/cometPort.ts";
import { COMET_VERSION } from "../node/cometRelease.ts";
import type { DevChain } from "./devChain.ts";

/** Name of a development node among its peers, of which there are none. */
export const DEV_MONIKER = "hanzod-dev";

/**
 * The consensus engine that a development chain does without, as queries ask for it.
 * @param find the chain; undefined until it is there, since the state machine is made before it
 */
export function createDevComet(find: () => DevChain | undefined): CometPort {
  const chain = (): DevChain => {
    const found = find();
    if (found === undefined) throw new Error("the development chain is not open yet");
    return found;
  };
  return {
    nodeInfo: async () => ({
      protocolVersion: { p2p: 8n, block: 11n, app: 0n },
      defaultNodeId: Buffer.from(chain().validator.address).toString("hex"),
      listenAddr: "",
      network: chain().chainId,
      version: COMET_VERSION,
      channels: new Uint8Array(0),
      moniker: DEV_MONIKER,
      other: { txIndex: "on", rpcAddress: "" },
    }),
    isSyncing: async () => false,
    async findBlock(height) {
      const found = chain().findBlock(height);
      if (found === undefined) return undefined;
      const { blockId, header, txs } = found;
      return {
        blockId,
        block: {
          header,
          data: { txs: [...txs] },
          evidence: { evidence: [] },
          lastCommit: { height: header.height - 1n, round: 0, blockId: header.lastBlockId, signatures: [] },
        },
      };
    },
    async validators(height) {
      const at = height ?? chain().height;
      if (at > chain().height) return undefined;
      const validators = chain().validators.map(({ address, publicKey, power }) => ({
        address,
        keyType: "ed25519" as const,
        publicKey,
        power,
        proposerPriority: 0n,
      }));
      return { height: at, validators };
    },
    async broadcastTx(tx) {
      const { code, codespace, log } = await chain().submit(tx);
      return code === 0 ? undefined : { code, codespace, log };
    },
  };
}

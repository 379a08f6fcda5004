import type { OfflineSigner } from "@cosmjs/proto-signing";
import {
  type AuthExtension,
  type BankExtension,
  GasPrice,
  QueryClient,
  SigningStargateClient,
  setupAuthExtension,
  setupBankExtension,
  setupTxExtension,
  type TxExtension,
} from "@cosmjs/stargate";
import { Comet38Client, type CometClient, connectComet } from "@cosmjs/tendermint-rpc";
import { createHanzoAminoTypes } from "./amino.ts";
import { type HmmExtension, setupHmmExtension } from "./extensions.ts";
import { createHanzoRegistry } from "./registry.ts";

/** How to reach a node and who signs. */
export interface ConnectOptions {
  /** CometBFT's RPC, `http://host:port`. */
  readonly rpc: string;
  readonly signer: OfflineSigner;
  /** Price of a unit of gas for `"auto"` fees; default {@link DEFAULT_GAS_PRICE}. */
  readonly gasPrice?: string;
}

/** Above what a node asks for by default (25,000,000 aai per unit of gas). */
export const DEFAULT_GAS_PRICE = "30000000aai";

/** A wallet's connection: cosmjs clients that know this chain's messages and queries. */
export interface HanzoClient {
  readonly comet: CometClient;
  readonly signing: SigningStargateClient;
  readonly query: QueryClient & AuthExtension & BankExtension & TxExtension & HmmExtension;
  disconnect(): void;
}

/**
 * The right CometBFT client for a node. cosmjs 0.39 does not know versions 0.39 and 0.40 and takes an older client for them, which loses
 * block events and commit results, although their RPC is that of 0.38.
 */
export async function connectCometClient(rpc: string): Promise<CometClient> {
  const client = await connectComet(rpc);
  const { nodeInfo } = await client.status();
  if (!/^0\.(38|39|40)\./.test(nodeInfo.version) || client instanceof Comet38Client) return client;
  client.disconnect();
  return Comet38Client.connect(rpc);
}

/** Connects a signer to a node. */
export async function connect({ rpc, signer, gasPrice = DEFAULT_GAS_PRICE }: ConnectOptions): Promise<HanzoClient> {
  const comet = await connectCometClient(rpc);
  const signing = SigningStargateClient.createWithSigner(comet, signer, {
    registry: createHanzoRegistry(),
    aminoTypes: createHanzoAminoTypes(),
    gasPrice: GasPrice.fromString(gasPrice),
    broadcastPollIntervalMs: 250,
  });
  const query = QueryClient.withExtensions(comet, setupAuthExtension, setupBankExtension, setupTxExtension, setupHmmExtension);
  return { comet, signing, query, disconnect: () => comet.disconnect() };
}

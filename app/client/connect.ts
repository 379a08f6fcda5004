import type { EncodeObject, OfflineSigner } from "@cosmjs/proto-signing";
import {
  type AuthExtension,
  type BankExtension,
  type DeliverTxResponse,
  GasPrice,
  QueryClient,
  SigningStargateClient,
  setupAuthExtension,
  setupBankExtension,
  setupTxExtension,
  type TxExtension,
} from "@cosmjs/stargate";
import type { CometClient, HttpEndpoint } from "@cosmjs/tendermint-rpc";
import type { Trade } from "#proto/hanzo/hmm/v1/types";
import { toHex } from "../encoding/bytes.ts";
import { createAminoTypes } from "./amino.ts";
import { ClientError } from "./clientError.ts";
import { connectComet } from "./connectComet.ts";
import { type HmmExtension, type NodeExtension, setupHmmExtension, setupNodeExtension } from "./extensions.ts";
import { askGasPrice } from "./gasPrice.ts";
import { createRegistry } from "./registry.ts";
import { readTrade } from "./trade.ts";

/** cosmjs' queries of what this chain serves, and the chain's own. */
export type HanzoQueryClient = QueryClient & AuthExtension & BankExtension & TxExtension & HmmExtension & NodeExtension;

/** Where and as whom to connect. */
export interface ConnectOptions {
  /** CometBFT's `http://host:port` or `ws://host:port`. */
  readonly rpc: string | HttpEndpoint;
  /** Any cosmjs wallet, direct or amino. */
  readonly signer: OfflineSigner;
  /** Fee per unit of gas, e.g. `25000000aai`; without it the node is asked. */
  readonly gasPrice?: string;
  /** Gas limit of a transaction as a multiple of what simulating it used; 1.2 by default. */
  readonly gasMultiplier?: number;
  /** Milliseconds between two looks for a sent transaction; 500 by default. */
  readonly pollIntervalMs?: number;
  /** Milliseconds after which waiting for a block ends with an error; 60,000 by default. */
  readonly timeoutMs?: number;
}

/** A connection that reads the chain and signs for it. */
export interface HanzoClient {
  /** The stock cosmjs client with this chain's messages, amino converters and gas price. */
  readonly signing: SigningStargateClient;
  readonly query: HanzoQueryClient;
  /**
   * Simulates, signs, sends and waits for the block.
   * @throws ClientError client/1 when the transaction did not succeed, with the chain's codespace and code
   */
  signAndBroadcast(sender: string, messages: readonly EncodeObject[], memo?: string): Promise<DeliverTxResponse>;
  /** What the first order of a transaction traded. @throws client/2 when it holds no order */
  swapTrade(tx: Pick<DeliverTxResponse, "msgResponses" | "transactionHash">): Trade;
  /** Application hash after a block that is being carried out or was, upper-case hexadecimal. @throws client/2 when it takes too long */
  appHashAfter(height: number): Promise<string>;
  disconnect(): void;
}

const GAS_MULTIPLIER = 1.2;
const POLL_INTERVAL_MS = 500;
const TIMEOUT_MS = 60_000;

/**
 * Connects a wallet to a node.
 * @throws when the node does not answer
 */
export async function connect(options: ConnectOptions): Promise<HanzoClient> {
  const { signer, pollIntervalMs = POLL_INTERVAL_MS, timeoutMs = TIMEOUT_MS, gasMultiplier = GAS_MULTIPLIER } = options;
  const comet = await connectComet(options.rpc);
  try {
    const query = createQueryClient(comet);
    const registry = createRegistry();
    const signing = SigningStargateClient.createWithSigner(comet, signer, {
      registry,
      aminoTypes: createAminoTypes(registry),
      gasPrice: options.gasPrice === undefined ? await askGasPrice(query) : GasPrice.fromString(options.gasPrice),
      broadcastPollIntervalMs: pollIntervalMs,
      broadcastTimeoutMs: timeoutMs,
    });
    return {
      signing,
      query,
      signAndBroadcast: async (sender, messages, memo = "") =>
        requireSuccess(await signing.signAndBroadcast(sender, messages, gasMultiplier, memo)),
      swapTrade: readTrade,
      appHashAfter: (height) => appHashAfter(comet, height, pollIntervalMs, timeoutMs),
      disconnect: () => comet.disconnect(),
    };
  } catch (cause) {
    comet.disconnect();
    throw cause;
  }
}

/** Queries without a wallet. */
export function createQueryClient(comet: CometClient): HanzoQueryClient {
  return QueryClient.withExtensions(comet, setupAuthExtension, setupBankExtension, setupTxExtension, setupHmmExtension, setupNodeExtension);
}

function requireSuccess(tx: DeliverTxResponse): DeliverTxResponse {
  if (tx.code === 0) return tx;
  // cosmjs does not hand on the codespace of a delivered transaction; the log names the error.
  throw new ClientError(
    "refused",
    `transaction ${tx.transactionHash} in block ${tx.height} failed with code ${tx.code}: ${tx.rawLog ?? ""}`,
    {
      codespace: "",
      code: tx.code,
    },
  );
}

/** The next header holds the hash, but until there is one only the application itself can say it. */
async function appHashAfter(comet: CometClient, height: number, pollIntervalMs: number, timeoutMs: number): Promise<string> {
  for (let waited = 0; waited <= timeoutMs; waited += pollIntervalMs) {
    const { lastBlockHeight = 0, lastBlockAppHash } = await comet.abciInfo();
    if (lastBlockHeight > height) return toHex((await comet.block(height + 1)).block.header.appHash).toUpperCase();
    if (lastBlockHeight === height && lastBlockAppHash !== undefined) return toHex(lastBlockAppHash).toUpperCase();
    await new Promise((resolve) => setTimeout(resolve, pollIntervalMs));
  }
  throw new ClientError("badAnswer", `block ${height} expected to be carried out within ${timeoutMs} ms`);
}

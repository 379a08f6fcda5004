import type { OfflineSigner } from "@cosmjs/proto-signing";
import {
  type AuthExtension,
  type BankExtension,
  GasPrice,
  QueryClient,
  SigningStargateClient,
  type StakingExtension,
  setupAuthExtension,
  setupBankExtension,
  setupStakingExtension,
  setupTxExtension,
  type TxExtension,
} from "@cosmjs/stargate";
import type { CometClient, HttpEndpoint } from "@cosmjs/tendermint-rpc";
import { createHanzoAminoTypes } from "./amino.ts";
import { connectCometClient } from "./connectCometClient.ts";
import { type ExperienceExtension, setupExperienceExtension } from "./experienceExtension.ts";
import {
  type EvidenceExtension,
  type HmmExtension,
  type NodeExtension,
  type SlashingExtension,
  setupEvidenceExtension,
  setupHmmExtension,
  setupNodeExtension,
  setupSlashingExtension,
} from "./extensions.ts";
import { askGasPrice } from "./gasPrice.ts";
import { type GovExtension, setupGovExtension } from "./govExtension.ts";
import { createHanzoRegistry } from "./registry.ts";

/** cosmjs' queries of what this chain serves, and the chain's own. */
export type HanzoQueryClient = QueryClient &
  AuthExtension &
  BankExtension &
  StakingExtension &
  SlashingExtension &
  EvidenceExtension &
  TxExtension &
  GovExtension &
  HmmExtension &
  ExperienceExtension &
  NodeExtension;

/** Where and as whom to connect. */
export interface ConnectOptions {
  /** CometBFT's `http://host:port` or `ws://host:port`. */
  readonly rpc: string | HttpEndpoint;
  /** Any cosmjs wallet, direct or amino. */
  readonly signer: OfflineSigner;
  /** Fee per unit of gas, e.g. `25000000aai`; without it the node is asked. */
  readonly gasPrice?: string;
  /** Milliseconds between two looks for a sent transaction; 250 by default. */
  readonly pollIntervalMs?: number;
  /** Milliseconds after which waiting for a block ends with an error; 60,000 by default. */
  readonly timeoutMs?: number;
}

/** A wallet's connection: cosmjs clients that know this chain's messages and queries. */
export interface HanzoClient {
  readonly comet: CometClient;
  /** The stock client with this chain's messages, amino converters and gas price. */
  readonly signing: SigningStargateClient;
  readonly query: HanzoQueryClient;
  disconnect(): void;
}

const POLL_INTERVAL_MS = 250;
const TIMEOUT_MS = 60_000;

/**
 * Connects a wallet to a node.
 * @throws when the node does not answer
 */
export async function connect(options: ConnectOptions): Promise<HanzoClient> {
  const { signer, pollIntervalMs = POLL_INTERVAL_MS, timeoutMs = TIMEOUT_MS } = options;
  const comet = await connectCometClient(options.rpc);
  try {
    const query = createQueryClient(comet);
    const registry = createHanzoRegistry();
    const signing = SigningStargateClient.createWithSigner(comet, signer, {
      registry,
      aminoTypes: createHanzoAminoTypes(registry),
      gasPrice: options.gasPrice === undefined ? await askGasPrice(query) : GasPrice.fromString(options.gasPrice),
      broadcastPollIntervalMs: pollIntervalMs,
      broadcastTimeoutMs: timeoutMs,
    });
    return { comet, signing, query, disconnect: () => comet.disconnect() };
  } catch (cause) {
    comet.disconnect();
    throw cause;
  }
}

/** Queries without a wallet. */
export function createQueryClient(comet: CometClient): HanzoQueryClient {
  return QueryClient.withExtensions(
    comet,
    setupAuthExtension,
    setupBankExtension,
    setupStakingExtension,
    setupSlashingExtension,
    setupEvidenceExtension,
    setupTxExtension,
    setupGovExtension,
    setupHmmExtension,
    setupExperienceExtension,
    setupNodeExtension,
  );
}

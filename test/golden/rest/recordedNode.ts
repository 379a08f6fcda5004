// The recorded node again: this program's state machine with the recorded state, a consensus engine that knows the recorded blocks, and the
// REST API in front of both.
import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import type { ChainFacts } from "../../../app/api/appReflection.ts";
import { createRestServer } from "../../../app/api/rest.ts";
import { decodeBech32 } from "../../../app/encoding/bech32.ts";
import { fromBase64, fromHex } from "../../../app/encoding/bytes.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { parseTimestamp } from "../../../app/encoding/timeText.ts";
import { descriptors, hanzoMsgServices, hanzoServices } from "../../../app/hanzo.ts";
import type { App } from "../../../app/runtime/app.ts";
import type { CometPort, CometValidator } from "../../../app/runtime/query/cometPort.ts";
import { GetBlockByHeightResponse, GetNodeInfoResponse } from "../../../proto/gen/cosmos/base/tendermint/v1beta1/query.ts";
import { TxRaw } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import { RequestCheckTx, RequestFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";
import { createSdkChain, importableState, type RecordedGenesis, type RecordedTxs, recorded, SDK_CHAIN } from "../../harness/sdkChain.ts";

/** A recorded request with its answer. */
export interface Recording {
  readonly method: string;
  readonly path: string;
  readonly note?: string;
  readonly status: number;
  readonly request_headers?: Readonly<Record<string, string>>;
  readonly request_body?: unknown;
  /** Absent where the answer has the default headers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The recording of a whole node. */
export interface Recordings {
  readonly default_headers: Readonly<Record<string, string>>;
  readonly requests: readonly Recording[];
  readonly with_unsafe_cors_enabled: readonly Recording[];
}

export const recordings = JSON.parse(
  readFileSync(new URL("../../../../test/vectors/sdk/rest.json", import.meta.url), "utf8"),
) as Recordings;

/** Last recorded height, and its time. */
const HEIGHT = 176n;
const TIME = "2026-11-23T07:20:55.905771135Z";

/** Recorded transactions of messages that this chain has; they fail here, since their sequences are used up, and are indexed all the same. */
export const INDEXED = ["send", "send-amino", "fail-second-message", "multisig-send-amino", "direct-aux-with-fee-payer"];

/** The REST API of the recorded node; `allowAnyOrigin` is off unless asked for. */
export async function createRecordedNode(allowAnyOrigin = false): Promise<{ readonly app: App; readonly server: FastifyInstance }> {
  const { exported } = recorded<RecordedGenesis>("genesis");
  let app: App | undefined;
  const comet: CometPort = {
    ...recordedEngine(),
    async broadcastTx(tx) {
      const { code = 0, codespace = "", log = "" } = app?.checkTx(RequestCheckTx.fromPartial({ tx })) ?? {};
      return code === 0 ? undefined : { code, codespace, log };
    },
  };
  const appState = importableState(exported.app_state);
  app = await createSdkChain({ appState, height: HEIGHT - 1n, time: "2026-11-23T07:20:54Z", minGasPrices: "0.01stake", comet });
  const txs = INDEXED.map(recordedTxBytes);
  const last = await comet.findBlock(HEIGHT);
  const nextValidatorsHash = last?.block.header?.nextValidatorsHash ?? new Uint8Array(0);
  await app.finalizeBlock(RequestFinalizeBlock.fromPartial({ height: HEIGHT, time: parseTimestamp(TIME), txs, nextValidatorsHash }));
  await app.commit();
  const { query } = app;
  const server = await createRestServer({
    descriptors: descriptors(),
    services: servedServices(),
    query,
    allowAnyOrigin,
    chain: RECORDED_FACTS,
  });
  return { app, server };
}

/** What reflection tells of the recorded chain. */
export const RECORDED_FACTS: ChainFacts = {
  bech32Prefix: SDK_CHAIN.config.bech32Prefix,
  msgServices: hanzoMsgServices.filter((service) => service.startsWith("cosmos.")),
  chainId: () => SDK_CHAIN.chainId,
};

/** The recorded chain has no market. */
function servedServices(): readonly string[] {
  return hanzoServices.filter((service) => service.startsWith("cosmos."));
}

const { txs: recordedTxs } = recorded<RecordedTxs>("tx");

/** Bytes of a recorded transaction. */
export function recordedTxBytes(name: string): Uint8Array {
  const tx = recordedTxs.find((candidate) => candidate.name === name);
  if (tx === undefined) throw new Error(`no recorded transaction ${name}`);
  return TxRaw.encode({
    bodyBytes: fromHex(tx.body_bytes),
    authInfoBytes: fromHex(tx.auth_info_bytes),
    signatures: tx.signatures.map(fromHex),
  }).finish();
}

/** Knows what the recorded answers say about blocks, validators and the node. */
function recordedEngine(): Omit<CometPort, "broadcastTx"> {
  const base = "/cosmos/base/tendermint/v1beta1";
  return {
    async nodeInfo() {
      const { default_node_info } = bodyOf(`${base}/node_info`) as { readonly default_node_info: unknown };
      const { defaultNodeInfo } = GetNodeInfoResponse.decode(bytesOf(GetNodeInfoResponse.$type, { default_node_info }));
      if (defaultNodeInfo === undefined) throw new Error("a node expected");
      return defaultNodeInfo;
    },
    isSyncing: async () => false,
    async findBlock(height = HEIGHT) {
      const paths = [`${base}/blocks/${height === HEIGHT ? "latest" : height}`, `/cosmos/tx/v1beta1/txs/block/${height}`];
      const found = recordings.requests.find(({ path, status }) => status === 200 && paths.includes(path));
      if (found === undefined) return undefined;
      const { block_id, block } = found.body as { readonly block_id: unknown; readonly block: unknown };
      const answer = GetBlockByHeightResponse.decode(bytesOf(GetBlockByHeightResponse.$type, { block_id, block }));
      return answer.blockId === undefined || answer.block === undefined ? undefined : { blockId: answer.blockId, block: answer.block };
    },
    async validators(height = HEIGHT) {
      const found = recordings.requests.find(
        ({ path, status }) => status === 200 && path === `${base}/validatorsets/${height === HEIGHT ? "latest" : height}`,
      );
      if (found === undefined) return undefined;
      const { block_height, validators } = found.body as { readonly block_height: string; readonly validators: readonly JsonValidator[] };
      return { height: BigInt(block_height), validators: validators.map(toValidator) };
    },
  };
}

function bodyOf(path: string): unknown {
  return recordings.requests.find((recording) => recording.path === path)?.body;
}

function bytesOf(typeName: string, json: unknown): Uint8Array {
  return fromProtoJson(descriptors(), typeName, json, { unknown: "ignore" });
}

interface JsonValidator {
  readonly address: string;
  readonly pub_key: { readonly key: string };
  readonly voting_power: string;
  readonly proposer_priority: string;
}

function toValidator({ address, pub_key, voting_power, proposer_priority }: JsonValidator): CometValidator {
  const { bytes } = decodeBech32(address);
  return {
    address: bytes,
    keyType: "ed25519",
    publicKey: fromBase64(pub_key.key),
    power: BigInt(voting_power),
    proposerPriority: BigInt(proposer_priority),
  };
}

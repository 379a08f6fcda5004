// The recorded node again: the chain of recorded state, an engine that knows the recorded blocks, and the REST and gRPC servers in front of both.
import { RequestCheckTx, RequestQuery, type ResponseQuery } from "#proto/tendermint/abci/types";
import { createGrpcServer } from "../../../../app/api/grpcServer.ts";
import { createRestServer } from "../../../../app/api/rest.ts";
import { descriptorImage, descriptors } from "../../../../app/descriptorImage.ts";
import { fromHex } from "../../../../app/encoding/bytes.ts";
import type { App } from "../../../../app/runtime/app.ts";
import type { CometPort } from "../../../../app/runtime/query/cometPort.ts";
import { type ChainFacts, readChainFacts } from "./chainFacts.ts";
import { createGrpcClient, type GrpcAnswer } from "./grpcClient.ts";
import { type RawAnswer, sendRaw } from "./rawRequest.ts";
import { createRecordedChain, type RecordedChain, recordedMsgServices, recordedServices } from "./recordedChain.ts";
import { recordedEngine } from "./recordedEngine.ts";
import { recordedHistory } from "./recordedHistory.ts";
import type { RecordedCall, RecordedQuery, RecordedRest, Recording } from "./recording.ts";

/** A node that can be asked everything that the recorded one was asked. */
export interface RecordedNode {
  readonly app: App;
  readonly facts: ChainFacts;
  /** Whether the chain has its whole past and all of its modules: then nothing that it lacks explains a difference. */
  readonly isWhole: boolean;
  /** Address of the REST API. */
  readonly restUrl: string;
  askRest(request: RecordedRest): Promise<RawAnswer>;
  /** The same API with pages of any origin allowed. */
  askOpenRest(request: RecordedRest): Promise<RawAnswer>;
  askAbci(request: RecordedQuery): Promise<ResponseQuery>;
  askGrpc(request: RecordedCall): Promise<GrpcAnswer>;
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";

/** The chain that a node stands on. */
export interface NodeChain extends RecordedChain {
  readonly isWhole: boolean;
}

/** The chain that a recording ended with, imported. */
async function importedChain(recording: Recording, facts: ChainFacts, comet: CometPort): Promise<NodeChain> {
  const chain = await createRecordedChain({ recording, facts, comet, history: recordedHistory(recording, facts) });
  return { ...chain, isWhole: false };
}

/**
 * Starts a node on the chain of a recording; its servers listen on free ports of this machine.
 * @param open makes the chain; left out, the recorded end is imported
 * @throws Error when the recording has no genesis
 */
export async function createRecordedNode(
  recording: Recording,
  open: (recording: Recording, facts: ChainFacts, comet: CometPort) => Promise<NodeChain> = importedChain,
): Promise<RecordedNode> {
  const facts = readChainFacts(recording);
  let app: App | undefined;
  const comet: CometPort = {
    ...recordedEngine(recording),
    async broadcastTx(tx) {
      const { code = 0, codespace = "", log = "" } = app?.checkTx(RequestCheckTx.fromPartial({ tx })) ?? {};
      return code === 0 ? undefined : { code, codespace, log };
    },
  };
  const chain = await open(recording, facts, comet);
  app = chain.app;
  const { query } = chain.app;
  const reflected = { bech32Prefix: facts.config.bech32Prefix, msgServices: recordedMsgServices, chainId: () => facts.chainId };
  const options = { descriptors: descriptors(), services: recordedServices, query, chain: reflected };
  const rest = await createRestServer({ ...options, allowAnyOrigin: false });
  const openRest = await createRestServer({ ...options, allowAnyOrigin: true });
  const grpc = createGrpcServer({ ...options, image: descriptorImage() });
  const restUrl = await rest.listen({ host: LOOPBACK, port: 0 });
  const openUrl = await openRest.listen({ host: LOOPBACK, port: 0 });
  const client = createGrpcClient(`${LOOPBACK}:${await grpc.listen({ host: LOOPBACK, port: 0 })}`);
  const send = (base: string, { method, path, request_headers, request_body }: RecordedRest): Promise<RawAnswer> => {
    chain.reset();
    const body = request_body === undefined || typeof request_body === "string" ? request_body : JSON.stringify(request_body);
    return sendRaw(base, { method, path, headers: request_headers, body });
  };
  return {
    app,
    facts,
    isWhole: chain.isWhole,
    restUrl,
    askRest: (request) => send(restUrl, request),
    askOpenRest: (request) => send(openUrl, request),
    askAbci({ path, data, height = 0, prove = false }) {
      chain.reset();
      return query(RequestQuery.fromPartial({ path, data: fromHex(data), height: BigInt(height), prove }));
    },
    askGrpc({ path, data, height }) {
      chain.reset();
      return client.call(path, fromHex(data), height === undefined ? {} : { "x-cosmos-block-height": String(height) });
    },
    async close() {
      client.close();
      await Promise.all([rest.close(), openRest.close(), grpc.close()]);
    },
  };
}

import { type AddressInfo, createServer } from "node:net";
import { type handleBidiStreamingCall, type handleUnaryCall, Metadata, Server, ServerCredentials } from "@grpc/grpc-js";
import type { Descriptors } from "../encoding/descriptors.ts";
import type { ChainFacts } from "./appReflection.ts";
import { HEIGHT_HEADER } from "./blockHeight.ts";
import { createCallGate } from "./callGate.ts";
import { readDefinitionFiles } from "./definitionFiles.ts";
import { GrpcGuard, idleMs } from "./grpcGuard.ts";
import { DEFAULT_GRPC_LIMITS, type GrpcLimits } from "./grpcLimits.ts";
import { STATUS } from "./grpcStatus.ts";
import { CLOSE_GRACE_MS, GRPC_PING_MS, GRPC_PONG_MS, GRPC_SESSION_MB, MAX_REFLECTION_QUESTIONS, REFLECTION_STREAM_MS } from "./limits.ts";
import { localServices } from "./localServices.ts";
import { createReflection, REFLECTION_SERVICES, type ReflectionStream } from "./reflection.ts";
import { createRpc, type QueryPort, type RpcAnswer, type RpcCall } from "./rpcCall.ts";

/** What the gRPC server stands on. */
export interface GrpcOptions {
  readonly descriptors: Descriptors;
  /** The FileDescriptorSet behind the descriptors, for reflection. */
  readonly image: Uint8Array;
  /** Full names of the services to serve, besides reflection. */
  readonly services: readonly string[];
  readonly query: QueryPort;
  readonly chain: ChainFacts;
  /** Default: {@link DEFAULT_GRPC_LIMITS}. */
  readonly limits?: GrpcLimits;
}

/** A gRPC server that does not listen yet. */
export interface GrpcServer {
  /** Listens without encryption; port 0 takes a free one. @returns the port @throws Error when it is taken */
  listen(at: { readonly host: string; readonly port: number }): Promise<number>;
  /** Refuses new calls and gives those under way {@link CLOSE_GRACE_MS} to end. */
  close(): Promise<void>;
}

/**
 * The gRPC server of all services: request and response bytes pass as they are, the height is asked for and told in the metadata
 * `x-cosmos-block-height`, reflection (v1 and v1alpha) describes everything.
 */
export function createGrpcServer({ descriptors, image, services, query, chain, limits = DEFAULT_GRPC_LIMITS }: GrpcOptions): GrpcServer {
  const guard = new GrpcGuard(limits);
  const server = new Server({
    "grpc.max_receive_message_length": limits.maxReceiveBytes,
    "grpc.max_send_message_length": limits.maxSendBytes,
    "grpc.max_concurrent_streams": limits.maxStreams,
    "grpc.max_connection_idle_ms": idleMs(limits),
    "grpc.keepalive_time_ms": GRPC_PING_MS,
    "grpc.keepalive_timeout_ms": GRPC_PONG_MS,
    "grpc-node.max_session_memory": GRPC_SESSION_MB,
    interceptors: [guard.interceptor],
    // Its counters would be kept for tools that cannot be reached here.
    "grpc.enable_channelz": 0,
  });
  const local = localServices(descriptors, services, chain);
  const call = createRpc({ query, local: local.methods, gate: createCallGate(limits.maxCalls) });
  for (const service of [...services, ...local.names])
    for (const { name } of descriptors.getService(service).methods) {
      const path = `/${service}/${name}`;
      server.register(path, unary(path, call), asBuffer, asBytes, "unary");
    }
  const converse = createReflection(readDefinitionFiles(image), [...services, ...local.names, ...REFLECTION_SERVICES]);
  for (const service of REFLECTION_SERVICES)
    server.register(`/${service}/ServerReflectionInfo`, reflect(converse), asBuffer, asBytes, "bidi");
  return listener(server, guard, limits.maxConnections);
}

/** Connections come in through a listener of our own, which can count and close them. */
function listener(server: Server, guard: GrpcGuard, maxConnections: number): GrpcServer {
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listening = createServer((socket) => {
    // What a peer does to its connection is no failure here.
    socket.on("error", () => undefined);
    guard.add(socket);
    injector.injectConnection(socket);
  });
  listening.maxConnections = maxConnections;
  return {
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        listening.once("error", reject);
        listening.listen({ host, port }, () => resolve((listening.address() as AddressInfo).port));
      }),
    close() {
      const force = setTimeout(() => guard.close(), CLOSE_GRACE_MS);
      // Sessions take no more calls and end with their last one; the listener is closed when they are gone.
      server.tryShutdown(() => undefined);
      return new Promise((resolve) => {
        listening.close(() => {
          clearTimeout(force);
          guard.close();
          server.forceShutdown();
          resolve();
        });
      });
    },
  };
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const asBytes = (bytes: Buffer): Uint8Array => bytes;

function unary(path: string, answer: (call: RpcCall) => Promise<RpcAnswer>): handleUnaryCall<Uint8Array, Uint8Array> {
  return (call, callback) => {
    const [height] = call.metadata.get(HEIGHT_HEADER);
    void answer({ path, data: call.request, height: height?.toString() }).then((answered) => {
      if (answered.height !== undefined) {
        const metadata = new Metadata();
        metadata.set(HEIGHT_HEADER, answered.height.toString());
        call.sendMetadata(metadata);
      }
      if ("value" in answered.result) callback(null, answered.result.value);
      else {
        const { code, message } = answered.result.status;
        // Half a surrogate pair, as a request may bring it, cannot be sent.
        callback({ code, details: message.toWellFormed() });
      }
    });
  };
}

function reflect(converse: () => ReflectionStream): handleBidiStreamingCall<Uint8Array, Uint8Array> {
  return (call) => {
    const answer = converse();
    let questions = 0;
    const fail = (code: number, details: string): void => {
      clearTimeout(timer);
      call.emit("error", { code, details });
    };
    const timer = setTimeout(
      () => fail(STATUS.DeadlineExceeded, `a stream of at most ${REFLECTION_STREAM_MS} ms expected`),
      REFLECTION_STREAM_MS,
    );
    call.on("data", (request: Uint8Array) => {
      questions += 1;
      if (questions > MAX_REFLECTION_QUESTIONS)
        return fail(STATUS.ResourceExhausted, `at most ${MAX_REFLECTION_QUESTIONS} questions on a stream expected`);
      let response: Uint8Array;
      try {
        response = answer(request);
      } catch {
        return fail(STATUS.InvalidArgument, "a ServerReflectionRequest expected");
      }
      // Whoever does not read its answers is not asked for more questions.
      if (!call.write(response)) {
        call.pause();
        call.once("drain", () => call.resume());
      }
    });
    call.on("end", () => {
      clearTimeout(timer);
      call.end();
    });
    call.on("cancelled", () => clearTimeout(timer));
  };
}

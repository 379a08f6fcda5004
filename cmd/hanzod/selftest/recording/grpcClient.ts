import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";

/** A gRPC answer as it came. */
export interface GrpcAnswer {
  readonly code: number;
  readonly message: string;
  readonly value: Uint8Array;
  /** Text of a header, undefined where there is none. */
  header(name: string): string | undefined;
}

/** A client that knows no definitions: bytes in, bytes out. */
export interface GrpcClient {
  call(path: string, data: Uint8Array, metadata?: Readonly<Record<string, string>>, deadlineMs?: number): Promise<GrpcAnswer>;
  /** Sends all requests on one stream and gives all answers. @throws ServiceError */
  converse(path: string, requests: readonly Uint8Array[]): Promise<readonly Uint8Array[]>;
  close(): void;
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
const asBytes = (bytes: Buffer): Uint8Array => new Uint8Array(bytes);

/** @param address `host:port` */
export function createGrpcClient(address: string): GrpcClient {
  const client = new Client(address, credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  return {
    call(path, data, named = {}, deadlineMs = 60_000) {
      const sent = new Metadata();
      for (const [name, value] of Object.entries(named)) sent.set(name, value);
      return new Promise((resolve) => {
        let received = new Metadata();
        const header = (name: string): string | undefined => received.get(name)[0]?.toString();
        const call = client.makeUnaryRequest(path, asBuffer, asBytes, data, sent, { deadline: Date.now() + deadlineMs }, (error, value) =>
          resolve({ code: error?.code ?? 0, message: error?.details ?? "", value: value ?? new Uint8Array(0), header }),
        );
        call.on("metadata", (metadata) => {
          received = metadata;
        });
      });
    },
    converse(path, requests) {
      return new Promise((resolve, reject) => {
        const answers: Uint8Array[] = [];
        const call = client.makeBidiStreamRequest<Uint8Array, Uint8Array>(path, asBuffer, asBytes);
        call.on("data", (answer: Uint8Array) => answers.push(answer));
        call.on("error", (error: ServiceError) => reject(error));
        call.on("end", () => resolve(answers));
        for (const request of requests) call.write(request);
        call.end();
      });
    },
    close: () => client.close(),
  };
}

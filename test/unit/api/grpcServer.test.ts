import assert from "node:assert/strict";
import { connect } from "node:http2";
import { after, before, describe, it } from "node:test";
import { createCallGate } from "../../../app/api/callGate.ts";
import { DEFAULT_GRPC_LIMITS } from "../../../app/api/grpcLimits.ts";
import { createGrpcServer, type GrpcServer } from "../../../app/api/grpcServer.ts";
import { createRpc } from "../../../app/api/rpcCall.ts";
import { descriptorImage, descriptors } from "../../../app/descriptorImage.ts";
import { hanzoServices } from "../../../app/hanzoServices.ts";
import { createGrpcClient, type GrpcClient } from "../../../cmd/hanzod/selftest/recording/grpcClient.ts";
import { type RequestQuery, ResponseQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { TEST_FACTS } from "../../harness/chainFacts.ts";

const PATH = "/cosmos.bank.v1beta1.Query/Params";
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Answers that wait to be released. */
const waiting: (() => void)[] = [];
/** Gives back what it was asked with; the text says what else it does. */
async function query({ data, height }: RequestQuery): Promise<ResponseQuery> {
  const text = new TextDecoder().decode(data);
  if (text === "defect") throw new Error("secret");
  if (text === "wait") await new Promise<void>((resolve) => waiting.push(resolve));
  if (text === "refuse there") return ResponseQuery.fromPartial({ code: 18, codespace: "sdk", log: text, height });
  if (text.startsWith("refuse ")) return ResponseQuery.fromPartial({ code: 18, codespace: "sdk", log: text.slice(7), height: 9n });
  return ResponseQuery.fromPartial({ value: data, height: height === 0n ? 9n : height });
}
const createServer = (): GrpcServer =>
  createGrpcServer({ descriptors: descriptors(), image: descriptorImage(), services: hanzoServices, query, chain: TEST_FACTS });

let server: GrpcServer;
let client: GrpcClient;
let address: string;
before(async () => {
  server = createServer();
  address = `127.0.0.1:${await server.listen({ host: "127.0.0.1", port: 0 })}`;
  client = createGrpcClient(address);
});
after(async () => {
  client.close();
  await server.close();
});

describe("a gRPC call", () => {
  it("passes the bytes as they are, whether or not they are a message", async () => {
    for (const data of [new Uint8Array(0), Uint8Array.of(0xff, 0, 1), new Uint8Array(100_000).fill(7)]) {
      const { code, value } = await client.call(PATH, data);
      assert.equal(code, 0);
      assert.deepEqual(value, data);
    }
  });

  it("asks for the height of its metadata and is told the height that was read", async () => {
    const cases: readonly (readonly [asked: string | undefined, told: string])[] = [
      [undefined, "9"],
      ["0", "9"],
      ["5", "5"],
    ];
    for (const [asked, told] of cases) {
      const { header } = await client.call(PATH, bytes(""), asked === undefined ? {} : { "x-cosmos-block-height": asked });
      assert.equal(header("x-cosmos-block-height"), told);
    }
  });

  it("fails with InvalidArgument for a height that is no int64", async () => {
    for (const height of ["abc", "1.5", "9223372036854775808"]) {
      const { code, message } = await client.call(PATH, bytes(""), { "x-cosmos-block-height": height });
      assert.deepEqual([code, message], [3, `invalid height header "x-cosmos-block-height": a whole number expected, got "${height}"`]);
    }
  });

  it("fails with the status of the answer; texts of any characters arrive", async () => {
    for (const text of ["no such thing", "50 % — ✓\nsecond line", "half a pair \ud800"]) {
      const { code, message, header } = await client.call(PATH, bytes(`refuse ${text}`));
      assert.deepEqual([code, message, header("x-cosmos-block-height")], [3, text.toWellFormed(), "9"]);
    }
  });

  it("that fails at a height of its choice is told that height, if its state was read", async () => {
    for (const [asked, text, told] of [
      ["5", "refuse there", "5"],
      ["5", "refuse it", undefined],
      ["9", "refuse it", "9"],
    ] as const) {
      const { code, header } = await client.call(PATH, bytes(text), { "x-cosmos-block-height": asked });
      assert.deepEqual([code, header("x-cosmos-block-height")], [3, told], `${text} at ${asked}`);
    }
  });

  it("that meets a defect is Internal, without its text", async () => {
    const { code, message } = await client.call(PATH, bytes("defect"));
    assert.deepEqual([code, message], [13, "internal"]);
  });

  it("of an unknown method or service, or of a message service, is Unimplemented", async () => {
    for (const path of ["/cosmos.bank.v1beta1.Query/Nope", "/no.Service/X", "/cosmos.bank.v1beta1.Msg/Send"])
      assert.equal((await client.call(path, bytes(""))).code, 12, path);
  });
});

describe("gRPC has limits", () => {
  it("a larger request is ResourceExhausted", async () => {
    assert.equal((await client.call(PATH, new Uint8Array(DEFAULT_GRPC_LIMITS.maxReceiveBytes))).code, 0);
    assert.equal((await client.call(PATH, new Uint8Array(DEFAULT_GRPC_LIMITS.maxReceiveBytes + 1))).code, 8);
  });

  it("a caller's deadline ends its call", async () => {
    const { code } = await client.call(PATH, bytes("wait"), {}, 2_000);
    assert.equal(code, 4);
    waiting.pop()?.();
  });

  it("a connection is told how many streams it may open", async () => {
    const session = connect(`http://${address}`);
    const settings = await new Promise<{ maxConcurrentStreams?: number }>((resolve) => session.once("remoteSettings", resolve));
    assert.equal(settings.maxConcurrentStreams, DEFAULT_GRPC_LIMITS.maxStreams);
    session.close();
  });

  it("more calls than may be under way together are ResourceExhausted, and room comes back", async () => {
    const call = createRpc({ query, local: new Map(), gate: createCallGate(20) });
    const held = Array.from({ length: 20 }, () => call({ path: PATH, data: bytes("wait"), height: undefined }));
    const { result } = await call({ path: PATH, data: bytes(""), height: undefined });
    assert.ok("status" in result);
    assert.deepEqual(result.status, { code: 8, message: "at most 20 calls at a time expected" });
    for (const release of waiting.splice(0)) release();
    await Promise.all(held);
    assert.ok("value" in (await call({ path: PATH, data: bytes(""), height: undefined })).result);
  });
});

it("closing waits for calls under way and does not wait for streams that nobody ends", async () => {
  const own = createServer();
  const port = await own.listen({ host: "127.0.0.1", port: 0 });
  const caller = createGrpcClient(`127.0.0.1:${port}`);
  const slow = caller.call(PATH, bytes("wait"));
  while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const closed = own.close();
  waiting.pop()?.();
  assert.equal((await slow).code, 0);
  await closed;
  caller.close();
});

it("a port that is taken is an error", async () => {
  const second = createServer();
  await assert.rejects(second.listen({ host: "127.0.0.1", port: Number(address.split(":")[1]) }));
  await second.close();
});

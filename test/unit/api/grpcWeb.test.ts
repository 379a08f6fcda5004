// gRPC-web as a page calls it: plain fetch, frames made and read by the test itself.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { FastifyInstance } from "fastify";
import { createRestServer } from "../../../app/api/rest.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { hanzoServices } from "../../../app/hanzoServices.ts";
import { ListImplementationsRequest, ListImplementationsResponse } from "../../../proto/gen/cosmos/base/reflection/v1beta1/reflection.ts";
import { GetChainDescriptorResponse } from "../../../proto/gen/cosmos/base/reflection/v2alpha1/reflection.ts";
import { type RequestQuery, ResponseQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { TEST_FACTS } from "../../harness/chainFacts.ts";

const PATH = "/cosmos.bank.v1beta1.Query/Params";
const BINARY = "application/grpc-web+proto";
const TEXT = "application/grpc-web-text";

async function query({ data, height }: RequestQuery): Promise<ResponseQuery> {
  const text = new TextDecoder().decode(data);
  if (text === "defect") throw new Error("secret");
  if (text === "never") await new Promise(() => undefined);
  if (text.startsWith("refuse ")) return ResponseQuery.fromPartial({ code: 18, codespace: "sdk", log: text.slice(7), height: 9n });
  return ResponseQuery.fromPartial({ value: data, height: height === 0n ? 9n : height });
}

let server: FastifyInstance;
let base: string;
before(async () => {
  server = await createRestServer({ descriptors: descriptors(), services: hanzoServices, query, allowAnyOrigin: true, chain: TEST_FACTS });
  base = await server.listen({ host: "127.0.0.1", port: 0 });
});
after(() => server.close());

function frame(data: Uint8Array, flags = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flags;
  head.writeUInt32BE(data.length, 1);
  return Buffer.concat([head, data]);
}

interface WebAnswer {
  readonly headers: Headers;
  readonly value: Uint8Array | undefined;
  readonly status: number;
  readonly message: string;
}

async function send(path: string, body: Uint8Array | string, headers: Readonly<Record<string, string>> = {}): Promise<WebAnswer> {
  const response = await fetch(`${base}${path}`, { method: "POST", body, headers: { "content-type": BINARY, ...headers } });
  assert.equal(response.status, 200);
  const raw = Buffer.from(await response.arrayBuffer());
  const bytes = (response.headers.get("content-type") ?? "").startsWith(TEXT) ? Buffer.from(raw.toString("latin1"), "base64") : raw;
  let value: Uint8Array | undefined;
  let trailer = "";
  for (let at = 0; at < bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    const payload = bytes.subarray(at + 5, end);
    if (bytes[at] === 0x80) trailer = payload.toString("latin1");
    else value = new Uint8Array(payload);
    at = end;
  }
  const fields = new Map(trailer.split("\r\n").map((line) => [line.split(":", 1)[0] ?? "", line.slice(line.indexOf(":") + 1)]));
  return {
    headers: response.headers,
    value,
    status: Number(fields.get("grpc-status")),
    message: decodeURIComponent(fields.get("grpc-message") ?? ""),
  };
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("gRPC-web on the REST port", () => {
  it("passes the bytes and tells the height, for both kinds", async () => {
    const data = Uint8Array.of(1, 2, 3, 0xff);
    const binary = await send(PATH, frame(data));
    assert.deepEqual([binary.status, binary.value, binary.headers.get("content-type")], [0, data, BINARY]);
    assert.equal(binary.headers.get("x-cosmos-block-height"), "9");
    const text = await send(PATH, frame(data).toString("base64"), { "content-type": TEXT });
    assert.deepEqual([text.status, text.value, text.headers.get("content-type")], [0, data, `${TEXT}+proto`]);
  });

  it("reads base64 in padded pieces", async () => {
    const whole = frame(bytes("pieces"));
    const body = whole.subarray(0, 4).toString("base64") + whole.subarray(4).toString("base64");
    assert.deepEqual((await send(PATH, body, { "content-type": TEXT })).value, bytes("pieces"));
  });

  it("asks for a height", async () => {
    assert.equal((await send(PATH, frame(bytes("")), { "x-cosmos-block-height": "5" })).headers.get("x-cosmos-block-height"), "5");
    assert.equal((await send(PATH, frame(bytes("")), { "x-cosmos-block-height": "x" })).status, 3);
  });

  it("shows a failure in the trailer, whatever its text", async () => {
    const answer = await send(PATH, frame(bytes("refuse 50 % — ✓\nsecond")));
    assert.deepEqual([answer.status, answer.message, answer.value], [3, "50 % — ✓\nsecond", undefined]);
    const defect = await send(PATH, frame(bytes("defect")));
    assert.deepEqual([defect.status, defect.message], [13, "internal"]);
  });

  it("keeps a caller's deadline", async () => {
    assert.equal((await send(PATH, frame(bytes("never")), { "grpc-timeout": "50m" })).status, 4);
    assert.equal((await send(PATH, frame(bytes("")), { "grpc-timeout": "soon" })).status, 3);
  });

  it("serves the reflection of interfaces, which REST does not", async () => {
    const request = ListImplementationsRequest.encode({ interfaceName: "cosmos.crypto.PubKey" }).finish();
    const { value = new Uint8Array(0) } = await send(
      "/cosmos.base.reflection.v1beta1.ReflectionService/ListImplementations",
      frame(request),
    );
    assert.ok(ListImplementationsResponse.decode(value).implementationMessageNames.includes("/cosmos.crypto.secp256k1.PubKey"));
  });

  it("has the reflection services, which have no REST", async () => {
    const path = "/cosmos.base.reflection.v2alpha1.ReflectionService/GetChainDescriptor";
    const { status, value } = await send(path, frame(new Uint8Array(0)));
    assert.equal(status, 0);
    assert.equal(GetChainDescriptorResponse.decode(value ?? new Uint8Array(0)).chain?.id, TEST_FACTS.chainId());
  });

  it("names what is not served", async () => {
    const cases: readonly (readonly [path: string, message: string])[] = [
      ["/cosmos.bank.v1beta1.Query/Nope", "unknown method Nope for service cosmos.bank.v1beta1.Query"],
      ["/no.Service/X", "unknown service no.Service"],
    ];
    for (const [path, message] of cases) {
      const answer = await send(path, frame(bytes("")));
      assert.deepEqual([answer.status, answer.message], [12, message]);
    }
  });

  it("refuses bodies that are not one frame", async () => {
    const cases: readonly (readonly [body: Uint8Array, status: number])[] = [
      [new Uint8Array(0), 3],
      [Uint8Array.of(0, 0, 0), 3],
      [frame(bytes("abc")).subarray(0, 6), 3],
      [Buffer.concat([frame(bytes("a")), frame(bytes("b"))]), 3],
      [frame(bytes("a"), 1), 12],
      [frame(bytes("a"), 0x80), 3],
    ];
    for (const [body, status] of cases) assert.equal((await send(PATH, body)).status, status, Buffer.from(body).toString("hex"));
    assert.equal((await send(PATH, "###", { "content-type": TEXT })).status, 3);
    // Neither is a reason to work long.
    assert.equal((await send(PATH, `${"A".repeat(1_000_000)}#`, { "content-type": TEXT })).status, 3);
    assert.equal((await send(PATH, "AA==".repeat(1_000_000), { "content-type": TEXT })).status, 3);
  });

  it("may be called by pages of any origin where the API allows it", async () => {
    const preflight = await fetch(`${base}${PATH}`, {
      method: "OPTIONS",
      headers: {
        origin: "http://page.test",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-grpc-web,x-cosmos-block-height",
      },
    });
    assert.equal(preflight.status, 200);
    assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
    for (const name of ["x-grpc-web", "x-user-agent", "grpc-timeout", "x-cosmos-block-height"])
      assert.ok(preflight.headers.get("access-control-allow-headers")?.includes(name), name);
    const { headers } = await send(PATH, frame(bytes("")), { origin: "http://page.test" });
    assert.equal(headers.get("access-control-allow-origin"), "*");
    for (const name of ["grpc-status", "grpc-message", "x-cosmos-block-height"])
      assert.ok(headers.get("access-control-expose-headers")?.includes(name), name);
  });
});

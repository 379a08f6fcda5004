import { createRecordedNode, recordings } from "./recordedNode.ts";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
const OURS = /^\/+(cosmos\/(auth|bank|consensus|tx|base|group)\/|ibc|feemarket|cosmwasm|nope|swagger|metrics)|^\/$/;
test("probe", async () => {
  const { server } = await createRecordedNode();
  const base = await server.listen({ host: "127.0.0.1", port: 0 });
  const out: string[] = [];
  const { request } = await import("node:http");
  for (const r of recordings.requests) {
    if (!OURS.test(r.path)) continue;
    const url = new URL(base);
    const got = await new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
      const req = request({ host: url.hostname, port: url.port, method: r.method, path: r.path, headers: { ...r.request_headers } }, (res) => {
        let text = "";
        res.setEncoding("utf8").on("data", (d: string) => (text += d)).on("end", () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }));
      });
      req.on("error", reject);
      if (r.request_body !== undefined) req.write(typeof r.request_body === "string" ? r.request_body : JSON.stringify(r.request_body));
      req.end();
    });
    const want = r.body === undefined ? "" : JSON.stringify(r.body);
    const headers = r.headers ?? recordings.default_headers;
    const hdiff = Object.entries(headers).filter(([k, v]) => got.headers[k] !== v).map(([k, v]) => `${k}: ${v} got ${got.headers[k]}`);
    const extra = ["x-cosmos-block-height", "grpc-metadata-x-cosmos-block-height", "grpc-metadata-content-type"].filter((k) => got.headers[k] !== undefined && headers[k] === undefined).map((k) => `extra ${k}`);
    if (got.status !== r.status || want !== got.text || hdiff.length + extra.length > 0) {
      let i = 0; while (i < want.length && want[i] === got.text[i]) i++;
      out.push(`${r.method} ${r.path} (${r.note ?? ""}) ${r.status} -> ${got.status} ${hdiff.join()} ${extra.join()}\n   at ${i}\n   want ${want.slice(Math.max(0, i - 60), i + 200)}\n   got  ${got.text.slice(Math.max(0, i - 60), i + 200)}`);
    }
  }
  writeFileSync("/tmp/probe_rest.txt", out.join("\n"));
  await server.close();
});

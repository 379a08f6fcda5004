import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { QueryError } from "#sdk";
import { consensus } from "../../../modules/consensus/index.ts";
import { hexOf } from "../../harness/memoryKv.ts";
import { createRecordedBench } from "../../harness/recordedChain.ts";
import { readSdkVectors } from "../../harness/sdkVectors.ts";

const SERVICES = ["/cosmos.auth.v1beta1.Query/", "/cosmos.bank.v1beta1.Query/", "/cosmos.consensus.v1.Query/"];
/** Not asked of a module: an unknown method, bytes that are no protobuf, another height. */
const ELSEWHERE = (path: string, data: string, height: number | undefined): boolean =>
  path.endsWith("/Nope") || data === "ff" || height !== undefined;
/** These accounts are of kinds that x/vesting will bring. */
const VESTING = new Set(["vcont", "vdelay", "vperiod", "vlocked", "vnew4"]);
/** Texts without a gRPC status there are InvalidArgument here: a caller's mistake is never an internal error. */
const STATUS = new Map([
  ["NotFound", 5],
  ["InvalidArgument", 3],
]);

const bench = createRecordedBench("exported");
bench.facet(consensus, "params").set(bench.ctx, {
  block: { maxBytes: 4_194_304n, maxGas: 49_000_000n },
  evidence: { maxAgeNumBlocks: 100_000n, maxAgeDuration: { seconds: 172_800n, nanos: 0 }, maxBytes: 1_048_576n },
  validator: { pubKeyTypes: ["ed25519"] },
  version: undefined,
  abci: undefined,
});

const recorded = readSdkVectors("abci").abci_query.filter(
  ({ path, data, height }) => SERVICES.some((service) => path.startsWith(service)) && !ELSEWHERE(path, data, height),
);
const mine = recorded.filter((query) => !VESTING.has((query as { readonly note?: string }).note ?? ""));

describe("queries answer as a recorded SDK chain does", () => {
  it("all but those about vesting accounts", () => assert.deepEqual([recorded.length, mine.length], [69, 54]));
  for (const { path, data, code, log = "", value } of mine) {
    it(`${path} ${data.slice(0, 40)}${code === 0 ? "" : ` fails with ${log}`}`, () => {
      const run = (): string => hexOf(bench.queryBytes(path, Uint8Array.from(Buffer.from(data, "hex"))));
      if (code === 0) {
        assert.equal(run(), value);
        return;
      }
      const [, status = "InvalidArgument", text = log.replace(/: (unknown|invalid) request$/, "")] =
        /^rpc error: code = (\w+) desc = (.*): (?:key not found|invalid request)$/.exec(log) ?? [];
      assert.throws(run, (error) => {
        assert.ok(error instanceof QueryError, String(error));
        assert.deepEqual([error.status, error.message], [STATUS.get(status), text]);
        return true;
      });
    });
  }
});

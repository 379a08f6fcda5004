import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { SimulateResponse } from "../../../proto/gen/cosmos/tx/v1beta1/service.ts";
import { RequestQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { createSdkChain, importableState, type RecordedGenesis, recorded } from "../../harness/sdkChain.ts";

interface RecordedQuery {
  readonly note?: string;
  readonly path: string;
  readonly data: string;
  readonly height?: number;
  readonly prove?: boolean;
  readonly code?: number;
  readonly codespace?: string;
  readonly log?: string;
  readonly value?: string;
}

const { exported } = recorded<RecordedGenesis>("genesis");
const TIME = "2026-11-23T07:20:55.905771135Z";
const start = { appState: importableState(exported.app_state), height: 176n, time: TIME, minGasPrices: "0.01stake" };
/** Paths of modules that this chain has; everything below the first three is the runtime's own. */
const OURS = /^\/?(cosmos\.(auth|bank|consensus)\.|cosmos\.base\.node|app|store|p2p|custom|nope)|^\/?$/;
/** Accounts that vest: here they are plain ones. */
const VESTING = new Set(["vcont", "vdelay", "vperiod", "vlocked", "vnew4"]);

/** Why a query is answered otherwise, undefined when it is not. */
function difference({ path, note = "", data, height, code, log }: RecordedQuery): string | undefined {
  if (VESTING.has(note) && !path.includes("nope")) return "no vesting accounts";
  if (height !== undefined && height < 176 && height > 1) return "history is not replayed";
  if (height === 1 && code === 0) return "history is not replayed";
  if (path === "/p2p/filter/x/1") return "no crash";
  if (path === "/store/upgrade/key") return "no upgrade module";
  if (path.endsWith("Query/Account") && /bech32/.test(log ?? "")) return "a caller's mistake is InvalidArgument";
  if (path === "/app/simulate") return data === "00" ? "names the message" : "other gas";
  if (path.endsWith("Service/Status")) return "other app hash";
  return undefined;
}

test("queries by path answer with the recorded code, codespace, text and bytes", async (t) => {
  const app = await createSdkChain(start);
  let same = 0;
  const others: string[] = [];
  for (const recording of recorded<{ readonly abci_query: readonly RecordedQuery[] }>("abci").abci_query) {
    const { path, data, height = 0, prove = false, code, codespace = "", log = "", value } = recording;
    if (!OURS.test(path)) continue;
    const answer = await app.query(RequestQuery.fromPartial({ path, data: fromHex(data), height: BigInt(height), prove }));
    assert.ok(answer.height > 0n, path);
    const why = difference(recording);
    if (why !== undefined) {
      others.push(`${path}: ${why}`);
      continue;
    }
    assert.deepEqual([answer.code, answer.codespace, answer.log], [code, codespace, log], `${path} ${data}`);
    assert.equal(toHex(answer.value), value, `${path} ${data}`);
    if (prove && code === 0 && path.startsWith("/store"))
      assert.deepEqual(
        answer.proofOps?.ops.map(({ type }) => type),
        ["ics23:iavl", "ics23:simple"],
      );
    same += 1;
  }
  assert.ok(same >= 80, `${same} queries compared`);
  t.diagnostic(`answered otherwise: ${others.join("; ")}`);
});

test("the recorded simulation gives the recorded responses and events, with the gas of this chain", async () => {
  const app = await createSdkChain(start);
  const { abci_query } = recorded<{ readonly abci_query: readonly RecordedQuery[] }>("abci");
  const recording = abci_query.find(({ path, code }) => path === "/cosmos.tx.v1beta1.Service/Simulate" && code === 0);
  assert.ok(recording);
  const { value } = await app.query(RequestQuery.fromPartial({ path: recording.path, data: fromHex(recording.data) }));
  const ours = SimulateResponse.decode(value);
  const theirs = SimulateResponse.decode(fromHex(recording.value ?? ""));
  assert.deepEqual(ours.result, theirs.result);
  assert.equal(ours.gasInfo?.gasWanted, theirs.gasInfo?.gasWanted);
  assert.ok((ours.gasInfo?.gasUsed ?? 0n) > 0n);
});

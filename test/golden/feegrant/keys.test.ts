import assert from "node:assert/strict";
import { it } from "node:test";
import { createAddressCodec } from "#sdk";
import { basic, begin, grant } from "../../unit/feegrant/feegrantBench.ts";

it("keys of x/feegrant are the bytes of the SDK's", () => {
  const bench = begin();
  const codec = createAddressCodec("test");
  const hex = (name: string): string => Buffer.from(codec.parse(bench.account(name))).toString("hex");
  const text = (value: string): string => Buffer.from(value).toString("hex");
  grant(bench, "ann", "bob", basic(5n, 1_795_422_742_000_000_500n));
  const pair = `14${hex("bob")}14${hex("ann")}`;
  const [granter, grantee] = [text(bench.account("ann")), text(bench.account("bob"))];
  const allowance = `0a272f636f736d6f732e6665656772616e742e763162657461312e4261736963416c6c6f77616e636512170a0a0a057374616b6512013512090896f48fd80610f403`;
  assert.deepEqual(bench.store("feegrant").dump(), [
    [`00${pair}`, `0a2b${granter}122b${grantee}1a42${allowance}`],
    [`01${text("2026-11-23T08:32:22.000000500")}${pair}`, "01"],
  ]);
});

import assert from "node:assert/strict";
import { it } from "node:test";
import { createAddressCodec, toTimestamp } from "#sdk";
import { begin, generic, grant } from "../../unit/authz/authzBench.ts";

it("keys of x/authz are the bytes of the SDK's", () => {
  const bench = begin();
  const codec = createAddressCodec("test");
  const hex = (name: string): string => Buffer.from(codec.parse(bench.account(name))).toString("hex");
  const text = (value: string): string => Buffer.from(value).toString("hex");
  const expiresNs = 1_795_422_742_000_000_500n;
  assert.deepEqual(toTimestamp(expiresNs), { seconds: 1_795_422_742n, nanos: 500 });
  grant(bench, "ann", "bob", generic(), expiresNs);
  const url = "/cosmos.bank.v1beta1.MsgSend";
  const pair = `14${hex("ann")}14${hex("bob")}`;
  const authorization = `0a2a2f636f736d6f732e617574687a2e763162657461312e47656e65726963417574686f72697a6174696f6e121e0a1c${text(url)}`;
  assert.deepEqual(bench.store("authz").dump(), [
    [`01${pair}${text(url)}`, `0a4c${authorization}12090896f48fd80610f403`],
    [`02${text("2026-11-23T08:32:22.000000500")}${pair}`, `0a1c${text(url)}`],
  ]);
});

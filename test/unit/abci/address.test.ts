import assert from "node:assert/strict";
import { test } from "node:test";
import { AbciAddressError, formatAbciAddress, parseAbciAddress } from "../../../app/abci/address.ts";

test("addresses are read and written back in CometBFT's notation", () => {
  for (const text of ["unix:///tmp/a.sock", "tcp://127.0.0.1:26658", "tcp://localhost:0", "tcp://[::1]:26658"]) {
    assert.equal(formatAbciAddress(parseAbciAddress(text)), text);
  }
});

test("addresses that cannot be listened on are refused with what was expected", () => {
  const cases: readonly (readonly [text: string, reason: RegExp])[] = [
    ["", /expected unix:\/\/\/path or tcp:\/\/host:port/],
    ["/tmp/a.sock", /expected unix/],
    ["unix://a.sock", /absolute/],
    [`unix:///${"x".repeat(110)}`, /at most 103 bytes, this one has 111/],
    ["tcp://127.0.0.1", /port from 0 to 65535/],
    ["tcp://:26658", /expected tcp/],
    ["tcp://127.0.0.1:65536", /port from 0 to 65535/],
    ["tcp://127.0.0.1:-1", /port from 0 to 65535/],
    ["tcp://127.0.0.1:1e3", /port from 0 to 65535/],
    ["grpc://127.0.0.1:1", /expected unix/],
  ];
  for (const [text, reason] of cases) {
    assert.throws(
      () => parseAbciAddress(text),
      (error: unknown) => error instanceof AbciAddressError && reason.test(error.message),
      text,
    );
  }
});

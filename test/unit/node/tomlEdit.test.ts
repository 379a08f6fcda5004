import assert from "node:assert/strict";
import { test } from "node:test";
import { NodeError } from "../../../cmd/hanzod/node/nodeError.ts";
import { editToml, findTomlValue } from "../../../cmd/hanzod/node/tomlEdit.ts";

const TEXT = `# top comment
proxy_app = "tcp://127.0.0.1:26658"   # kept nowhere: the line is replaced
[rpc]
# laddr = "tcp://example:1"
laddr = "tcp://127.0.0.1:26657"
cors_allowed_origins = []

[p2p]
laddr = "tcp://0.0.0.0:26656"
pex = true
max_packet = 1024 # bytes
`;

test("keys are set in their own section and nothing else moves", () => {
  const edited = editToml(
    TEXT,
    new Map<string, string | bigint | boolean | readonly string[]>([
      ["proxy_app", 'unix:///a "b"'],
      ["p2p.laddr", "tcp://127.0.0.1:1"],
      ["p2p.pex", false],
      ["p2p.max_packet", 7n],
      ["rpc.cors_allowed_origins", ["*", "http://a"]],
    ]),
  );
  assert.equal(
    edited,
    `# top comment
proxy_app = "unix:///a \\"b\\""
[rpc]
# laddr = "tcp://example:1"
laddr = "tcp://127.0.0.1:26657"
cors_allowed_origins = ["*", "http://a"]

[p2p]
laddr = "tcp://127.0.0.1:1"
pex = false
max_packet = 7
`,
  );
  assert.equal(findTomlValue(edited, "proxy_app"), 'unix:///a "b"');
});

test("values are read from their own section", () => {
  assert.equal(findTomlValue(TEXT, "rpc.laddr"), "tcp://127.0.0.1:26657");
  assert.equal(findTomlValue(TEXT, "p2p.laddr"), "tcp://0.0.0.0:26656");
  assert.equal(findTomlValue(TEXT, "p2p.max_packet"), "1024");
  assert.equal(findTomlValue(TEXT, "laddr"), undefined);
});

test("a key that the file does not have is an error that names it", () => {
  assert.throws(
    () => editToml(TEXT, new Map([["rpc.ladr", "x"]])),
    (error: unknown) => error instanceof NodeError && error.code === "HZN-CONFIG" && error.message.includes("rpc.ladr"),
  );
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { image } from "#proto/image";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "wire-"));

type Wire = Record<"messages" | "enums" | "services" | "options", Record<string, unknown>>;
const golden = JSON.parse(readFileSync(join(root, "test/proto/golden/wire.json"), "utf8")) as Wire;

function wireOf(bytes: Uint8Array): Wire {
  const file = join(folder, "image.binpb");
  writeFileSync(file, bytes);
  return JSON.parse(execFileSync(process.execPath, ["tools/build/proto.mjs", "--wire", file], { cwd: root, encoding: "utf8" })) as Wire;
}

describe("the wire is what test/proto/golden/wire.json says (after a wanted change: node tools/build/proto.mjs --update-golden)", () => {
  after(() => rmSync(folder, { recursive: true }));
  const bytes = Uint8Array.from(Buffer.from(image, "base64"));

  for (const kind of ["messages", "enums", "services", "options"] as const) {
    it(kind, () => {
      const current = wireOf(bytes)[kind];
      for (const [name, definition] of Object.entries(current)) assert.deepEqual(definition, golden[kind][name], name);
      assert.deepEqual(Object.keys(current), Object.keys(golden[kind]));
    });
  }

  it("a changed field number is seen", () => {
    const files = fromBinary(FileDescriptorSetSchema, bytes);
    const message = files.file.find((file) => file.name === "hanzo/hmm/v1/tx.proto")?.messageType.find((type) => type.name === "MsgSwap");
    const field = message?.field.find((candidate) => candidate.name === "min_out");
    assert.ok(field !== undefined);
    field.number = 5;
    const changed = wireOf(toBinary(FileDescriptorSetSchema, files));
    assert.notDeepEqual(changed.messages["hanzo.hmm.v1.MsgSwap"], golden.messages["hanzo.hmm.v1.MsgSwap"]);
  });
});

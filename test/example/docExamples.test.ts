// What docs/MODULES.md and README.md show compiles; what they show of the guest book is what runs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { codeBlocks, compileExamples, type DocExamples } from "../harness/docExamples.ts";

const CHECKOUT = fileURLToPath(new URL("../../../", import.meta.url));
const read = (path: string): string => readFileSync(join(CHECKOUT, path), "utf8");
const withoutSpace = (text: string): string => text.replaceAll(/\s+/g, "");
/** Bodies that the text leaves empty for brevity. */
const elided = (code: string): string => code.replaceAll(") {}", ') { throw new Error("elided"); }');

const GUESTBOOK = `
import { Line, MsgDefinition, Params, QueryDefinition } from "#proto/example/guestbook/v1/guestbook";
import { coll, defineModule, key, value, type ProtoCodec } from "#sdk";
import { bank } from "../../modules/bank/index.ts";
`;
const BENCH = `
import assert from "node:assert/strict";
import { concatBytes } from "../../app/encoding/bytes.ts";
import { decodeBech32 } from "../../app/encoding/bech32.ts";
import { auth } from "../../modules/auth/index.ts";
import { bank } from "../../modules/bank/index.ts";
import { guestbook } from "../../test/example/guestbook/index.ts";
import { createBench } from "../../test/harness/moduleBench.ts";
`;

describe("the documents for authors", () => {
  const blocks = codeBlocks(read("docs/MODULES.md"), "ts");
  const [declaration = "", state = "", handler = "", bench = "", lineKey = ""] = blocks;
  let examples: DocExamples;

  before(async () => {
    const [purchase = ""] = codeBlocks(read("README.md"), "ts");
    const bond = "declare const Bond: ProtoCodec<{ expiry: bigint }>;";
    const found = `const signer = bench.account("ann");\n${lineKey}\nassert.ok(bench.store("guestbook").get(lineKey) !== undefined, "the line stands under its key");`;
    examples = await compileExamples({
      declaration: GUESTBOOK + elided(declaration),
      state: `${GUESTBOOK}${bond}\nexport const { state } = { ${state} };`,
      bench: `${BENCH}${bench}${found}\nconsole.log(bench.takeEvents().length);`,
      purchase: `import type { OfflineSigner } from "@cosmjs/proto-signing";\nimport { connect } from "hanzod/client";\ndeclare const wallet: OfflineSigner;\ndeclare const sender: string;\n${purchase}`,
    });
  });
  after(() => examples?.remove());

  it("have five examples in MODULES.md, which all compile with the one of README.md", () => assert.equal(blocks.length, 5));

  it("show the handler that the guest book has", () =>
    assert.ok(withoutSpace(read("test/example/guestbook/index.ts")).includes(withoutSpace(handler)), handler));

  it("show a bench that runs, and where a line stands in the store", async () => {
    assert.match(await examples.run("bench"), /^[1-9]\d*$/m);
  });
});

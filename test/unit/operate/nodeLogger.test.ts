import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EnglishMnemonic } from "@cosmjs/crypto";
import { LOG_COMPONENTS, parseLogLevels } from "../../../cmd/hanzod/log/levels.ts";
import { createNodeLogger } from "../../../cmd/hanzod/log/nodeLogger.ts";

const PHRASE = "test test test test test test test test test test test junk";
const levels = (text: string) => parseLogLevels(text) ?? assert.fail(text);

describe("levels of the log", () => {
  for (const [text, expected] of [
    ["info", { node: "info", store: "info" }],
    ["warn,store:debug", { node: "warn", store: "debug", api: "warn" }],
    ["state:none", { state: "none", node: "info" }],
    ["*:error, comet:info", { node: "error", comet: "info" }],
  ] as const)
    it(`${text} is read`, () => {
      const read = levels(text);
      for (const [component, level] of Object.entries(expected)) assert.equal(read[component as "node"], level, component);
    });

  for (const text of ["", "loud", "store:", "stor:debug", "store:debug:info", "info,warn", "store:info,store:warn"])
    it(`${JSON.stringify(text)} is refused`, () => assert.equal(parseLogLevels(text), undefined));
});

describe("the node's log", () => {
  const open = (format: "plain" | "json", text: string, secrets: readonly string[] = []) => {
    const lines: string[] = [];
    return { lines, logger: createNodeLogger({ format, levels: levels(text), secrets, write: (line) => void lines.push(line) }) };
  };

  it("writes what the level of each part lets through, and changes it while it runs", () => {
    const { lines, logger } = open("plain", "warn,store:debug");
    for (const component of LOG_COMPONENTS)
      for (const level of ["debug", "info", "warn", "error"] as const) logger.log(level, level, component);
    assert.equal(lines.filter((line) => line.includes(" store: ")).length, 4);
    assert.equal(lines.filter((line) => line.includes(" state: ")).length, 2);
    lines.length = 0;
    logger.setLevels(levels("none"));
    logger.log("error", "nothing", "store");
    assert.deepEqual(lines, []);
  });

  it("writes JSON objects, one per line", () => {
    const { lines, logger } = open("json", "info");
    logger.log("info", "two\nlines", "state", { height: 5n, hash: Uint8Array.of(1, 2), failed: new Error("why") });
    assert.equal(lines.length, 1);
    assert.equal(lines[0]?.split("\n").length, 2);
    const { time, failed, ...rest } = JSON.parse(lines[0] ?? "") as Record<string, unknown>;
    assert.ok(Math.abs(Date.parse(String(time)) - Date.now()) < 60_000);
    assert.match(String(failed), /^Error: why/);
    assert.deepEqual(rest, { level: "info", component: "state", msg: "two\nlines", height: "5", hash: "0102" });
  });

  it("writes lines for people", () => {
    const { lines, logger } = open("plain", "info");
    logger.log("warn", "it waits", "comet", { restarts: 2, why: "no answer" });
    assert.match(lines[0] ?? "", /^\d\d:\d\d:\d\d\.\d{3} warn {2}comet: it waits restarts=2 why=no answer\n$/);
  });

  for (const format of ["plain", "json"] as const)
    it(`never writes a secret (${format})`, () => {
      const { lines, logger } = open(format, "debug", ["correct horse"]);
      logger.log("info", `the phrase is: ${PHRASE}, and the passphrase correct horse`);
      logger.log("info", 'file {"priv_key":{"type":"x","value":"c2VjcmV0"}}');
      logger.log("info", "fields", "state", { mnemonic: PHRASE, nested: { privKey: "c2VjcmV0", list: [PHRASE] }, PASSWORD: "c2VjcmV0" });
      const text = lines.join("");
      for (const secret of ["test test", "junk", "correct horse", "c2VjcmV0"]) assert.ok(!text.includes(secret), `${secret} in ${text}`);
      assert.equal(text.split("[redacted]").length - 1, 7);
    });

  it("leaves ordinary sentences alone", () => {
    const { lines, logger } = open("plain", "info");
    const sentence = "the store was not closed well so the last block that was taken back comes again from the network";
    logger.log("info", sentence);
    assert.ok(lines[0]?.includes(sentence));
    assert.ok(EnglishMnemonic.wordlist.length === 2048);
  });
});

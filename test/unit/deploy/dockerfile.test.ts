// The Dockerfile is checked by its structure: images are built elsewhere.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { DEFAULT_PORTS } from "../../../cmd/hanzod/command/init.ts";
import { SETTING_KEYS, variableOf } from "../../../cmd/hanzod/config/settings.ts";

const root = join(import.meta.dirname, "../../../..");
const instructions = readFileSync(join(root, "Dockerfile"), "utf8")
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll(/\\\n\s*/g, " ")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)] as const);
const of = (name: string): string[] => instructions.filter(([instruction]) => instruction === name).map(([, words]) => words);
const ignored = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");

describe("the Dockerfile", () => {
  it("has instructions that Docker knows, in stages", () => {
    const known = ["FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"];
    for (const [instruction] of instructions) assert.ok(known.includes(instruction), instruction);
    assert.equal(instructions[0]?.[0], "FROM");
  });

  it("names the version of every base image", () => {
    const stages = new Set(of("FROM").map((words) => words.split(" AS ")[1]));
    for (const words of of("FROM")) assert.match(words, /^[a-z]+:\d[\w.-]*( AS [a-z]+)?$/);
    for (const words of of("COPY")) {
      const stage = /--from=(\w+)/.exec(words)?.[1];
      assert.ok(stage === undefined || stages.has(stage), words);
    }
  });

  it("has a Go that builds CometBFT and a Node.js that runs the program", () => {
    const version = (image: string): number[] =>
      (new RegExp(`^${image}:([\\d.]+)`).exec(of("FROM").find((words) => words.startsWith(image)) ?? "")?.[1] ?? "").split(".").map(Number);
    const [major = 0, minor = 0] =
      /^go (\d+)\.(\d+)/m
        .exec(readFileSync(join(root, "tools/cometbft/go.mod"), "utf8"))
        ?.slice(1)
        .map(Number) ?? [];
    const go = version("golang");
    assert.ok((go[0] ?? 0) > major || (go[0] === major && (go[1] ?? 0) >= minor));
    assert.ok((version("node")[0] ?? 0) >= 20);
  });

  it("copies only what exists and is not ignored", () => {
    for (const words of of("COPY").filter((copy) => !copy.startsWith("--from")))
      for (const source of words.split(" ").slice(0, -1)) {
        assert.ok(existsSync(join(root, source)), source);
        assert.ok(!ignored.includes(source), source);
      }
  });

  it("runs as a user without rights, on a volume of its own, and stops with SIGTERM", () => {
    const user = of("USER").at(-1) ?? "";
    assert.ok(user !== "" && user !== "root" && user !== "0");
    assert.ok(instructions.findIndex(([name]) => name === "USER") < instructions.findIndex(([name]) => name === "ENTRYPOINT"));
    const home = /HANZO_HOME=(\S+)/.exec(of("ENV").join(" "))?.[1];
    assert.deepEqual(of("VOLUME"), [home]);
    assert.deepEqual(of("STOPSIGNAL"), ["SIGTERM"]);
  });

  it("starts the node with settings that exist, without a shell between it and the signals", () => {
    for (const name of ["ENTRYPOINT", "CMD"]) assert.ok(Array.isArray(JSON.parse(of(name)[0] ?? "")), name);
    assert.match(of("ENTRYPOINT")[0] ?? "", /dist\/cmd\/hanzod\/main\.js/);
    for (const [, variable = ""] of of("ENV")
      .join(" ")
      .matchAll(/\b(HANZOD_\w+)=/g))
      assert.ok(SETTING_KEYS.map(variableOf).includes(variable), variable);
  });

  it("exposes the ports of a new home and asks it whether it lives", () => {
    assert.deepEqual(
      (of("EXPOSE")[0] ?? "")
        .split(" ")
        .map(Number)
        .sort((a, b) => a - b),
      Object.values(DEFAULT_PORTS).sort((a, b) => a - b),
    );
    assert.match(of("HEALTHCHECK")[0] ?? "", new RegExp(`127\\.0\\.0\\.1:${DEFAULT_PORTS.rest}/livez`));
  });

  it("puts no keys and no chain into the image", () => {
    for (const entry of [".git", ".localnet", "**/keyring-*", "**/node_key.json", "**/priv_validator_key.json", "node_modules", "dist"])
      assert.ok(ignored.includes(entry), entry);
    assert.ok(!/passphrase|mnemonic|secret/i.test(instructions.flat().join(" ")));
  });
});

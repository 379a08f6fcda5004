// The units are accepted by systemd and stop, restart and reload a node as it needs it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { configCommand } from "../../../cmd/hanzod/command/config.ts";
import { startCommand } from "../../../cmd/hanzod/command/start.ts";
import { EXIT } from "../../../cmd/hanzod/node/nodeError.ts";

const folder = join(import.meta.dirname, "../../../../deploy/systemd");
const units = readdirSync(folder).filter((name) => name.endsWith(".service"));
const text = (unit: string): string => readFileSync(join(folder, unit), "utf8");
const values = (unit: string, key: string): string[] =>
  [...text(unit).matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value]) => value ?? "");

describe("the systemd units", () => {
  it("are there", () => assert.deepEqual(units, ["hanzod-app.service", "hanzod-cometbft.service", "hanzod.service"]));

  it("pass systemd-analyze verify", (t) => {
    const copies = mkdtempSync(join(tmpdir(), "hz-"));
    try {
      // The programs are not installed here: any that exists stands for them.
      for (const unit of units) writeFileSync(join(copies, unit), text(unit).replaceAll(/\/usr\/local\/bin\/[a-z]+/g, "/bin/true"));
      const { status, error, stderr } = spawnSync("systemd-analyze", ["verify", ...units.map((unit) => join(copies, unit))], {
        encoding: "utf8",
      });
      if (error !== undefined) {
        t.diagnostic(String(error));
        console.log("systemd-analyze is missing here (Debian package systemd): the units were checked by their structure alone");
        return;
      }
      // Words about other units of the machine are none of ours.
      const ours = stderr.split("\n").filter((line) => line.includes("hanzod"));
      assert.deepEqual([status, ours], [0, []], stderr);
    } finally {
      rmSync(copies, { recursive: true });
    }
  });

  for (const unit of ["hanzod.service", "hanzod-app.service"]) {
    it(`${unit} starts the node again only where that can help`, () => {
      assert.deepEqual(values(unit, "Restart"), ["on-failure"]);
      const hopeless = [EXIT.stopped, EXIT.busy, EXIT.config].sort((a, b) => a - b).join(" ");
      assert.deepEqual(values(unit, "RestartPreventExitStatus"), [hopeless]);
    });

    it(`${unit} calls commands with options that exist`, () => {
      for (const line of [...values(unit, "ExecStart"), ...values(unit, "ExecStartPre"), ...values(unit, "ExecReload")]) {
        const [, ...words] = line.split(" ");
        const parent = words[0] === "start" ? startCommand() : configCommand();
        const command = words[0] === "config" ? parent.commands.find((candidate) => candidate.name() === words[1]) : parent;
        assert.ok(command !== undefined, line);
        for (const word of words.filter((candidate) => candidate.startsWith("--")))
          assert.ok(
            command.options.some(({ long }) => long === word),
            `${word} in ${line}`,
          );
      }
    });
  }

  it("stop the node in its order: the signal reaches hanzod alone, with time to stop CometBFT", () => {
    for (const unit of units) assert.deepEqual(values(unit, "KillMode"), ["mixed"]);
    for (const unit of units) assert.ok(Number(values(unit, "TimeoutStopSec")[0]) > 30, unit);
  });

  it("start CometBFT again however it ended, and bind it to its application", () => {
    assert.deepEqual(values("hanzod-cometbft.service", "Restart"), ["always"]);
    assert.deepEqual(values("hanzod-cometbft.service", "BindsTo"), ["hanzod-app.service"]);
    assert.ok(values("hanzod-cometbft.service", "After")[0]?.includes("hanzod-app.service"), "stopped before it");
    assert.ok(values("hanzod-app.service", "Wants").includes("hanzod-cometbft.service"), "bound units do not come back by themselves");
    const socket = /unix:\/\/\S+/.exec(text("hanzod-app.service"))?.[0];
    assert.ok(socket !== undefined && text("hanzod-cometbft.service").includes(socket));
  });

  it("let no program of the node write or execute more than it needs", () => {
    for (const unit of units)
      for (const line of [
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "UMask=0077",
        "User=hanzo",
        "CapabilityBoundingSet=",
      ])
        assert.ok(text(unit).includes(`\n${line}\n`), `${unit}: ${line}`);
    // The program compiles while it runs.
    assert.ok(!text("hanzod.service").includes("MemoryDenyWriteExecute"));
  });
});

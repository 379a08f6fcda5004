// Lets a test end, delay or fail this node at a named moment of its store, as CometBFT does with FAIL_TEST_INDEX. Off unless a variable asks for it.

import { writeSync } from "node:fs";
import type { ProofBehind } from "../../../app/store/backgroundProof.ts";
import type { CommitStoreOptions } from "../../../app/store/commitStore.ts";
import { type FailpointHook, failpoints } from "../../../app/store/failpoint.ts";
import type { Database } from "../../../app/store/rocks.ts";
import { CliError } from "../../shared/cliError.ts";
import { EXIT } from "../node/nodeError.ts";
import { failingDatabase, ioError, ioFaults, ioOperations } from "./failingDatabase.ts";

/**
 * What the environment asks of the store: `FAIL_TEST_POINT=<moment>[:<passes>[:<ms>|:eio]]` ends the process with SIGKILL at that moment after it
 * was passed so often, makes it wait `ms` milliseconds there from then on, or has the disk fail there once;
 * `FAIL_TEST_IO=<operation>:<fault>[:<passes>[:<ms>]]` has the database fail; `FAIL_TEST_CHECKPOINTS=<blocks>[:<ms>]` writes checkpoints so
 * often, and has a state of any size proven behind the start, so many milliseconds after it; at once when left out.
 * @throws CliError (exit code 78) for another text
 */
export function readFailTest(
  environment: Readonly<Record<string, string | undefined>>,
): Pick<CommitStoreOptions, "failpoint" | "checkpointInterval" | "database"> & { readonly proof?: Omit<ProofBehind, "refuted"> } {
  const io = environment["FAIL_TEST_IO"];
  const point = environment["FAIL_TEST_POINT"];
  const checkpoints = environment["FAIL_TEST_CHECKPOINTS"];
  const [, interval, delayMs = "0"] = /^([1-9]\d{0,8})(?::(\d{1,5}))?$/.exec(checkpoints ?? "") ?? [];
  if (checkpoints !== undefined && interval === undefined) throw refuse("FAIL_TEST_CHECKPOINTS", "<blocks>[:<ms>]", checkpoints);
  return {
    ...(point === undefined ? {} : { failpoint: hookOf(point) }),
    ...(io === undefined ? {} : { database: databaseOf(io) }),
    ...(interval === undefined ? {} : { checkpointInterval: BigInt(interval), proof: { fromBytes: 0, delayMs: Number(delayMs) } }),
  };
}

function hookOf(text: string): FailpointHook {
  const [, name, passes = "0", ms] = /^([a-zA-Z]+)(?::(\d{1,6})(?::(\d{1,5}|eio))?)?$/.exec(text) ?? [];
  const moment = failpoints.find((known) => known === name);
  if (moment === undefined) throw refuse("FAIL_TEST_POINT", `<moment>[:<passes>[:<ms>|:eio]] with one of ${failpoints.join(", ")}`, text);
  let left = Number(passes);
  return (reached) => {
    if (reached !== moment) return;
    if (left > 0) left -= 1;
    else if (ms === undefined) die(moment);
    else if (ms === "eio") {
      left = Number.POSITIVE_INFINITY;
      throw ioError(moment);
    } else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms));
  };
}

function databaseOf(text: string): (db: Database) => Database {
  const [, operation, fault, passes = "0", ms = "0"] = /^([a-z]+):([a-z]+)(?::(\d{1,6})(?::(\d{1,5}))?)?$/.exec(text) ?? [];
  const kind = ioOperations.find((known) => known === operation);
  const how = ioFaults.find((known) => known === fault);
  if (kind === undefined || how === undefined)
    throw refuse("FAIL_TEST_IO", `<${ioOperations.join("|")}>:<${ioFaults.join("|")}>[:<passes>[:<ms>]]`, text);
  return (db) => failingDatabase(db, { operation: kind, fault: how, passes: Number(passes), ms: Number(ms) });
}

/** Nothing of this process runs after this: neither its clean-up nor what the event loop still holds. */
function die(moment: string): void {
  writeSync(2, `fail point ${moment} reached\n`);
  process.kill(process.pid, "SIGKILL");
}

function refuse(name: string, expected: string, got: string): CliError {
  return new CliError(`${name} is "${got}"`, {
    why: `${expected} is expected`,
    next: `unset ${name}: it is for tests`,
    exitCode: EXIT.config,
  });
}

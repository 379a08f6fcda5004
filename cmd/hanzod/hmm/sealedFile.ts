import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { toJson } from "../../shared/output.ts";

/** A sealed order as its owner keeps it: with the salt, without which it cannot be revealed. */
export interface SealedFile {
  readonly chainId: string;
  readonly round: bigint;
  readonly poolId: string;
  readonly sender: string;
  readonly side: "buy" | "sell";
  /** Resource base units. */
  readonly resource: bigint;
  readonly limitE18: bigint;
  /** Credit base units held until the reveal. */
  readonly deposit: bigint;
  /** First and last height at which it can be revealed. */
  readonly revealFrom: bigint;
  readonly revealTo: bigint;
  /** 32 bytes each, hexadecimal. */
  readonly salt: string;
  readonly hash: string;
}

const FORMAT = "hanzo/sealed/v1";
const SHOWN_HASH = 8;
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
/** Integers are texts in the file. */
const INTEGERS = ["round", "resource", "limitE18", "deposit", "revealFrom", "revealTo"] as const;

/**
 * Keeps a sealed order below a home, readable by its owner alone.
 * @param home the home's folder
 * @returns path of the new file
 * @throws CliError when it cannot be written
 */
export function saveSealed(home: string, order: SealedFile): string {
  const folder = join(home, "sealed");
  const path = join(folder, `${order.poolId}-${order.round}-${order.hash.slice(0, SHOWN_HASH)}.json`);
  try {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
    writeFileSync(path, `${toJson({ format: FORMAT, ...order })}\n`, { mode: PRIVATE_FILE, flag: "wx" });
    chmodSync(path, PRIVATE_FILE);
  } catch (cause) {
    throw new CliError(`the sealed order cannot be kept in ${folder}`, {
      why: reasonOf(cause),
      next: "nothing was sent; choose another --home",
      cause,
    });
  }
  return path;
}

/** Removes the file of an order that the chain did not take. */
export function dropSealed(path: string): void {
  rmSync(path, { force: true });
}

/** Reads a sealed order. @throws CliError when the file is none */
export function loadSealed(path: string): SealedFile {
  try {
    const json = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
    if (json["format"] !== FORMAT) throw new CliError(`format "${FORMAT}" is expected, got ${JSON.stringify(json["format"])}`);
    const text = (name: string, form: RegExp): string => {
      const value = json[name];
      if (typeof value !== "string" || !form.test(value)) throw new CliError(`${name}: ${form} is expected, got ${JSON.stringify(value)}`);
      return value;
    };
    const [round = 0n, resource = 0n, limitE18 = 0n, deposit = 0n, revealFrom = 0n, revealTo = 0n] = INTEGERS.map((name) =>
      BigInt(text(name, /^\d{1,60}$/)),
    );
    return {
      chainId: text("chainId", /^.+$/),
      round,
      poolId: text("poolId", /^[a-z][a-z0-9-]{0,31}$/),
      sender: text("sender", /^[a-z0-9]+$/),
      side: text("side", /^(buy|sell)$/) === "buy" ? "buy" : "sell",
      resource,
      limitE18,
      deposit,
      revealFrom,
      revealTo,
      salt: text("salt", /^[0-9a-f]{64}$/),
      hash: text("hash", /^[0-9a-f]{64}$/),
    };
  } catch (cause) {
    throw new CliError(`${path} is no sealed order`, { why: reasonOf(cause), next: "hanzod hmm seal makes one", cause });
  }
}

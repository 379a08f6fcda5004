import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromBase64, fromHex } from "../../../app/encoding/bytes.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { toJson } from "../../shared/output.ts";

/** What the reveal of an entry needs, as the submitter's home keeps it. */
export interface KeptEntry {
  readonly chainId: string;
  readonly submitter: string;
  /** 0 until the chain has told it. */
  readonly entryId: bigint;
  readonly roundId: bigint;
  readonly cid: string;
  readonly shard: Uint8Array;
}

/** What the reveal of a vote needs. */
export interface KeptVote {
  readonly chainId: string;
  readonly voter: string;
  readonly roundId: bigint;
  readonly scores: readonly { readonly entryId: bigint; readonly quality: number }[];
  readonly salt: Uint8Array;
}

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
const ENTRY = "hanzo/experience/entry/v1";
const VOTE = "hanzo/experience/vote/v1";

const folderOf = (home: string): string => join(home, "experience");
const entryPath = (home: string, chainId: string, id: bigint): string => join(folderOf(home), `entry-${fileName(chainId)}-${id}.json`);
const votePath = (home: string, { chainId, roundId, voter }: Pick<KeptVote, "chainId" | "roundId" | "voter">): string =>
  join(folderOf(home), `vote-${fileName(chainId)}-${roundId}-${voter}.json`);

/** Chain ids may have any character. */
function fileName(chainId: string): string {
  return encodeURIComponent(chainId).replaceAll("*", "%2A");
}

/**
 * Keeps a shard before its commitment is sent: whoever loses it loses the bond.
 * @returns path of the new file
 * @throws CliError when it cannot be written
 */
export function keepShard(home: string, entry: Omit<KeptEntry, "entryId" | "roundId">): string {
  const path = join(folderOf(home), `pending-${entry.cid}.json`);
  write(path, ENTRY, { ...entry, entryId: 0n, roundId: 0n, shard: Buffer.from(entry.shard).toString("base64") });
  return path;
}

/** Gives the kept shard of an entry its number. @returns path of the file */
export function keepEntry(home: string, pending: string, entry: KeptEntry): string {
  const path = entryPath(home, entry.chainId, entry.entryId);
  write(pending, ENTRY, { ...entry, shard: Buffer.from(entry.shard).toString("base64") });
  renameSync(pending, path);
  return path;
}

/** Removes what the chain did not take. */
export function dropKept(path: string): void {
  rmSync(path, { force: true });
}

/**
 * The kept shard of an entry: under its number, or as it was before the chain's answer came.
 * @param cid of the entry, as the chain has it
 * @throws CliError when this home has none
 */
export function loadEntry(home: string, chainId: string, entryId: bigint, cid: string): KeptEntry {
  const numbered = entryPath(home, chainId, entryId);
  const path = existsSync(numbered) ? numbered : join(folderOf(home), `pending-${cid}.json`);
  const { text, integer } = read(path, ENTRY, `hanzod experience submit keeps it in the home that it is called with`);
  return {
    chainId: text("chainId", /^.+$/),
    submitter: text("submitter", /^[a-z0-9]+$/),
    entryId: integer("entryId"),
    roundId: integer("roundId"),
    cid: text("cid", /^b[a-z2-7]{58}$/),
    shard: fromBase64(text("shard", /^[A-Za-z0-9+/]+=*$/)),
  };
}

/** Keeps a vote before it is committed to. @returns path of the new file @throws CliError when it cannot be written */
export function keepVote(home: string, vote: KeptVote): string {
  const path = votePath(home, vote);
  write(path, VOTE, { ...vote, salt: Buffer.from(vote.salt).toString("hex") });
  return path;
}

/** A kept vote. @throws CliError when this home has none */
export function loadVote(home: string, place: Pick<KeptVote, "chainId" | "roundId" | "voter">): KeptVote {
  const { json, text } = read(votePath(home, place), VOTE, "hanzod experience vote ROUND --scores … makes one");
  const scores = json["scores"];
  if (!Array.isArray(scores)) throw new CliError("the kept vote has no scores");
  return {
    ...place,
    scores: scores.map(({ entryId, quality }: { entryId: unknown; quality: unknown }) => ({
      entryId: BigInt(String(entryId)),
      quality: Number(quality),
    })),
    salt: fromHex(text("salt", /^[0-9a-f]{64}$/)),
  };
}

function write(path: string, format: string, fields: object): void {
  try {
    mkdirSync(join(path, ".."), { recursive: true, mode: PRIVATE_FOLDER });
    const draft = `${path}.tmp`;
    writeFileSync(draft, `${toJson({ format, ...fields })}\n`, { mode: PRIVATE_FILE, flush: true });
    chmodSync(draft, PRIVATE_FILE);
    renameSync(draft, path);
  } catch (cause) {
    throw new CliError(`${path} cannot be written`, { why: reasonOf(cause), next: "nothing was sent; choose another --home", cause });
  }
}

interface Fields {
  readonly json: Readonly<Record<string, unknown>>;
  text(name: string, form: RegExp): string;
  integer(name: string): bigint;
}

function read(path: string, format: string, next: string): Fields {
  try {
    const json = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
    if (json["format"] !== format) throw new Error(`format "${format}" is expected, got ${JSON.stringify(json["format"])}`);
    const text = (name: string, form: RegExp): string => {
      const value = json[name];
      if (typeof value !== "string" || !form.test(value)) throw new Error(`${name}: ${form} is expected`);
      return value;
    };
    return { json, text, integer: (name) => BigInt(text(name, /^\d{1,20}$/)) };
  } catch (cause) {
    throw new CliError(`${path} cannot be used`, { why: reasonOf(cause), next, cause });
  }
}

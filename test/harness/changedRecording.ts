// Copies of the recording that say something else: another prefix and other denominations, less, in another order, or one thing wrong.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeBech32, encodeBech32 } from "../../app/encoding/bech32.ts";
import { txBytes } from "../../cmd/hanzod/selftest/recording/recordedHistory.ts";
import type { PartName, Recording } from "../../cmd/hanzod/selftest/recording/recording.ts";
import { judgeRecording } from "../../cmd/hanzod/selftest/recording/recordingSelftest.ts";
import type { SectionReport } from "../../cmd/hanzod/selftest/recording/report.ts";

/** Judges parts of a recording that is written to a folder of its own first. */
export async function judgeChanged(recording: Recording, parts: readonly PartName[]): Promise<readonly SectionReport[]> {
  const folder = mkdtempSync(join(tmpdir(), "hanzo-recording-"));
  try {
    for (const name of ["genesis", "blocks", "rest", "abci", "signing", "tx", "checktx"] as const) {
      const { chain_id, sdk, final_height } = recording;
      const part = recording[name];
      if (part !== undefined) writeFileSync(join(folder, `${name}.json`), JSON.stringify({ chain_id, sdk, final_height, ...part }));
    }
    return await judgeRecording(folder, new Set(parts));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A list without every `drop`-th element, in another order that is the same each time. */
export function stirred<T>(list: readonly T[], drop: number): readonly T[] {
  const order = (index: number): string => createHash("sha256").update(String(index)).digest("hex");
  return list
    .map((one, index) => ({ one, index }))
    .filter(({ index }) => index % drop !== drop - 1)
    .sort((a, b) => (order(a.index) < order(b.index) ? -1 : 1))
    .map(({ one }) => one);
}

/** A copy of a document with every text changed; names of fields stay. */
function mapTexts<T>(json: T, change: (text: string) => string): T {
  if (typeof json === "string") return change(json) as T;
  if (Array.isArray(json)) return json.map((one) => mapTexts(one, change)) as T;
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, mapTexts(value, change)])) as T;
}

/** Names of the same length and order as the recorded ones, so that encoded messages stay whole and sorted. */
const DENOMS = [
  ["stake", "stone"],
  ["STAKE", "STONE"],
  ["photon", "proton"],
  ["frozen", "frosty"],
] as const;
const [PREFIX, OTHER_PREFIX] = ["cosmos", "planet"];

/**
 * The recording as a chain of another prefix, other denominations and therefore other transaction hashes would have given it. Signatures are
 * no longer right.
 */
export function renamed(recording: Recording): Recording {
  const named = mapTexts(recording, (text) => inEncoded(text, rename));
  const hashes = new Map(
    (named.tx?.txs ?? []).map((tx) => [tx.hash, createHash("sha256").update(txBytes(tx)).digest("hex").toUpperCase()] as const),
  );
  return mapTexts(named, (text) =>
    inEncoded(text, (plain) => plain.replace(/[0-9a-fA-F]{64}/g, (hash) => cased(hash, hashes.get(hash.toUpperCase()) ?? hash))),
  );
}

function cased(like: string, hash: string): string {
  return like === like.toLowerCase() ? hash.toLowerCase() : hash;
}

function rename(text: string): string {
  const named = DENOMS.reduce((changed, [from, to]) => changed.replaceAll(from, to), text);
  if (named === PREFIX) return OTHER_PREFIX;
  // The answer about the prefix: a field of six bytes.
  if (named === `\n${String.fromCharCode(PREFIX.length)}${PREFIX}`) return named.replace(PREFIX, OTHER_PREFIX);
  return named
    .replace(new RegExp(`'${PREFIX}(valoper|valcons)?'`, "g"), `'${OTHER_PREFIX}$1'`)
    .replace(new RegExp(`${PREFIX}(valoper|valcons)?1[02-9ac-hj-np-z]{38}`, "g"), readdressed);
}

/** An address under the other prefix; what is none stays. */
function readdressed(address: string): string {
  try {
    const { prefix, bytes } = decodeBech32(address);
    return encodeBech32(prefix.replace(PREFIX, OTHER_PREFIX), bytes);
  } catch {
    return address;
  }
}

/** Changes a text, also where it stands inside of hexadecimal or base64 as it is. */
function inEncoded(text: string, change: (text: string) => string): string {
  for (const [encoding, form] of [
    ["hex", /^(?:[0-9a-f]{2}){5,}$/],
    ["base64", /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/],
  ] as const) {
    if (!form.test(text)) continue;
    const changed = change(Buffer.from(text, encoding).toString("latin1"));
    const back = Buffer.from(changed, "latin1").toString(encoding);
    if (back !== text) return back;
  }
  return change(text);
}

// A CometBFT binary is looked for and checked once, not at every start: that takes a shell, two hashes of the binary and two runs of it.
import { createHash } from "node:crypto";
import { open, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { COMET_BUILDS, type CometBuild } from "./cometBuild.ts";
import { fileIdentity } from "./fileIdentity.ts";
import type { Home } from "./home.ts";

/** A binary that is the release and build that was asked for. */
export interface ProvenComet {
  readonly binary: string;
  readonly build: CometBuild;
}

/** Variables that decide which binary is found. */
const VARIABLES = ["COMETBFT_BIN", "COMETBFT_BUILD", "COMETBFT_RELEASE", "HANZO_CACHE", "HANZO_COMETBFT_MODULE", "HANZO_VERSIONS_LOCK"];
/** What the checkout says of the binary, besides the sources of our build. */
const PINS = ["versions.lock", "scripts/cometbft.sh"];
const SOURCES = "tools/cometbft";
/** A file of another kind may start anything. */
const SCRIPT_MARK = "#!";

/**
 * The binary, by what an earlier start of this home found out about it: it was asked for in the same words, from the same sources, and neither it nor
 * anything that decides about it has changed since.
 *
 * @param checkout folder that holds `scripts/`.
 * @param choice the flags and settings that name it.
 * @param find looks for it and checks it; called when nothing is known.
 */
export async function provenComet(
  home: Home,
  checkout: string,
  choice: readonly (string | undefined)[],
  find: () => Promise<ProvenComet>,
): Promise<ProvenComet> {
  const key = await keyOf(checkout, choice);
  const known = await readProof(home);
  if (known !== undefined && known.key === key && known.file === (await fileOf(known.binary))) return known;
  const { binary, build } = await find();
  const file = await fileOf(binary);
  // Whatever stands in the way of the note: the next start looks again.
  if (file !== undefined) {
    const proof: Proof = { key, file, binary, build };
    await writeFile(home.run.cometProof, `${JSON.stringify(proof)}\n`, { mode: 0o600 }).catch(() => undefined);
  }
  return { binary, build };
}

interface Proof extends ProvenComet {
  /** Hash of everything that chose the binary. */
  readonly key: string;
  /** Which file it is, and that nobody has written to it. */
  readonly file: string;
}

async function keyOf(checkout: string, choice: readonly (string | undefined)[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([choice, VARIABLES.map((name) => process.env[name])]));
  const sources = await readdir(join(checkout, SOURCES), { recursive: true }).catch((): string[] => []);
  const names = [...PINS, ...sources.filter((name) => /(\.go|go\.mod|go\.sum)$/.test(name)).map((name) => join(SOURCES, name))].toSorted();
  for (const name of names) {
    const bytes = await readFile(join(checkout, name)).catch(() => Buffer.alloc(0));
    hash.update(`${name} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}

/** Identity of a binary; undefined for what is none. */
async function fileOf(path: string): Promise<string | undefined> {
  const identity = await fileIdentity(path);
  const file = identity === undefined ? undefined : await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SCRIPT_MARK.length), 0, SCRIPT_MARK.length, 0);
    return bytesRead < SCRIPT_MARK.length || buffer.toString("latin1") === SCRIPT_MARK ? undefined : identity;
  } finally {
    await file.close();
  }
}

async function readProof(home: Home): Promise<Proof | undefined> {
  try {
    const proof = JSON.parse(await readFile(home.run.cometProof, "utf8")) as Partial<Proof>;
    const { key, file, binary } = proof;
    const build = COMET_BUILDS.find((name) => name === proof.build);
    if (typeof key !== "string" || typeof file !== "string" || typeof binary !== "string" || build === undefined) return undefined;
    return { key, file, binary, build };
  } catch {
    return undefined;
  }
}

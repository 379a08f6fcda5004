import { readFile } from "node:fs/promises";
import { EXIT, NodeError } from "./nodeError.ts";

/** The release this node is made for; `versions.lock` repeats it, and a test compares the two. */
export const COMET_VERSION = "0.38.25";

/**
 * Releases that speak the same protocols and were tried, with the version that each prints: that of 0.40.0 was left at 0.39.0. A network
 * should run one release: from 0.40 on, blocks with votes for nothing get another time.
 */
const OTHER_RELEASES: ReadonlyMap<string, string> = new Map([
  ["0.38.26", "0.38.26"],
  ["0.39.4", "0.39.4"],
  ["0.40.0", "0.39.0"],
]);

/** A release of CometBFT. */
export interface CometRelease {
  readonly version: string;
  /** What its `version` prints, and what it calls itself towards others. */
  readonly printed: string;
}

/**
 * The release to run: the pinned one unless `COMETBFT_RELEASE` names another that was tried.
 *
 * @throws NodeError HZN-COMET-VERSION for one that was not.
 */
export function wantedRelease(environment: Readonly<Record<string, string | undefined>> = process.env): CometRelease {
  const named = environment["COMETBFT_RELEASE"];
  if (named === undefined || named === "" || named === COMET_VERSION) return { version: COMET_VERSION, printed: COMET_VERSION };
  const printed = OTHER_RELEASES.get(named);
  if (printed === undefined)
    throw new NodeError(
      "HZN-COMET-VERSION",
      `COMETBFT_RELEASE is "${named}"`,
      `give one of ${[COMET_VERSION, ...OTHER_RELEASES.keys()].join(", ")}, or leave it out`,
      EXIT.config,
    );
  return { version: named, printed };
}

/**
 * The release that a binary was linked from, by the record that Go leaves in it: a line of tab-separated kind, module, version, hash.
 *
 * @returns undefined where there is no such record, or it names no release.
 */
export async function linkedRelease(binary: string): Promise<string | undefined> {
  const bytes = await readFile(binary);
  const module = Buffer.from("\tgithub.com/cometbft/cometbft\tv");
  const at = bytes.indexOf(module);
  if (at < 0) return undefined;
  return /^\d+\.\d+\.\d+(?=[\t\n])/.exec(bytes.toString("latin1", at + module.length, at + module.length + 40))?.[0];
}

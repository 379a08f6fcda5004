import { readFile, writeFile } from "node:fs/promises";
import type { Home } from "./home.ts";
import { EXIT, NodeError } from "./nodeError.ts";

/** The two ways in which the same CometBFT release is built: as released, or with an ABCI client that does not spin (`tools/cometbft`). */
export const COMET_BUILDS = ["stock", "hanzo"] as const;

/** One of {@link COMET_BUILDS}. Both make the same blocks from the same data folder. */
export type CometBuild = (typeof COMET_BUILDS)[number];

/** The build that runs unless somebody chooses; `versions.lock` repeats it, and a test compares the two. */
export const DEFAULT_COMET_BUILD: CometBuild = "stock";

/** Reads the name of a build. @param source what named it, for the error. @throws NodeError HZN-COMET-BUILD when there is none such */
export function parseCometBuild(text: string, source: string): CometBuild {
  const build = COMET_BUILDS.find((name) => name === text);
  if (build === undefined)
    throw new NodeError("HZN-COMET-BUILD", `${source} is "${text}"`, `give one of ${COMET_BUILDS.join(", ")}`, EXIT.config);
  return build;
}

/** Which build a binary is, from what its `version` prints: ours ends in `+hanzo`, releases in nothing or in a commit. */
export function buildOf(printed: string): CometBuild {
  return printed.endsWith("+hanzo") ? "hanzo" : "stock";
}

/** Notes which build the node of a home runs, for whoever asks while it runs. */
export async function recordCometBuild(home: Home, build: CometBuild | "external"): Promise<void> {
  await writeFile(home.run.cometBuild, `${build}\n`, { mode: 0o600 });
}

/** The build that the node of a home runs, or ran last; "unknown" before the first start. */
export async function recordedCometBuild(home: Home): Promise<CometBuild | "external" | "unknown"> {
  const text = (await readFile(home.run.cometBuild, "utf8").catch(() => "")).trim();
  return text === "external" ? text : (COMET_BUILDS.find((name) => name === text) ?? "unknown");
}

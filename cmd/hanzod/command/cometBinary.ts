import { resolve } from "node:path";
import { type CometBuild, parseCometBuild } from "../node/cometBuild.ts";
import { type ProvenComet, provenComet } from "../node/cometProof.ts";
import type { Home } from "../node/home.ts";
import { getCometBinary, requireCometVersion } from "../node/versionCheck.ts";

/** The checkout's root: this file runs from dist/cmd/hanzod/command. */
const CHECKOUT = resolve(import.meta.dirname, "../../../..");

/** The build that a flag names, else `COMETBFT_BUILD`; undefined when neither does. @throws NodeError HZN-COMET-BUILD for an unknown name */
export function chosenCometBuild(flag?: string): CometBuild | undefined {
  if (flag !== undefined) return parseCometBuild(flag, "--comet-build");
  const named = process.env["COMETBFT_BUILD"];
  return named === undefined || named === "" ? undefined : parseCometBuild(named, "COMETBFT_BUILD");
}

/**
 * Path of the pinned CometBFT binary; builds it the first time, telling so on standard error.
 *
 * @param build which build, where somebody chose one.
 * @throws NodeError when no route leads to one
 */
export function cometBinary(build = chosenCometBuild()): Promise<string> {
  const choice = { named: process.env["COMETBFT_BIN"], build };
  return getCometBinary(CHECKOUT, choice, (line) => process.stderr.write(`${line}\n`));
}

/**
 * The CometBFT that a node runs, checked: what an earlier start of the home has found out holds until something of it changes.
 *
 * @param named path of a binary, from a flag.
 * @param build as of {@link cometBinary}.
 * @throws NodeError when no route leads to one, or it is another release
 */
export function cometOf(home: Home, named: string | undefined, build: CometBuild | undefined): Promise<ProvenComet> {
  return provenComet(home, CHECKOUT, [named, build], async () => {
    const binary = named ?? (await cometBinary(build));
    return { binary, build: await requireCometVersion(binary) };
  });
}

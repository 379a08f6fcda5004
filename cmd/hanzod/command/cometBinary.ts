import { resolve } from "node:path";
import { getCometBinary } from "../node/versionCheck.ts";

/** The checkout's root: this file runs from dist/cmd/hanzod/command. */
const CHECKOUT = resolve(import.meta.dirname, "../../../..");

/** Path of the pinned CometBFT binary; builds it the first time, telling so on standard error. @throws NodeError when no route leads to one */
export function cometBinary(): Promise<string> {
  return getCometBinary(CHECKOUT, process.env["COMETBFT_BIN"], (line) => process.stderr.write(`${line}\n`));
}

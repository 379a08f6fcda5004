import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RequestInfo } from "#proto/tendermint/abci/types";
import { buildOf, type CometBuild, DEFAULT_COMET_BUILD } from "./cometBuild.ts";
import { cometEnvironment } from "./cometConfig.ts";
import { COMET_VERSION, linkedRelease, wantedRelease } from "./cometRelease.ts";
import { NodeError } from "./nodeError.ts";

const run = promisify(execFile);

/**
 * Checks that a binary is the CometBFT release this node is made for. Another release may speak another ABCI, decide other block
 * hashes or change the data folder in a way that cannot be undone.
 *
 * @param binary path of the binary.
 * @param release the one wanted: the pinned one, or what `COMETBFT_RELEASE` names.
 * @returns which build it is.
 * @throws NodeError HZN-COMET-MISSING when it does not run, HZN-COMET-VERSION when it is another release.
 */
export async function requireCometVersion(binary: string, release = wantedRelease()): Promise<CometBuild> {
  let printed: string;
  try {
    printed = (await run(binary, ["version"], { env: cometEnvironment(process.env), timeout: 20_000 })).stdout.trim();
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new NodeError(
      "HZN-COMET-MISSING",
      `${binary} does not run: ${reason}; needed is CometBFT ${release.version}`,
      "scripts/cometbft.sh",
    );
  }
  const version = printed.split("\n").at(-1)?.split("+")[0];
  // What a release prints may be the version of another; the record that Go leaves in the binary is not.
  const linked = version === release.version ? undefined : await linkedRelease(binary);
  if (version !== release.version && (version !== release.printed || (linked ?? release.version) !== release.version)) {
    throw new NodeError(
      "HZN-COMET-VERSION",
      `${binary} is CometBFT "${linked ?? printed}", needed is ${release.version}`,
      "run scripts/cometbft.sh, and leave out --comet, COMETBFT_BIN and COMETBFT_RELEASE",
    );
  }
  return buildOf(printed);
}

/** Version of the protocol between CometBFT and the application. */
const ABCI_VERSION = "2.0.0";

/**
 * Checks the protocol of a CometBFT that somebody else runs, from what it says of itself when it connects. Later protocols number
 * the fields of some messages differently, which would be misread in silence.
 *
 * @param peer CometBFT's Info call; tools leave the protocol out and are let through.
 * @throws NodeError HZN-COMET-VERSION when it speaks another protocol.
 */
export function requireAbciVersion(peer: RequestInfo): void {
  if (peer.abciVersion === "" || peer.abciVersion === ABCI_VERSION) return;
  throw new NodeError(
    "HZN-COMET-VERSION",
    `the connected CometBFT ${peer.version} speaks ABCI ${peer.abciVersion}, needed is ${ABCI_VERSION} (CometBFT ${COMET_VERSION})`,
    "scripts/cometbft.sh",
  );
}

/** What is asked of a CometBFT binary. */
export interface CometChoice {
  /** Path, from `COMETBFT_BIN`. */
  readonly named?: string | undefined;
  /** The build to use; when left out, any that is named, else the default. */
  readonly build?: CometBuild | undefined;
}

/**
 * Gets the CometBFT binary: the one named, else what `scripts/cometbft.sh` of the checkout finds or builds.
 *
 * @param checkout folder that holds `scripts/`.
 * @param choice what somebody chose, if anything.
 * @param progress told each line that the script says, since a first build takes about a minute.
 * @throws NodeError HZN-COMET-MISSING with the script's table of routes; HZN-COMET-BUILD when the binary named is another build than the one asked for.
 */
export async function getCometBinary(checkout: string, { named, build }: CometChoice, progress: (line: string) => void): Promise<string> {
  if (named !== undefined && named !== "") {
    const found = await requireCometVersion(named);
    if (build !== undefined && build !== found)
      throw new NodeError(
        "HZN-COMET-BUILD",
        `${named} is the ${found} build of CometBFT, asked for is ${build}`,
        "leave out one of COMETBFT_BIN and --comet-build (or COMETBFT_BUILD)",
      );
    return named;
  }
  const { version } = wantedRelease();
  if (version !== COMET_VERSION)
    throw new NodeError(
      "HZN-COMET-MISSING",
      `COMETBFT_RELEASE is ${version}, and no binary is named: only ${COMET_VERSION} is built here`,
      `build it with: CGO_ENABLED=0 go install github.com/cometbft/cometbft/cmd/cometbft@v${version}, then name it in COMETBFT_BIN`,
    );
  const script = join(checkout, "scripts", "cometbft.sh");
  await readFile(script).catch(() => {
    throw new NodeError(
      "HZN-COMET-MISSING",
      `no CometBFT named and no script at ${script}`,
      `give the path of a CometBFT ${COMET_VERSION} binary in COMETBFT_BIN`,
    );
  });
  // The script has checked what it prints.
  return runScript(script, build ?? DEFAULT_COMET_BUILD, progress);
}

function runScript(script: string, build: CometBuild, progress: (line: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const child = execFile(script, ["--build", build], { timeout: 900_000 }, (error, stdout) => {
      const path = stdout.trim();
      if (error === null && path !== "") resolve(path);
      else
        reject(
          new NodeError(
            "HZN-COMET-MISSING",
            said.join("\n") || "scripts/cometbft.sh failed without a word",
            "do what the lines above say, then start again",
          ),
        );
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.split("\n").filter((part) => part !== "")) {
        said.push(line);
        progress(line);
      }
    });
  });
}

import { readFile } from "node:fs/promises";
import { resolveAppConfig } from "../config/appConfig.ts";
import { chainOfHome } from "../config/chainOf.ts";
import { requireValidGenesis } from "../genesis/requireValidGenesis.ts";
import { readCometIdentity } from "../node/cometConfig.ts";
import { requireSameGenesis } from "../node/genesisGuard.ts";
import type { Home } from "../node/home.ts";
import { missingEnds } from "../node/mendWal.ts";
import { NodeError } from "../node/nodeError.ts";
import { type DoctorCheck, error, type Finding, warning } from "./finding.ts";

/** Genesis, and whether signer and store belong together. */
export const checkChain: DoctorCheck = async ({ home, machine, runningPid }) => {
  const found: Finding[] = [];
  const run = async (check: string, why: string, task: () => Promise<void>): Promise<void> => {
    try {
      await task();
    } catch (thrown) {
      if (!(thrown instanceof NodeError)) throw thrown;
      found.push(error(check, thrown.message, why, thrown.next));
    }
  };
  await run("genesis.invalid", "every node of a chain must begin with the same state", () =>
    requireValidGenesis(home.config.genesis, chainOfHome(home)),
  );
  await run("genesis.changed", "CometBFT keeps its own copy: the file would show another chain than the one that runs", () =>
    requireSameGenesis(home),
  );
  const height = runningPid === undefined ? await machine.storeHeight(home) : undefined;
  found.push(...(await signerFindings(home, height)), ...haltFindings(home, height, machine.environment));
  if (runningPid === undefined) found.push(...walFindings(home));
  return found;
};

async function signerFindings(home: Home, storeHeight: bigint | undefined): Promise<Finding[]> {
  const path = home.data.privValidatorState;
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined)
    return [
      error(
        "signer.missing",
        `${path} is missing`,
        "it keeps a validator from signing a height twice; CometBFT does not start without it",
        "restore the newest copy. Only for a key that has never signed: cometbft unsafe-reset-priv-validator",
      ),
    ];
  const signed = parseHeight(text);
  if (signed === undefined)
    return [
      error(
        "signer.damaged",
        `${path} cannot be read`,
        "a JSON object with height, round and step is expected",
        "restore the newest copy; never make up one",
      ),
    ];
  if (storeHeight === undefined || !(await isGenesisValidator(home))) return [];
  // Signing is one height ahead of the store, and two where CometBFT has stored a block that the application has not.
  if (signed > storeHeight + 2n)
    return [
      warning(
        "signer.ahead",
        `the signer's state is of height ${signed}, the store of height ${storeHeight}`,
        "data/ was restored from an older copy, or lost: CometBFT signs nothing up to that height (HZN-SIGNED)",
        "with other validators start: the node catches up, then signs. A validator alone waits for ever: put the newest copy of data/ back",
      ),
    ];
  if (signed >= storeHeight) return [];
  return [
    error(
      "signer.old",
      `the signer's state is of height ${signed}, the store of height ${storeHeight}`,
      "priv_validator_state.json was restored from an older copy: heights above it could be signed a second time, which loses the stake",
      "do not start. Put the newest priv_validator_state.json of this key back; without one wait until the chain is far beyond, and no other node signs with the key",
    ),
  ];
}

function walFindings(home: Home): Finding[] {
  const heights = missingEnds(home);
  if (heights.length === 0) return [];
  return [
    warning(
      "wal.end",
      `CometBFT's write-ahead log does not say that height ${heights.join(", ")} is over`,
      "CometBFT died after it had stored that block, and again in the height behind it: it would not sign there again (HZN-SIGNED)",
      `hanzod start --home ${home.root} with its own CometBFT adds what is missing`,
    ),
  ];
}

function parseHeight(text: string): bigint | undefined {
  try {
    const { height } = JSON.parse(text) as { readonly height?: unknown };
    return typeof height === "string" && /^\d{1,19}$/.test(height) ? BigInt(height) : undefined;
  } catch {
    return undefined;
  }
}

async function isGenesisValidator(home: Home): Promise<boolean> {
  try {
    const { validatorPublicKey } = await readCometIdentity(home);
    return (await readFile(home.config.genesis, "utf8")).includes(Buffer.from(validatorPublicKey).toString("base64"));
  } catch {
    return false;
  }
}

function haltFindings(home: Home, height: bigint | undefined, environment: Readonly<Record<string, string | undefined>>): Finding[] {
  if (height === undefined) return [];
  try {
    const halt = resolveAppConfig(home, { environment }).config["halt-height"];
    if (halt === 0 || height < BigInt(halt)) return [];
    return [
      error(
        "app.halted",
        `the chain is at height ${height} and halt-height is ${halt}`,
        "the node does not start (HZN-HALT)",
        `hanzod config set halt-height 0 --home ${home.root}`,
      ),
    ];
  } catch {
    // The file itself is told of elsewhere.
    return [];
  }
}

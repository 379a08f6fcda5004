import { statSync } from "node:fs";
import type { Home } from "./home.ts";

const MIB = 2 ** 20;
/** What a chain with a small genesis may take before Go collects more often; it stays below half of it. */
const BASE_MIB = 128;
/** CometBFT holds the genesis as JSON, parsed, in base64 and in its database, and a fifth time while the database is tidied. */
const PER_GENESIS_BYTE = 5;

/**
 * The soft memory limit of a CometBFT child: 128 MiB and five times its genesis file. Go lets a heap grow to twice what was in use at the last
 * collection; beyond the limit it collects earlier, with at most half of the processor time, and gives memory back.
 *
 * @param environment normally `process.env`; where it sets GOGC or GOMEMLIMIT, the operator has chosen.
 * @returns variables for the child's environment: GOMEMLIMIT, or none.
 */
export function cometMemory(home: Home, environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  if ((environment["GOGC"] ?? "") !== "" || (environment["GOMEMLIMIT"] ?? "") !== "") return {};
  const genesisBytes = statSync(home.config.genesis, { throwIfNoEntry: false })?.size ?? 0;
  return { GOMEMLIMIT: `${BASE_MIB + Math.ceil((PER_GENESIS_BYTE * genesisBytes) / MIB)}MiB` };
}

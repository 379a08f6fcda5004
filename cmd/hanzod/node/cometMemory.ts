import { statSync } from "node:fs";
import type { Home } from "./home.ts";

const MIB = 2 ** 20;
/** What a chain may take beside its genesis; while little is sent it stays below half of it. */
const BASE_MIB = 128;
/**
 * Every chain may take as much: blocks of ten thousand transactions, with those that wait, are some 350 MiB in use, and with less Go does little but
 * collect.
 */
const LEAST_MIB = 384;
/** CometBFT holds the genesis as JSON, parsed, in base64 and in its database, and a fifth time while the database is tidied. */
const PER_GENESIS_BYTE = 5;

/**
 * The soft memory limit of a CometBFT child: 128 MiB and five times its genesis file, at least 384 MiB. Go lets a heap grow to twice what was in use
 * at the last collection; beyond the limit it collects earlier, with at most half of the processor time, and gives memory back.
 *
 * @param environment normally `process.env`; where it sets GOGC or GOMEMLIMIT, the operator has chosen.
 * @returns variables for the child's environment: GOMEMLIMIT, or none.
 */
export function cometMemory(home: Home, environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  if ((environment["GOGC"] ?? "") !== "" || (environment["GOMEMLIMIT"] ?? "") !== "") return {};
  const genesisBytes = statSync(home.config.genesis, { throwIfNoEntry: false })?.size ?? 0;
  const withGenesis = BASE_MIB + Math.ceil((PER_GENESIS_BYTE * genesisBytes) / MIB);
  return { GOMEMLIMIT: `${Math.max(LEAST_MIB, withGenesis)}MiB` };
}

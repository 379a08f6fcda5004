import { Fault } from "#proto/hanzo/experience/v1/types";

const NAMES: Readonly<Record<Fault, string>> = {
  [Fault.FAULT_UNSPECIFIED]: "",
  [Fault.FAULT_UNAVAILABLE]: "unavailable",
  [Fault.FAULT_SCHEMA]: "schema",
  [Fault.FAULT_ROOT]: "root",
  [Fault.FAULT_SCALE]: "scale",
  [Fault.FAULT_SIGN]: "sign",
  [Fault.FAULT_DUPLICATE]: "duplicate",
  [Fault.FAULT_VOTE_LEAKED]: "vote_leaked",
  [Fault.FAULT_VOTE_UNREVEALED]: "vote_unrevealed",
  [Fault.UNRECOGNIZED]: "unknown",
};

/** Name of a fault in events. */
export function faultName(fault: Fault): string {
  return NAMES[fault];
}

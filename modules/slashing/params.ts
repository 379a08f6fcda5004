import type { Params } from "#proto/cosmos/slashing/v1beta1/slashing";
import { decRound, durationNs, E18, formatDecimal, ofLast, parseDecAtomics, unregisteredError } from "#sdk";

const text = new TextDecoder("utf-8", { fatal: true });
const bytesOf = (dec: bigint): Uint8Array => new TextEncoder().encode(dec.toString());

/** Parameters of a new chain (cosmos-sdk x/slashing DefaultParams). */
export const DEFAULT_PARAMS: Params = {
  signedBlocksWindow: 100n,
  minSignedPerWindow: bytesOf(E18 / 2n),
  downtimeJailDuration: { seconds: 600n, nanos: 0 },
  slashFractionDoubleSign: bytesOf(E18 / 20n),
  slashFractionDowntime: bytesOf(E18 / 100n),
};

/** The parameters as liveness and evidence compute with them. */
export interface SlashingRules {
  /** Blocks, above 0. */
  readonly window: bigint;
  /** Most blocks of a window that may be missed. */
  readonly maxMissed: bigint;
  readonly downtimeJailNs: bigint;
  /** 0 to 10^18. */
  readonly downtimeFractionE18: bigint;
  /** 0 to 10^18. */
  readonly doubleSignFractionE18: bigint;
}

/** Numbers of the parameters. Blocks that must be signed are rounded half to even (cosmos-sdk MinSignedPerWindow). */
export const rulesOf: (params: Params) => SlashingRules = ofLast((params) => {
  const window = params.signedBlocksWindow;
  return {
    window,
    maxMissed: window - decRound(decOf(params.minSignedPerWindow) * window),
    downtimeJailNs: durationNs(params.downtimeJailDuration),
    downtimeFractionE18: decOf(params.slashFractionDowntime),
    doubleSignFractionE18: decOf(params.slashFractionDoubleSign),
  };
});

/**
 * Texts are those of the Cosmos SDK.
 * @throws undefined/1, as in the Cosmos SDK, naming the parameter; sdk/18 for a fraction that is no number
 */
export function validateParams(params: Params): void {
  const window = params.signedBlocksWindow;
  if (window <= 0n) throw unregisteredError(`signed blocks window must be positive: ${window}`);
  validateFraction("min signed per window", params.minSignedPerWindow);
  const jailNs = durationNs(params.downtimeJailDuration);
  if (jailNs <= 0n) throw unregisteredError(`downtime jail duration must be positive: ${jailNs} ns`);
  validateFraction("double sign slash fraction", params.slashFractionDoubleSign);
  validateFraction("downtime slash fraction", params.slashFractionDowntime);
}

function validateFraction(name: string, bytes: Uint8Array): void {
  if (bytes.length === 0) throw unregisteredError(`${name} cannot be nil`);
  const fraction = decOf(bytes);
  if (fraction < 0n) throw unregisteredError(`${name} cannot be negative: ${formatDecimal(fraction)}`);
  if (fraction > E18) throw unregisteredError(`${name} too large: ${formatDecimal(fraction)}`);
}

/** The fields hold the decimal's text as bytes. */
function decOf(bytes: Uint8Array): bigint {
  return parseDecAtomics(text.decode(bytes));
}

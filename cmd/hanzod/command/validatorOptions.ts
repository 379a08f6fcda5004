import { type Command, InvalidArgumentError } from "commander";
import { DEFAULT_COMMISSION } from "../genesis/validatorTerms.ts";

/** What the options say of a new validator. */
export interface ValidatorOptions {
  /** JSON of its consensus key. */
  readonly pubkey?: unknown;
  readonly moniker?: string;
  readonly identity?: string;
  readonly website?: string;
  readonly securityContact?: string;
  readonly details?: string;
  readonly commissionRate?: string;
  readonly commissionMaxRate?: string;
  readonly commissionMaxChangeRate?: string;
  readonly minSelfDelegation?: string;
}

/** Adds the options that describe a new validator, spelled as in the SDK's tools. */
export function withValidatorOptions(command: Command): Command {
  return command
    .option("--pubkey <json>", "consensus key, as hanzod comet show-validator prints it (default: this home's)", parsePubkeyJson)
    .option("--moniker <name>", "the validator's name (default: that of config.toml)")
    .option("--identity <text>", "identity signature, such as Keybase's")
    .option("--website <url>", "web page")
    .option("--security-contact <text>", "where to report weaknesses")
    .option("--details <text>", "anything else")
    .option("--commission-rate <rate>", `part of the rewards of its delegators (default: ${DEFAULT_COMMISSION.rate})`)
    .option("--commission-max-rate <rate>", `most that it can ever be (default: ${DEFAULT_COMMISSION.maxRate})`)
    .option("--commission-max-change-rate <rate>", `most that it can change in a day (default: ${DEFAULT_COMMISSION.maxChangeRate})`)
    .option("--min-self-delegation <amount>", "least stake of its own, in base units: below, it is jailed (default: 1)");
}

/** Parses the JSON of a consensus key. @throws InvalidArgumentError when it is none */
function parsePubkeyJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new InvalidArgumentError(`{"@type":"/cosmos.crypto.ed25519.PubKey","key":"…"} is expected`);
  }
}

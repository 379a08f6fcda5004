import { MsgCreateValidator } from "#proto/cosmos/staking/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import { descriptors } from "../../../app/descriptorImage.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { createAddressCodec } from "../../../app/sdk/index.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { commandChain } from "../config/commandChain.ts";
import type { CoinText } from "../request/coinsText.ts";

/** What a new validator is made of. Rates are decimals such as `0.1`. */
export interface ValidatorTerms {
  /** JSON of its consensus key, as `hanzod comet show-validator` prints it. */
  readonly pubkey: unknown;
  /** What its operator stakes. */
  readonly amount: CoinText;
  readonly moniker: string;
  readonly identity?: string;
  readonly website?: string;
  readonly securityContact?: string;
  readonly details?: string;
  readonly commissionRate?: string;
  readonly commissionMaxRate?: string;
  readonly commissionMaxChangeRate?: string;
  /** Atomic units. */
  readonly minSelfDelegation?: string;
}

/** Of a validator that says nothing of its commission: the SDK's tools have the same. */
export const DEFAULT_COMMISSION = { rate: "0.1", maxRate: "0.2", maxChangeRate: "0.01" } as const;

/** JSON of an ed25519 consensus key of 32 bytes. */
export function consensusKeyJson(publicKey: Uint8Array): unknown {
  return { "@type": "/cosmos.crypto.ed25519.PubKey", key: Buffer.from(publicKey).toString("base64") };
}

/**
 * The message that creates a validator.
 * @param account address of its operator
 * @throws CliError when a term cannot be written; what the chain thinks of the terms is not asked
 */
export function createValidatorMessage(terms: ValidatorTerms, account: string): Any {
  const address = createAddressCodec(commandChain().bech32Prefix);
  const json = {
    description: {
      moniker: terms.moniker,
      identity: terms.identity ?? "",
      website: terms.website ?? "",
      security_contact: terms.securityContact ?? "",
      details: terms.details ?? "",
    },
    commission: {
      rate: terms.commissionRate ?? DEFAULT_COMMISSION.rate,
      max_rate: terms.commissionMaxRate ?? DEFAULT_COMMISSION.maxRate,
      max_change_rate: terms.commissionMaxChangeRate ?? DEFAULT_COMMISSION.maxChangeRate,
    },
    min_self_delegation: terms.minSelfDelegation ?? "1",
    validator_address: address.operator.format(address.parse(account)),
    pubkey: terms.pubkey,
    value: terms.amount,
  };
  try {
    return { typeUrl: `/${MsgCreateValidator.$type}`, value: fromProtoJson(descriptors(), MsgCreateValidator.$type, json) };
  } catch (cause) {
    throw new CliError("the validator cannot be described", { why: reasonOf(cause), cause });
  }
}

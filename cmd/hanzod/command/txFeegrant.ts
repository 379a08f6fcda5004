import { Command } from "commander";
import { AllowedMsgAllowance, BasicAllowance, PeriodicAllowance } from "#proto/cosmos/feegrant/v1beta1/feegrant";
import { MsgGrantAllowance, MsgRevokeAllowance } from "#proto/cosmos/feegrant/v1beta1/tx";
import { CliError } from "../../shared/cliError.ts";
import { parseCoinsText } from "../request/coinsText.ts";
import { findSender } from "../tx/sender.ts";
import { expirationText } from "./expiration.ts";
import { keyringOf } from "./keyringOptions.ts";
import { sendJson } from "./sendJson.ts";
import { type SendOptions, withTxOptions } from "./sendOptions.ts";

interface AllowanceOptions extends SendOptions {
  readonly spendLimit?: string;
  readonly expiration?: string;
  readonly period?: string;
  readonly periodLimit?: string;
  readonly allowedMessages?: string;
}

/** A command whose first argument names the sender: the granter's key is who signs, with or without `--from`. */
function granterCommand(name: string): Command {
  const command = withTxOptions(new Command(name))
    .argument("<granter>", "key of who pays, by name or address; it signs")
    .argument("<grantee>", "address of who is paid for");
  for (const option of command.options) if (option.long === "--from") option.makeOptionMandatory(false);
  return command;
}

/** `hanzod tx feegrant grant <granter> <grantee> --spend-limit 5AI`, as the SDK's tools spell it. */
export function grantAllowanceCommand(): Command {
  return granterCommand("grant-allowance")
    .description("pay the fees of another account from now on")
    .option("--spend-limit <coins>", "what is paid in all (default: no limit)")
    .option("--expiration <time>", "when it ends: a time such as 2030-01-31T12:00:00Z, or seconds since 1970 (default: never)")
    .option("--period <seconds>", "length of a period; needs --period-limit")
    .option("--period-limit <coins>", "what is paid in a period")
    .option("--allowed-messages <types>", "only for messages of these types, with commas (default: all)")
    .action((granter: string, grantee: string, options: AllowanceOptions) => {
      const allowance = allowanceOf(options);
      return sendJson(asGranter(options, granter), MsgGrantAllowance.$type, (sender) => ({ granter: sender, grantee, allowance }));
    });
}

/** `hanzod tx feegrant revoke <granter> <grantee>`. */
export function revokeAllowanceCommand(): Command {
  return granterCommand("revoke-allowance")
    .description("pay the fees of another account no longer")
    .action((granter: string, grantee: string, options: SendOptions) =>
      sendJson(asGranter(options, granter), MsgRevokeAllowance.$type, (sender) => ({ granter: sender, grantee })),
    );
}

/** @throws CliError when `--from` names somebody else than the granter */
function asGranter<T extends Partial<SendOptions>>(options: T, granter: string): T & SendOptions {
  const keyring = keyringOf(options as T & SendOptions);
  const { from = granter } = options;
  if (findSender(keyring, from).address !== findSender(keyring, granter).address)
    throw new CliError(`--from ${from} is not the granter ${granter}`, { why: "who pays signs", next: `--from ${granter}` });
  return { ...options, from } as T & SendOptions;
}

function allowanceOf({ spendLimit, expiration, period, periodLimit, allowedMessages }: AllowanceOptions): object {
  const basic = {
    spend_limit: parseCoinsText(spendLimit ?? ""),
    ...(expiration === undefined ? {} : { expiration: expirationText(expiration) }),
  };
  if ((period === undefined) !== (periodLimit === undefined))
    throw new CliError("--period and --period-limit belong together", { why: "a limit counts for a period" });
  const limited =
    period === undefined ? { "@type": `/${BasicAllowance.$type}`, ...basic } : periodic(basic, period, parseCoinsText(periodLimit ?? ""));
  if (allowedMessages === undefined) return limited;
  return { "@type": `/${AllowedMsgAllowance.$type}`, allowance: limited, allowed_messages: allowedMessages.split(",") };
}

/** The first period begins now. */
function periodic(basic: object, period: string, limit: readonly object[]): object {
  if (!/^[1-9]\d{0,10}$/.test(period)) throw new CliError(`--period is "${period}"`, { why: "whole seconds are expected" });
  const reset = new Date(Date.now() + Number(period) * 1000).toISOString();
  return {
    "@type": `/${PeriodicAllowance.$type}`,
    basic,
    period: `${period}s`,
    period_spend_limit: limit,
    period_can_spend: limit,
    period_reset: reset,
  };
}

import { Argument, Command } from "commander";
import { GenericAuthorization } from "#proto/cosmos/authz/v1beta1/authz";
import { MsgExec, MsgGrant } from "#proto/cosmos/authz/v1beta1/tx";
import { SendAuthorization } from "#proto/cosmos/bank/v1beta1/authz";
import { StakeAuthorization } from "#proto/cosmos/staking/v1beta1/authz";
import { CliError } from "../../shared/cliError.ts";
import { parseCoinsText, parseCoinText } from "../request/coinsText.ts";
import { sendMessage } from "../tx/sendMessage.ts";
import { parseTxJson, readText } from "../tx/txFile.ts";
import { expirationText } from "./expiration.ts";
import { sendJson } from "./sendJson.ts";
import { type SendOptions, sceneOf, withTxOptions } from "./sendOptions.ts";

interface GrantOptions extends SendOptions {
  readonly msgType?: string;
  readonly spendLimit?: string;
  readonly allowList?: string;
  readonly allowedValidators?: string;
  readonly denyValidators?: string;
  readonly expiration?: string;
}

const KINDS = ["send", "generic", "delegate", "unbond", "redelegate"] as const;
type Kind = (typeof KINDS)[number];

/** `hanzod tx authz grant <grantee> send --spend-limit 5AI`, as the SDK's tools spell it. */
export function grantCommand(): Command {
  return withTxOptions(new Command("grant"))
    .description("let another account send messages of one type in the sender's name; replaces an earlier grant of that type")
    .argument("<grantee>", "address of the other account")
    .addArgument(new Argument("<kind>", "what it may do; generic: messages of --msg-type").choices(KINDS))
    .option("--msg-type <url>", "of generic: type of the messages, such as /cosmos.gov.v1.MsgVote")
    .option("--spend-limit <coins>", "of send: what it may spend in all; of delegate, unbond and redelegate: one coin, or no limit")
    .option("--allow-list <addresses>", "of send: who may receive, with commas (default: anybody)")
    .option("--allowed-validators <addresses>", "of delegate, unbond and redelegate: only these, with commas")
    .option("--deny-validators <addresses>", "of delegate, unbond and redelegate: all but these, with commas")
    .option("--expiration <time>", "when it ends: seconds since 1970, or a time such as 2030-01-31T12:00:00Z (default: never)")
    .action((grantee: string, kind: Kind, options: GrantOptions) => {
      const authorization = authorizationOf(kind, options);
      const expiration = options.expiration === undefined ? {} : { expiration: expirationText(options.expiration) };
      return sendJson(options, MsgGrant.$type, (granter) => ({ granter, grantee, grant: { authorization, ...expiration } }));
    });
}

function authorizationOf(kind: Kind, options: GrantOptions): object {
  const { msgType, spendLimit, allowList, allowedValidators, denyValidators } = options;
  const needs = (option: string): CliError =>
    new CliError(`${option} is expected`, { why: `a grant of ${kind} says it`, next: "hanzod tx authz grant --help" });
  switch (kind) {
    case "generic":
      if (msgType === undefined) throw needs("--msg-type");
      return { "@type": `/${GenericAuthorization.$type}`, msg: msgType };
    case "send":
      if (spendLimit === undefined) throw needs("--spend-limit");
      return { "@type": `/${SendAuthorization.$type}`, spend_limit: parseCoinsText(spendLimit), allow_list: listOf(allowList) };
    default: {
      if ((allowedValidators === undefined) === (denyValidators === undefined))
        throw needs("one of --allowed-validators and --deny-validators");
      const validators = allowedValidators === undefined ? "deny_list" : "allow_list";
      return {
        "@type": `/${StakeAuthorization.$type}`,
        ...(spendLimit === undefined ? {} : { max_tokens: parseCoinText(spendLimit) }),
        [validators]: { address: listOf(allowedValidators ?? denyValidators) },
        authorization_type: `AUTHORIZATION_TYPE_${{ delegate: "DELEGATE", unbond: "UNDELEGATE", redelegate: "REDELEGATE" }[kind]}`,
      };
    }
  }
}

const listOf = (text: string | undefined): readonly string[] => (text === undefined ? [] : text.split(","));

/** `hanzod tx authz exec <file>`: the messages of a transaction that `--generate-only` wrote for the granter. */
export function execCommand(): Command {
  return withTxOptions(new Command("exec"))
    .description("run messages in the names of those who allowed them")
    .argument("<file>", "unsigned transaction of the granter, as --generate-only writes it; - is standard input")
    .action(async (file: string, options: SendOptions) => {
      const { body } = parseTxJson(readText(file), file);
      const scene = await sceneOf(options);
      const value = MsgExec.encode({ grantee: scene.sender.address, msgs: [...body.messages] }).finish();
      await sendMessage(scene, { typeUrl: `/${MsgExec.$type}`, value }, options);
    });
}

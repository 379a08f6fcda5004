import { Command } from "commander";
import { MsgRotateConsPubKey } from "#proto/cosmos/staking/v1beta1/tx";
import { createAddressCodec } from "../../../app/sdk/index.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { readJsonFile } from "../../shared/jsonFile.ts";
import { commandChain } from "../config/commandChain.ts";
import { consensusKeyJson } from "../genesis/validatorTerms.ts";
import { sendJson } from "./sendJson.ts";
import { type SendOptions, withTxOptions } from "./sendOptions.ts";

/** `hanzod tx staking rotate-cons-pub-key`: the new key as the SDK's tools take it, or the file that holds it. */
export function rotateConsPubKeyCommand(): Command {
  return withTxOptions(new Command("rotate-cons-pub-key").alias("rotate-cons-pubkey"))
    .description(
      "change the key that the sender's validator signs blocks with, against a fee; the new one signs from the block after the next on, " +
        "so put its file into the node's config at apply_height of the transaction's event, not before",
    )
    .argument("<new-pubkey>", "JSON such as `hanzod comet show-validator` prints, or the file of the new key (hanzod comet gen-validator)")
    .action((text: string, options: SendOptions) => {
      const address = createAddressCodec(commandChain().bech32Prefix);
      const key = text.trimStart().startsWith("{") ? parseKey(text) : readKeyFile(text);
      return sendJson(options, MsgRotateConsPubKey.$type, (sender) => ({
        validator_address: address.operator.format(address.parse(sender)),
        new_pubkey: key,
      }));
    });
}

function parseKey(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CliError("the new key is not JSON", { why: reasonOf(cause), next: "hanzod comet show-validator prints one", cause });
  }
}

/** A file with the key itself, or CometBFT's, of which the public part alone is read. */
function readKeyFile(path: string): unknown {
  const json = readJsonFile(path);
  if ("@type" in json) return json;
  const { type, value } = (json["pub_key"] ?? {}) as { readonly type?: unknown; readonly value?: unknown };
  if (type !== "tendermint/PubKeyEd25519" || typeof value !== "string")
    throw new CliError(`${path} holds no consensus key`, {
      why: 'JSON with "@type" and "key" is expected, or a priv_validator_key.json with an ed25519 key',
      next: "hanzod comet gen-validator makes one",
    });
  return consensusKeyJson(Buffer.from(value, "base64"));
}

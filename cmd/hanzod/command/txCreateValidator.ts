import { Command } from "commander";
import { CHAIN } from "../../../app/hanzo.ts";
import { CliError } from "../../shared/cliError.ts";
import { readJsonFile } from "../../shared/jsonFile.ts";
import { consensusKeyJson, createValidatorMessage, type ValidatorTerms } from "../genesis/validatorTerms.ts";
import { getCometSetting, readCometIdentity } from "../node/cometConfig.ts";
import { parseCoinText } from "../request/coinsText.ts";
import { sendMessage } from "../tx/sendMessage.ts";
import { homeOf } from "./options.ts";
import { type SendOptions, sceneOf, withTxOptions } from "./sendOptions.ts";
import { type ValidatorOptions, withValidatorOptions } from "./validatorOptions.ts";

type CreateOptions = SendOptions & ValidatorOptions & { readonly amount?: string };

/** `hanzod tx staking create-validator`: from a JSON file as the SDK's tools take it, from options, or from both: options win. */
export function createValidatorCommand(): Command {
  return withValidatorOptions(withTxOptions(new Command("create-validator")))
    .description("make the sender a validator, with a first stake of its own")
    .argument("[file]", 'JSON with "pubkey", "amount", "moniker", "commission-rate" and so on; what it leaves out the options say')
    .option("--amount <coin>", `first stake, such as ${CHAIN.powerReduction}${CHAIN.baseDenom}`)
    .action(async (file: string | undefined, options: CreateOptions) => {
      const scene = await sceneOf(options);
      const terms = await termsOf(file === undefined ? {} : readValidatorFile(file), options);
      await sendMessage(scene, createValidatorMessage(terms, scene.sender.address), options);
    });
}

type FileTerms = Partial<Record<FileKey, string>> & { readonly pubkey?: unknown };
type FileKey = (typeof FILE_KEYS)[number];

/** Keys of the file, as the SDK's tools name them; all texts. */
const FILE_KEYS = [
  "amount",
  "moniker",
  "identity",
  "website",
  "security",
  "details",
  "commission-rate",
  "commission-max-rate",
  "commission-max-change-rate",
  "min-self-delegation",
] as const;

/** @throws CliError when it is no such file; also for keys that nobody would read */
function readValidatorFile(path: string): FileTerms {
  const json = readJsonFile(path);
  for (const [key, value] of Object.entries(json)) {
    if (key === "pubkey") continue;
    if (!(FILE_KEYS as readonly string[]).includes(key))
      throw new CliError(`${path}: unknown key ${key}`, { why: `known keys are pubkey, ${FILE_KEYS.join(", ")}` });
    if (typeof value !== "string") throw new CliError(`${path}: ${key} is no text`, { why: "texts in quotes are expected, numbers too" });
  }
  return json;
}

async function termsOf(file: FileTerms, options: CreateOptions): Promise<ValidatorTerms> {
  const amount = options.amount ?? file.amount;
  if (amount === undefined)
    throw new CliError("the validator has no stake", {
      why: "--amount is expected, or a file with one",
      next: "hanzod tx staking create-validator --help",
    });
  const home = homeOf(options);
  const text = (given: string | undefined, key: FileKey): string | undefined => given ?? file[key];
  const commissionRate = text(options.commissionRate, "commission-rate");
  const commissionMaxRate = text(options.commissionMaxRate, "commission-max-rate");
  const commissionMaxChangeRate = text(options.commissionMaxChangeRate, "commission-max-change-rate");
  const minSelfDelegation = text(options.minSelfDelegation, "min-self-delegation");
  return {
    amount: parseCoinText(amount),
    pubkey: options.pubkey ?? file.pubkey ?? consensusKeyJson((await readCometIdentity(home)).validatorPublicKey),
    moniker: text(options.moniker, "moniker") ?? (await getCometSetting(home, "moniker")),
    identity: text(options.identity, "identity") ?? "",
    website: text(options.website, "website") ?? "",
    securityContact: text(options.securityContact, "security") ?? "",
    details: text(options.details, "details") ?? "",
    ...(commissionRate === undefined ? {} : { commissionRate }),
    ...(commissionMaxRate === undefined ? {} : { commissionMaxRate }),
    ...(commissionMaxChangeRate === undefined ? {} : { commissionMaxChangeRate }),
    ...(minSelfDelegation === undefined ? {} : { minSelfDelegation }),
  };
}

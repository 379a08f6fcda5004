import { Command } from "commander";
import type { SignatureDescriptor } from "#proto/cosmos/tx/signing/v1beta1/signing";
import { CliError } from "../../shared/cliError.ts";
import { toJson } from "../../shared/output.ts";
import { type NodeOptions, nodeClientOf } from "../client/nodeOption.ts";
import { publicKeyOf } from "../keyring/publicKey.ts";
import { chainIdOf, numbersOf } from "../tx/accountNumbers.ts";
import { type Multisigned, multisign } from "../tx/multisign.ts";
import { findSender } from "../tx/sender.ts";
import { parseSignaturesJson, signaturesJson } from "../tx/signatureFile.ts";
import { encodeTx } from "../tx/txBytes.ts";
import {
  compactJson,
  linesOf,
  parseTxJson,
  parseTxLines,
  partsOf,
  readText,
  type TxDocument,
  txJson,
  writeDocument,
} from "../tx/txFile.ts";
import { requireOffline, type SignOptions } from "../tx/txOptions.ts";
import { type KeyringOptions, keyringOf } from "./keyringOptions.ts";
import { withSignOptions } from "./signOptions.ts";

type MultisignOptions = KeyringOptions & NodeOptions & SignOptions & { readonly signatureOnly?: boolean };
type BatchOptions = MultisignOptions & { readonly autoIncrement: boolean };

/** The commands that put signatures of the members of a multisig key together. */
export function multisignCommands(): readonly Command[] {
  return [multisignCommand(), multisignBatchCommand()];
}

function withMultisignOptions(command: Command): Command {
  return withSignOptions(command).option("--signature-only", "print the joint signature alone");
}

function multisignCommand(): Command {
  return withMultisignOptions(
    new Command("multisign")
      .alias("multi-sign")
      .argument("<file>", "unsigned transaction as JSON; - is standard input")
      .argument("<key>", "multisig key, by name or address")
      .argument("<signatures...>", "files of the members' signatures"),
  )
    .description("put the signatures of members of a multisig key together")
    .action(async (file: string, name: string, files: readonly string[], options: MultisignOptions) => {
      const document = parseTxJson(readText(file), file);
      const signatures = files.flatMap((path) => parseSignaturesJson(readText(path), path));
      const join = await openJoining(document, name, options);
      writeDocument(toJson(shown(join(document, signatures, 0n), options)), options.outputDocument);
    });
}

function multisignBatchCommand(): Command {
  return withMultisignOptions(
    new Command("multisign-batch")
      .argument("<file>", "unsigned transactions as JSON, one per line; - is standard input")
      .argument("<key>", "multisig key, by name or address")
      .argument("<signatures...>", "a file per member: their signatures in the order of the transactions, one per line"),
  )
    .description("put the signatures of members of a multisig key together, for many transactions, as tx sign-batch --multisig makes them")
    .option("--no-auto-increment", "sign every transaction with the same sequence, instead of consecutive ones")
    .action(async (file: string, name: string, files: readonly string[], options: BatchOptions) => {
      const documents = parseTxLines(readText(file), file);
      const [first] = documents;
      if (first === undefined) return;
      const ofMembers = files.map((path) => signatureLines(path, documents.length));
      const join = await openJoining(first, name, options);
      let steps = 0n;
      const lines = documents.map((document, index) => {
        const joined = join(
          document,
          ofMembers.flatMap((signatures) => signatures[index] ?? []),
          steps,
        );
        if (options.autoIncrement && !document.body.unordered) steps += 1n;
        return compactJson(shown(joined, options));
      });
      writeDocument(lines.join("\n"), options.outputDocument);
    });
}

/** The signatures of one member by transaction. @throws CliError unless there is a line for each */
function signatureLines(path: string, count: number): readonly (readonly SignatureDescriptor[])[] {
  const lines = linesOf(readText(path));
  if (lines.length !== count)
    throw new CliError(`${path} has ${lines.length} signatures for ${count} transactions`, {
      why: "a line for each transaction is expected, in their order",
      next: "hanzod tx sign-batch FILE --from MEMBER --multisig NAME makes them",
    });
  return lines.map(([line, number]) => parseSignaturesJson(line, `line ${number} of ${path}`));
}

/** Looks key and account up once. @returns what joins the signatures of a document, with a sequence that many steps further */
async function openJoining(
  first: TxDocument,
  name: string,
  options: MultisignOptions,
): Promise<(document: TxDocument, signatures: readonly SignatureDescriptor[], steps: bigint) => Multisigned> {
  const keyring = keyringOf(options);
  const key = keyring.show(findSender(keyring, name).key ?? name);
  if (key.type !== "multi") throw new CliError(`"${key.name}" is no multisig key`, { next: "hanzod keys add NAME --multisig KEY,KEY" });
  requireOffline(options, first.body.unordered);
  const client = await nodeClientOf(options);
  const start = await numbersOf(client, key.address, options, first.body.unordered);
  const chainId = await chainIdOf(client, options);
  return (document, signatures, steps) => {
    const sequence = document.body.unordered ? 0n : start.sequence + steps;
    return multisign(document, publicKeyOf(key), signatures, { ...start, sequence, chainId });
  };
}

function shown({ document, signature }: Multisigned, { signatureOnly }: MultisignOptions): unknown {
  return signatureOnly === true ? signaturesJson([signature]) : txJson(encodeTx(partsOf(document), document.signatures));
}

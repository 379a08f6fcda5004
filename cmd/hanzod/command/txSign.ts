import { Command } from "commander";
import type { SignatureDescriptor, SignMode } from "#proto/cosmos/tx/signing/v1beta1/signing";
import { SIGN_MODE } from "../../../app/runtime/signModes.ts";
import { CliError } from "../../shared/cliError.ts";
import { toJson } from "../../shared/output.ts";
import { type NodeOptions, nodeClientOf } from "../client/nodeOption.ts";
import type { DocumentSigner } from "../keyring/privateKey.ts";
import { chainIdOf, numbersOf } from "../tx/accountNumbers.ts";
import { joinTxs } from "../tx/joinTxs.ts";
import { type AccountNumbers, findSender, type Sender } from "../tx/sender.ts";
import { signaturesJson } from "../tx/signatureFile.ts";
import { signBytes } from "../tx/signBytes.ts";
import { requireSigner, signDocument } from "../tx/signDocument.ts";
import { encodeTx } from "../tx/txBytes.ts";
import { requiredSigners } from "../tx/txCodec.ts";
import { compactJson, parseTxJson, parseTxLines, partsOf, readText, type TxDocument, txJson, writeDocument } from "../tx/txFile.ts";
import { requireOffline, type SignOptions } from "../tx/txOptions.ts";
import { validateSignatures } from "../tx/validateSignatures.ts";
import { type KeyringOptions, keyringOf, passphraseOf } from "./keyringOptions.ts";
import { outputOf } from "./options.ts";
import { withSignOptions } from "./signOptions.ts";
import { multisignCommands } from "./txMultisign.ts";

type FileOptions = KeyringOptions & NodeOptions & SignOptions;
type SignFileOptions = FileOptions & { readonly from: string; readonly multisig?: string; readonly signatureOnly?: boolean };

/** The commands that make, join and judge signatures of transactions in files. */
export function signCommands(): readonly Command[] {
  return [signCommand(), signBatchCommand(), ...multisignCommands(), validateCommand()];
}

function withSigner(command: Command): Command {
  return withSignOptions(command)
    .requiredOption("--from <key>", "key that signs, by name or address")
    .option("--multisig <key>", "sign as a member of this multisig key, by name or address; prints the signature alone")
    .option("--signature-only", "print the signature alone");
}

function signCommand(): Command {
  return withSigner(new Command("sign").argument("<file>", "transaction as JSON; - is standard input"))
    .description("sign a transaction of a file, as --generate-only makes it")
    .action(async (file: string, options: SignFileOptions) => {
      const document = parseTxJson(readText(file), file);
      const signing = await openSigning(document, options);
      writeDocument(toJson(signing(document, 0n)), options.outputDocument);
    });
}

type BatchOptions = SignFileOptions & { readonly append?: boolean };

function signBatchCommand(): Command {
  return withSigner(new Command("sign-batch").argument("<files...>", "transactions as JSON, one per line; - is standard input"))
    .description("sign the transactions of files, one per line, with consecutive sequences")
    .option("--append", "sign one transaction with the messages of all; gas limits and fees add up")
    .action(async (files: readonly string[], options: BatchOptions) => {
      const read = files.flatMap((file) => parseTxLines(readText(file), file));
      const documents = options.append === true ? [joinTxs(read)] : read;
      const [first] = documents;
      if (first === undefined) return;
      const signing = await openSigning(first, options);
      let steps = 0n;
      const lines = documents.map((document) => {
        const signed = compactJson(signing(document, steps));
        if (!document.body.unordered) steps += 1n;
        return signed;
      });
      writeDocument(lines.join("\n"), options.outputDocument);
    });
}

/** Opens the key once. @returns what signs a document with a sequence that many steps further */
async function openSigning(first: TxDocument, options: SignFileOptions): Promise<(document: TxDocument, steps: bigint) => unknown> {
  const keyring = keyringOf(options);
  const sender = findSender(keyring, options.from);
  if (sender.key === undefined || sender.publicKey === undefined)
    throw new CliError(`the keyring has no key of ${sender.address}`, { why: "only its owner can sign", next: "hanzod keys list" });
  const account = options.multisig === undefined ? sender : findSender(keyring, options.multisig);
  requireSigner(first, account.address);
  requireOffline(options, first.body.unordered);
  const client = await nodeClientOf(options);
  const start = await numbersOf(client, account.address, options, first.body.unordered);
  const chainId = await chainIdOf(client, options);
  const sign = await keyring.signer(sender.key, keyring.show(sender.key).type === "local" ? passphraseOf(options) : "");
  const mode = options.signMode ?? (options.multisig === undefined ? SIGN_MODE.direct : SIGN_MODE.amino);
  if (options.multisig !== undefined && mode !== SIGN_MODE.amino)
    throw new CliError("members of a multisig key sign amino JSON", {
      why: "in direct mode they would have to know beforehand who of them signs",
      next: "leave --sign-mode out",
    });
  return (document, steps) => {
    const numbers = { ...start, sequence: document.body.unordered ? 0n : start.sequence + steps };
    return signOne(document, { sender, account, numbers, chainId, mode, sign, bare: options.signatureOnly === true });
  };
}

interface OneSigning {
  readonly sender: Sender;
  /** Whose transaction it is: the sender's own, or their multisig key's. */
  readonly account: Sender;
  readonly numbers: AccountNumbers;
  readonly chainId: string;
  readonly mode: SignMode;
  readonly sign: DocumentSigner;
  readonly bare: boolean;
}

function signOne(document: TxDocument, { sender, account, numbers, chainId, mode, sign, bare }: OneSigning): unknown {
  const { publicKey } = sender;
  if (publicKey === undefined) throw new CliError(`the keyring has no key of ${sender.address}`);
  const describe = (signature: Uint8Array): unknown => {
    const data: SignatureDescriptor["data"] = { single: { mode, signature }, multi: undefined };
    return signaturesJson([{ publicKey, data, sequence: numbers.sequence }]);
  };
  if (account !== sender) {
    requireSigner(document, account.address);
    return describe(sign(signBytes(partsOf(document), mode, { chainId, ...numbers })));
  }
  const signed = signDocument(document, { address: sender.address, publicKey, numbers, mode, sign }, chainId);
  if (!bare) return txJson(encodeTx(partsOf(signed), signed.signatures));
  return describe(signed.signatures[requiredSigners(partsOf(document)).indexOf(sender.address)] ?? new Uint8Array(0));
}

function validateCommand(): Command {
  return withSignOptions(new Command("validate-signatures").argument("<file>", "signed transaction as JSON; - is standard input"))
    .description("judge every signature of a transaction as the chain would; fails when one is wrong or missing")
    .action(async (file: string, options: FileOptions) => {
      const document = parseTxJson(readText(file), file);
      const signers = requiredSigners(partsOf(document));
      requireOffline(options, document.body.unordered);
      if (options.offline === true && signers.length > 1)
        throw new CliError(`${signers.length} accounts sign this transaction`, {
          why: "--account-number and --sequence are those of one account",
          next: "leave --offline out",
        });
      const client = await nodeClientOf(options);
      const numbers = await Promise.all(signers.map((address) => numbersOf(client, address, options, document.body.unordered)));
      const verdicts = validateSignatures(document, signers, numbers, await chainIdOf(client, options));
      const lines = verdicts.map(({ address, valid, reason }) => `${valid ? "valid " : "wrong "} ${address}${valid ? "" : `: ${reason}`}`);
      outputOf(options).result({ signers: verdicts }, lines.join("\n"));
      const wrong = verdicts.filter(({ valid }) => !valid).length;
      if (wrong > 0) throw new CliError(`${wrong} of ${verdicts.length} signatures are missing or wrong`, { why: "see above" });
    });
}

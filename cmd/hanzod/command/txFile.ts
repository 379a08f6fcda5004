import { Command } from "commander";
import { Tx } from "#proto/cosmos/tx/v1beta1/tx";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { SIGN_MODE } from "../../../app/runtime/signModes.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { toJson } from "../../shared/output.ts";
import { type NodeOptions, nodeClientOf } from "../client/nodeOption.ts";
import { broadcastTx } from "../tx/broadcastTx.ts";
import { simulateBytes } from "../tx/gas.ts";
import { accountOf, findSender } from "../tx/sender.ts";
import { encodeTx, unsignedTx } from "../tx/txBytes.ts";
import { requiredSigners, txCodec } from "../tx/txCodec.ts";
import { parseTxJson, partsOf, readText, type TxDocument, txJson, writeDocument } from "../tx/txFile.ts";
import { type KeyringOptions, keyringOf, withKeyringOptions } from "./keyringOptions.ts";
import { outputOf, withCommonOptions } from "./options.ts";
import { signCommands } from "./txSign.ts";

/** Where a file comes from, for help texts. */
const FILE = "transaction as JSON; - is standard input";

/** `hanzod tx sign|sign-batch|multisign|validate-signatures|broadcast|simulate|encode|decode`. */
export function fileCommands(): readonly Command[] {
  return [...signCommands(), broadcastCommand(), simulateCommand(), encodeCommand(), decodeCommand()];
}

function broadcastCommand(): Command {
  return withCommonOptions(new Command("broadcast").argument("<file>", FILE))
    .description("send a signed transaction")
    .option("--node <url>", "RPC of a node (default: the home's)")
    .option("--wait", "wait until it is in a block and print the result")
    .action(async (file: string, options: NodeOptions & { readonly wait?: boolean }) => {
      const document = parseTxJson(readText(file), file);
      if (document.signatures.length === 0)
        throw new CliError(`${file} is not signed`, { next: `hanzod tx sign ${file} --from KEY --output-document signed.json` });
      const tx = encodeTx(partsOf(document), document.signatures);
      txCodec().decode(tx);
      await broadcastTx(await nodeClientOf(options), outputOf(options), tx, options.wait === true);
    });
}

function simulateCommand(): Command {
  return withKeyringOptions(new Command("simulate").argument("<file>", FILE))
    .description("tell the gas of a transaction, signed or not, on the latest state; nothing is sent")
    .option("--node <url>", "RPC of a node (default: the home's)")
    .action(async (file: string, options: KeyringOptions & NodeOptions) => {
      const document = parseTxJson(readText(file), file);
      const client = await nodeClientOf(options);
      const signed = document.signatures.length > 0;
      const tx = signed ? encodeTx(partsOf(document), document.signatures) : await standIn(document, options, client);
      const used = await simulateBytes(client, tx);
      outputOf(options).result({ gasUsed: used }, `gas       ${used} used`);
    });
}

/** An unsigned transaction with signatures of zeros, as large as the signed one will be. */
async function standIn(
  document: TxDocument,
  options: KeyringOptions,
  client: Awaited<ReturnType<typeof nodeClientOf>>,
): Promise<Uint8Array> {
  const { body, authInfo } = document;
  const keyring = keyringOf(options);
  const signers = await Promise.all(
    requiredSigners(partsOf(document)).map(async (address) => ({
      publicKey: findSender(keyring, address).publicKey,
      sequence: body.unordered ? 0n : (await accountOf(client, address)).sequence,
      mode: SIGN_MODE.direct,
    })),
  );
  const terms = {
    memo: body.memo,
    timeoutHeight: body.timeoutHeight,
    unorderedUntil: body.unordered ? body.timeoutTimestamp : undefined,
  };
  const { gasLimit = 0n, amount = [], payer = "", granter = "" } = authInfo.fee ?? {};
  return unsignedTx({ messages: body.messages, terms, signers }, { gas: gasLimit, amount, payer, granter });
}

function encodeCommand(): Command {
  return withOutputDocument(new Command("encode").argument("<file>", FILE))
    .description("print the bytes of a transaction, in base64, as nodes take them")
    .action((file: string, options: OutputDocument) => {
      const document = parseTxJson(readText(file), file);
      writeDocument(Buffer.from(encodeTx(partsOf(document), document.signatures)).toString("base64"), options.outputDocument);
    });
}

function decodeCommand(): Command {
  return withOutputDocument(new Command("decode").argument("<bytes>", "bytes of a transaction in base64; - reads them from standard input"))
    .description("print a transaction as JSON from its bytes")
    .option("-x, --hex", "the bytes are hexadecimal")
    .action((given: string, options: OutputDocument & { readonly hex?: boolean }) => {
      const text = (given === "-" ? readText("-") : given).trim();
      writeDocument(toJson(decodeText(text, options.hex === true)), options.outputDocument);
    });
}

function decodeText(text: string, hex: boolean): unknown {
  const form = hex ? /^(?:[0-9a-fA-F]{2})+$/ : /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  if (text === "" || !form.test(text))
    throw new CliError("the bytes cannot be read", { why: `${hex ? "pairs of hexadecimal digits are" : "base64 is"} expected` });
  const bytes = new Uint8Array(Buffer.from(text, hex ? "hex" : "base64"));
  try {
    txCodec().decode(bytes);
    return txJson(bytes);
  } catch (cause) {
    return decodeUnsigned(bytes, cause);
  }
}

/** A transaction without messages or fee is none for the chain, yet can be shown. */
function decodeUnsigned(bytes: Uint8Array, reason: unknown): unknown {
  try {
    txCodec().wire.splitTx(bytes);
    return toProtoJson(descriptors(), Tx.$type, bytes);
  } catch {
    throw new CliError("these bytes are no transaction", {
      why: reason instanceof CliError ? reason.why : reasonOf(reason),
      cause: reason,
    });
  }
}

interface OutputDocument {
  readonly outputDocument?: string;
}

function withOutputDocument(command: Command): Command {
  return command.option("--output-document <file>", "write it here instead of to standard output");
}

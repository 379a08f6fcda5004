import type { SignMode } from "#proto/cosmos/tx/signing/v1beta1/signing";
import type { Any } from "#proto/google/protobuf/any";
import { SIGN_MODE } from "../../../app/runtime/signModes.ts";
import { CliError } from "../../shared/cliError.ts";
import { type Output, toJson } from "../../shared/output.ts";
import type { NodeClient } from "../client/nodeClient.ts";
import type { Keyring } from "../keyring/keyring.ts";
import { chainIdOf, numbersOf } from "./accountNumbers.ts";
import { broadcastTx } from "./broadcastTx.ts";
import { feeRule } from "./fees.ts";
import { estimateGas, simulate } from "./gas.ts";
import { type AccountNumbers, findSender, type Sender } from "./sender.ts";
import { signBytes } from "./signBytes.ts";
import { encodeTx, type TxDraft, type TxFee, type TxTerms, txParts } from "./txBytes.ts";
import { txJson, writeDocument } from "./txFile.ts";
import { requireOffline, type TxOptions, termsOf } from "./txOptions.ts";

/** What sending needs from around it. */
export interface TxScene {
  readonly client: NodeClient;
  readonly keyring: Keyring;
  readonly sender: Sender;
  /** Asked for only when something is signed. */
  passphrase(): string;
  readonly output: Output;
}

/** {@link sendMessages} of one message. @throws CliError with codespace and code when it is refused */
export function sendMessage(scene: TxScene, message: Any, options: TxOptions): Promise<void> {
  return sendMessages(scene, [message], options);
}

/**
 * Makes a transaction of messages that are executed together or not at all, and as the options say simulates it, writes it unsigned, writes it signed, or signs and sends it.
 * @throws CliError with codespace and code when it is refused
 */
export async function sendMessages(scene: TxScene, messages: readonly Any[], options: TxOptions): Promise<void> {
  requireConsistent(options);
  const { client, output } = scene;
  const terms = termsOf(options, Date.now());
  const signers = await signersOf(scene, terms, options);
  const draft: TxDraft = {
    messages,
    terms,
    signers: signers.map(({ sender, numbers, mode }) => ({ ...sender, ...numbers, mode })),
  };
  const feeOf = await feesOf(scene, options);
  const gas = options.gas === "auto" ? await estimateGas(client, draft, options.gasAdjustment, feeOf) : options.gas;
  const fee = feeOf(gas);
  if (options.dryRun === true) return dryRun(scene, draft, fee);
  if (options.generateOnly === true) {
    const parts = txParts({ ...draft, signers: [] }, fee);
    writeDocument(toJson(txJson(encodeTx(parts, []))), options.outputDocument);
    return;
  }
  const tx = await signTx(scene, txParts(draft, fee), signers, await chainIdOf(client, options));
  if (options.offline === true) writeDocument(toJson(txJson(tx)), options.outputDocument);
  else await broadcastTx(client, output, tx, options.wait === true);
}

function requireConsistent(options: TxOptions): void {
  const { offline, dryRun, generateOnly, gas, outputDocument } = options;
  if (offline === true && (dryRun === true || gas === "auto"))
    throw new CliError("gas cannot be simulated offline", {
      why: "a simulation runs on a node's state",
      next: "give --gas a whole number; where there is a node, --dry-run tells it",
    });
  if (outputDocument !== undefined && offline !== true && generateOnly !== true)
    throw new CliError("--output-document has nothing to write", {
      why: "the transaction is sent",
      next: "add --generate-only for the unsigned, or --offline for the signed transaction",
    });
}

/** A signer with all that signing needs. */
interface SigningParty {
  readonly sender: Sender;
  readonly numbers: AccountNumbers;
  readonly mode: SignMode;
}

/** The sender, and the fee payer when it is somebody else. */
async function signersOf(scene: TxScene, terms: TxTerms, options: TxOptions): Promise<readonly SigningParty[]> {
  const { client, keyring, sender } = scene;
  const payer = options.feePayer === undefined ? undefined : findSender(keyring, options.feePayer);
  const parties = payer === undefined || payer.address === sender.address ? [sender] : [sender, payer];
  const unordered = terms.unorderedUntil !== undefined;
  // Of an unsigned transaction with a given gas limit nothing depends on the accounts.
  const unknown = options.generateOnly === true && options.gas !== "auto";
  if (!unknown) requireOffline(options, unordered);
  if (parties.length > 1 && options.offline === true && !unknown)
    throw new CliError("two accounts cannot sign offline at once", {
      why: "--account-number and --sequence are those of one account",
      next: "--generate-only, then hanzod tx sign with --sign-mode amino-json for each of them",
    });
  const mode = options.signMode ?? SIGN_MODE.direct;
  const result: SigningParty[] = [];
  for (const party of parties) {
    // The options' numbers are the sender's own.
    const own = party === sender ? options : {};
    const numbers = unknown ? { accountNumber: 0n, sequence: 0n } : await numbersOf(client, party.address, own, unordered);
    result.push({ sender: party, numbers, mode });
  }
  return result;
}

async function feesOf({ client, keyring }: TxScene, options: TxOptions): Promise<(gas: bigint) => TxFee> {
  const amountOf = await feeRule(client, options);
  const payer = options.feePayer === undefined ? {} : { payer: findSender(keyring, options.feePayer).address };
  const granter = options.feeGranter === undefined ? {} : { granter: findSender(keyring, options.feeGranter).address };
  return (gas) => ({ gas, amount: amountOf(gas), ...payer, ...granter });
}

async function dryRun({ client, output }: TxScene, draft: TxDraft, fee: TxFee): Promise<void> {
  const used = await simulate(client, draft, fee);
  const text = fee.amount.map(({ denom, amount }) => `${amount}${denom}`).join(",");
  output.result(
    { gasUsed: used, gasLimit: fee.gas, fee: fee.amount },
    `gas       ${used} used, limit ${fee.gas}\nfee       ${text === "" ? "none" : text}`,
  );
}

async function signTx(
  { keyring, passphrase }: TxScene,
  parts: ReturnType<typeof txParts>,
  parties: readonly SigningParty[],
  chainId: string,
): Promise<Uint8Array> {
  const signatures: Uint8Array[] = [];
  for (const { sender, numbers, mode } of parties) {
    if (sender.key === undefined) {
      throw new CliError(`the keyring has no key of ${sender.address}`, {
        why: "only its owner can sign",
        next: "add --generate-only for the unsigned transaction, or see hanzod keys list",
      });
    }
    const sign = await keyring.signer(sender.key, keyring.show(sender.key).type === "local" ? passphrase() : "");
    signatures.push(sign(signBytes(parts, mode, { chainId, ...numbers })));
  }
  return encodeTx(parts, signatures);
}

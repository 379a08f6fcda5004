import { createHash } from "node:crypto";
import { makeSignDoc } from "@cosmjs/proto-signing";
import { Tx } from "#proto/cosmos/tx/v1beta1/tx";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { descriptors } from "../../../app/hanzo.ts";
import { CliError } from "../../shared/cliError.ts";
import { type Output, toJson } from "../../shared/output.ts";
import type { NodeClient } from "../client/nodeClient.ts";
import type { Keyring } from "../keyring/keyring.ts";
import { type FeeOptions, feeRule } from "./fees.ts";
import { estimateGas, type GasAdjustment, simulate } from "./gas.ts";
import { failureAdvice, reportTx, waitForTx } from "./report.ts";
import { accountOf, type Sender } from "./sender.ts";
import { encodeTx, type TxDraft, type TxFee, txParts } from "./txBytes.ts";

/** How a transaction is made, beside its message. */
export interface TxOptions extends FeeOptions {
  readonly gas: "auto" | bigint;
  readonly gasAdjustment: GasAdjustment;
  readonly memo: string;
  /** Default: the node's. */
  readonly chainId?: string;
  readonly dryRun?: boolean;
  readonly generateOnly?: boolean;
  readonly wait?: boolean;
}

/** What sending needs from around it. */
export interface TxScene {
  readonly client: NodeClient;
  readonly keyring: Keyring;
  readonly sender: Sender;
  /** Asked for only when something is signed. */
  passphrase(): string;
  readonly output: Output;
}

/** Makes a transaction of one message, and as the options say simulates, prints, or signs and sends it. @throws CliError with codespace and code when it is refused */
export async function sendMessage(scene: TxScene, message: TxDraft["message"], options: TxOptions): Promise<void> {
  const { client, sender, output } = scene;
  const { accountNumber, sequence } = await accountOf(client, sender.address);
  const draft: TxDraft = { message, memo: options.memo, publicKey: sender.publicKey, sequence };
  const feeOf = await feeRule(client, options);
  const gas = options.gas === "auto" ? await estimateGas(client, draft, options.gasAdjustment, feeOf) : options.gas;
  const fee: TxFee = { gas, amount: feeOf(gas) };
  const feeText = fee.amount.map(({ denom, amount }) => `${amount}${denom}`).join(",");
  if (options.dryRun === true) {
    const used = await simulate(client, draft, fee);
    output.result(
      { gasUsed: used, gasLimit: gas, fee: fee.amount },
      `gas       ${used} used, limit ${gas}\nfee       ${feeText === "" ? "none" : feeText}`,
    );
    return;
  }
  const parts = txParts(draft, fee);
  if (options.generateOnly === true) {
    process.stdout.write(`${toJson(toProtoJson(descriptors(), Tx.$type, encodeTx(parts, new Uint8Array(0))))}\n`);
    return;
  }
  const chainId = options.chainId ?? (await client.chainId());
  const tx = encodeTx(parts, await sign(scene, parts, chainId, accountNumber));
  const { code, codespace, log } = await client.broadcast(tx);
  if (code !== 0)
    throw new CliError(`the transaction was refused: codespace ${codespace} code ${code}`, {
      why: log,
      next: failureAdvice({ codespace, code }),
      refusal: { codespace, code },
    });
  const txhash = createHash("sha256").update(tx).digest("hex").toUpperCase();
  if (options.wait === true) reportTx(output, txhash, await waitForTx(client, txhash));
  else output.result({ txhash, code: 0 }, `tx        ${txhash}\nsent; it is in no block yet\n  next: hanzod q tx get-tx ${txhash}`);
}

async function sign(
  { keyring, sender, passphrase }: TxScene,
  parts: ReturnType<typeof txParts>,
  chainId: string,
  accountNumber: bigint,
): Promise<Uint8Array> {
  if (sender.key === undefined) {
    throw new CliError(`the keyring has no key of ${sender.address}`, {
      why: "only its owner can sign",
      next: "add --generate-only for the unsigned transaction, or see hanzod keys list",
    });
  }
  const wallet = await keyring.wallet(sender.key, passphrase());
  const { signature } = await wallet.signDirect(sender.address, makeSignDoc(parts.bodyBytes, parts.authInfoBytes, chainId, accountNumber));
  return new Uint8Array(Buffer.from(signature.signature, "base64"));
}

import { type AddressCodec, AddressError, ModuleError, sdkError } from "#sdk";
import type { DecodedTx } from "../decodedTx.ts";
import { formatFeeCoins } from "../feeCoins.ts";
import type { AnteStep } from "./anteRun.ts";

/** Largest gas limit; block gas is counted in signed 64-bit numbers. */
const MAX_GAS_LIMIT = (1n << 63n) - 1n;

/**
 * Checks that need no state: the fee's form and that everyone signed who must.
 * @throws sdk/13 fee, sdk/15 no signature, sdk/4 number of signatures, sdk/7 fee payer, sdk/18 gas limit; undefined/1 for an unreadable signer
 */
export const checkBasics: AnteStep = (run) => {
  const { tx, env } = run;
  if (!tx.hasSoundBasics) {
    checkParts(tx, env.address);
    // A wallet that asks for the gas may have nothing to sign with yet.
    if (run.mode !== "simulate" || tx.raw.signatures.length > 0) {
      checkSignatures(tx);
      tx.hasSoundBasics = true;
    }
  }
  run.signerAddresses = tx.signers();
};

function checkParts(tx: DecodedTx, address: AddressCodec): void {
  if (tx.fee.gasLimit > MAX_GAS_LIMIT) throw sdkError.invalidRequest(`invalid gas supplied; ${tx.fee.gasLimit} > ${MAX_GAS_LIMIT}`);
  if (tx.feeCoins.some(({ amount }) => amount === undefined)) throw sdkError.insufficientFee("invalid fee provided: null");
  if (tx.feeCoins.some(({ amount = 0n }) => amount < 0n))
    throw sdkError.insufficientFee(`invalid fee provided: ${formatFeeCoins(tx.feeCoins)}`);
  checkPayer(tx, address);
  readSigners(tx);
}

function checkSignatures(tx: DecodedTx): void {
  const expected = tx.signers().length;
  const signed = tx.raw.signatures.length;
  if (signed === 0) throw sdkError.noSignatures();
  if (signed !== expected || tx.signerInfos.length !== expected) {
    throw sdkError.unauthorized(
      `wrong number of signers; expected ${expected}, got ${signed === expected ? tx.signerInfos.length : signed}`,
    );
  }
}

function checkPayer({ fee }: DecodedTx, address: AddressCodec): void {
  if (fee.payer === "") return;
  try {
    address.parse(fee.payer);
  } catch (error) {
    throw sdkError.invalidAddress(`invalid fee payer address (${error instanceof Error ? error.message : fee.payer})`);
  }
}

/** The SDK never registered a code for a signer that is no address, so wallets know this one. */
function readSigners(tx: DecodedTx): void {
  try {
    tx.signers();
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    throw new ModuleError("undefined", 1, error.message);
  }
}

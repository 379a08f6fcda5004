import { type CoinAmount, explainError, KV_GAS, ModuleError, SDK_ERRORS, sdkError } from "#sdk";
import { formatFeeCoins, requiredFee } from "../feeCoins.ts";
import { type AnteRun, type AnteStep, isForMempool } from "./anteRun.ts";

/**
 * Takes the fee from who pays it.
 * @throws sdk/13 below this node's price (mempool only) or malformed, sdk/38 no grant, sdk/9 unknown payer, sdk/5 not enough
 */
export const deductFee: AnteStep = (run) => {
  const { ctx, tx, env } = run;
  const facts = tx.facts();
  if (isForMempool(run.mode)) checkPrice(run);
  const { payer } = facts;
  if (payer === undefined) throw sdkError.noSignatures("a message without signer");
  const source = facts.hasGranter ? useGrant(run, payer) : payer;
  if (env.ports.accounts.findAccount(ctx, source, facts.placeOf(source)) === undefined)
    throw sdkError.unknownAddress(`fee payer address: ${source} does not exist`);
  if (facts.fee !== "none") {
    if (facts.fee === "malformed") throw sdkError.insufficientFee(`invalid fee amount: ${formatFeeCoins(tx.feeCoins)}`);
    env.ports.fees.deductFee(ctx, source, tx.feeCoins as readonly CoinAmount[]);
  } else if (run.mode === "simulate") {
    chargeFeeToCome(run, source);
  }
  if (!ctx.isHeard) return;
  ctx.event("tx", [
    ["fee", formatFeeCoins(tx.feeCoins)],
    ["fee_payer", source],
  ]);
};

/** This node's price, a matter of its operator: never asked in a block. One denomination that is enough suffices. */
function checkPrice({ tx, env }: AnteRun): void {
  const facts = tx.facts();
  if (facts.enoughFor === env.minGasPrices || env.minGasPrices.every(({ priceE18 }) => priceE18 === 0n)) return;
  const required = requiredFee(env.minGasPrices, tx.fee.gasLimit);
  const enough = required.some(({ denom, amount = 0n }) =>
    tx.feeCoins.some((coin) => coin.denom === denom && (coin.amount ?? 0n) >= amount),
  );
  if (!enough)
    throw sdkError.insufficientFee(`insufficient fees; got: ${formatFeeCoins(tx.feeCoins)} required: ${formatFeeCoins(required)}`);
  facts.enoughFor = env.minGasPrices;
}

/** The granter who pays instead; naming oneself needs no grant. */
function useGrant({ ctx, tx, env }: AnteRun, payer: string): string {
  const granter = env.address.format(parseGranter(env.address, tx.fee.granter));
  if (granter === payer) return payer;
  const refusal = `${granter} does not allow to pay fees for ${payer}`;
  if (env.ports.feeGrants === undefined) throw sdkError.notFound(`${refusal}: fee-grant not found`);
  const types = tx.messages.map(({ method }) => method.path);
  try {
    env.ports.feeGrants.useGrantedFees(ctx, granter, payer, tx.fee.amount, types);
  } catch (error) {
    throw explainError(error, refusal);
  }
  return granter;
}

function parseGranter(address: AnteRun["env"]["address"], text: string): Uint8Array {
  try {
    return address.parse(text);
  } catch (error) {
    throw sdkError.invalidAddress(`invalid fee granter address (${error instanceof Error ? error.message : text})`);
  }
}

/** Digits that a real fee has more than the placeholder, at most: what the fee collector's balance may grow by. */
const FEE_DIGITS = 20n;

/** GAS: a simulation without fee is charged as if it paid one, since the transaction that follows will; who owns nothing simulates for free. */
function chargeFeeToCome({ trial, env }: AnteRun, payer: string): void {
  const denom = env.minGasPrices[0]?.denom ?? env.baseDenom;
  trial((ctx) => {
    try {
      env.ports.fees.deductFee(ctx, payer, [{ denom, amount: 1n }]);
      ctx.gas(FEE_DIGITS * KV_GAS.writePerByte, "fee of the transaction to come");
    } catch (error) {
      if (!(error instanceof ModuleError && error.codespace === "sdk" && error.code === SDK_ERRORS.insufficientFunds[0])) throw error;
    }
  });
}

import type { OfflineSigner } from "@cosmjs/proto-signing";
import type { DeliverTxResponse } from "@cosmjs/stargate";
import { MsgSwapResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Trade } from "#proto/hanzo/hmm/v1/types";
import type { HanzoClient } from "../../../app/client/connect.ts";
import { CHAIN } from "../../../app/hanzo.ts";
import { CliError } from "../../shared/cliError.ts";
import { formatUnits } from "../../shared/output.ts";
import { waitForOrder } from "./waitForOrder.ts";
import { type JobWallet, withWallet } from "./wallet.ts";

/** What the job is told. */
export interface BuyComputeOptions {
  /** `http://host:port` of CometBFT. */
  readonly rpc: string;
  /** A stock cosmjs wallet with one account. */
  readonly wallet: OfflineSigner;
  /** Base units of AI to lock for credit, and of credit to spend. */
  readonly lock: bigint;
  readonly spend: bigint;
  readonly poolId: string;
  readonly print: (line: string) => void;
}

/** What the job did; all amounts in base units. */
export interface BuyComputeReport {
  readonly txhash: string;
  readonly height: number;
  readonly gasUsed: string;
  readonly spent: string;
  readonly received: string;
  /** Credit per resource base unit, times 10^18. */
  readonly priceBefore: string;
  readonly priceAfter: string;
  /** State after the block of the purchase, upper-case hexadecimal. */
  readonly appHash: string;
}

const AI_DECIMALS = 18;
const NANO = 9;
const E18 = 10n ** 18n;
const SECONDS_PER_HOUR = 3600n;

/** Locks AI for credit, asks for a quote and buys from a pool, as any cosmjs wallet would, and prints what happened. */
export function buyCompute(options: BuyComputeOptions): Promise<BuyComputeReport> {
  return withWallet(options.rpc, options.wallet, (wallet) => buy(wallet, options));
}

async function buy({ client, sender, send }: JobWallet, { rpc, lock, spend, poolId, print }: BuyComputeOptions): Promise<BuyComputeReport> {
  const { pool } = await client.query.hmm.pool(poolId);
  const denoms = [CHAIN.baseDenom, "credit", pool?.pool?.denom ?? ""];
  const balances = async (): Promise<readonly string[]> =>
    Promise.all(denoms.map(async (denom) => `${formatBalance((await client.signing.getBalance(sender, denom)).amount, denom)}`));
  print(`wallet    ${sender}`);
  print(`balances  ${(await balances()).join("   ")}`);

  const locked = await send([{ typeUrl: "/hanzo.hmm.v1.MsgMintCredit", value: { sender, amount: lock.toString() } }]);
  print(`locked    ${formatUnits(lock, AI_DECIMALS)} AI for as much credit   tx ${locked.transactionHash}   height ${locked.height}`);

  const { trade: quote } = await client.query.hmm.quoteBuy(poolId, spend.toString());
  if (quote === undefined) throw new CliError(`no quote from pool ${poolId}`);
  print(
    `quote     ${formatUnits(BigInt(quote.resource), NANO)} GPU-seconds for ${formatUnits(BigInt(quote.credit), AI_DECIMALS)} credit, all fees included (impact ${quote.impactBps} bps)`,
  );

  const swap = { sender, poolId, creditIn: spend.toString(), minOut: ((BigInt(quote.resource) * 99n) / 100n).toString() };
  const bought = await send([{ typeUrl: "/hanzo.hmm.v1.MsgSwap", value: swap }]);
  const filled = await purchaseOf(client, bought, quote, { rpc, poolId, print });
  print(`balances  ${(await balances()).join("   ")}`);
  return {
    txhash: bought.transactionHash,
    height: bought.height,
    gasUsed: bought.gasUsed.toString(),
    ...filled,
    appHash: await appHashAfter(client, bought.height),
  };
}

/** What was bought, from the swap's answer or, where it had to wait, from the end of its order. */
async function purchaseOf(
  client: HanzoClient,
  bought: DeliverTxResponse,
  quote: Trade,
  { rpc, poolId, print }: Pick<BuyComputeOptions, "rpc" | "poolId" | "print">,
): Promise<Pick<BuyComputeReport, "spent" | "received" | "priceBefore" | "priceAfter">> {
  const [first] = bought.msgResponses;
  const { trade, orderId } = MsgSwapResponse.decode(first?.value ?? new Uint8Array(0));
  if (trade !== undefined) {
    printTrade(print, trade, bought);
    return { spent: trade.credit, received: trade.resource, priceBefore: trade.priceBeforeE18, priceAfter: trade.priceAfterE18 };
  }
  if (orderId === 0n) throw new CliError("the swap's answer holds neither a trade nor an order");
  print(`tx        ${bought.transactionHash}   height ${bought.height}   gas ${bought.gasUsed}`);
  print(`order     ${orderId} waits for the batch of block ${bought.height}: the pool's window for immediate orders is used up`);
  const { height, reason, filled, credit } = await waitForOrder(rpc, orderId, bought.height);
  if (filled === 0n)
    throw new CliError(`order ${orderId} ended at height ${height} without a fill: ${reason}`, {
      why: "the pool's price went beyond the order's limit",
      next: `hanzod hmm quote ${poolId} 10AI`,
    });
  const before = quote.priceBeforeE18;
  const after = (await client.query.hmm.pool(poolId)).pool?.priceE18 ?? before;
  print(`bought    ${formatUnits(filled, NANO)} GPU-seconds for ${formatUnits(credit, AI_DECIMALS)} credit, filled at height ${height}`);
  print(`price     ${perHour(before)} → ${perHour(after)} credit per GPU-hour`);
  return { spent: credit.toString(), received: filled.toString(), priceBefore: before, priceAfter: after };
}

/** The state after a block stands in the header of the next one. */
async function appHashAfter(client: HanzoClient, height: number): Promise<string> {
  for (;;) {
    const status = await client.comet.status();
    if (status.syncInfo.latestBlockHeight > height) break;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  const { block } = await client.comet.block(height + 1);
  return Buffer.from(block.header.appHash).toString("hex").toUpperCase();
}

function printTrade(
  print: (line: string) => void,
  trade: Trade,
  tx: { readonly transactionHash: string; readonly height: number; readonly gasUsed: bigint },
): void {
  const credit = (text: string): string => formatUnits(BigInt(text), AI_DECIMALS);
  print(`bought    ${formatUnits(BigInt(trade.resource), NANO)} GPU-seconds for ${credit(trade.credit)} credit`);
  print(`tx        ${tx.transactionHash}   height ${tx.height}   gas ${tx.gasUsed}`);
  print(`price     ${perHour(trade.priceBeforeE18)} → ${perHour(trade.priceAfterE18)} credit per GPU-hour`);
  print(`fees      burn ${credit(trade.burn)}   treasury ${credit(trade.treasury)}   liquidity providers ${credit(trade.lp)} credit`);
}

/** Credit per GPU-hour of a price in credit base units per nGPU-second, times 10^18. */
function perHour(priceE18: string): string {
  const perSecond = (BigInt(priceE18) * 10n ** 9n) / E18;
  return formatUnits(perSecond * SECONDS_PER_HOUR, AI_DECIMALS).replace(/(\.\d{6})\d+$/, "$1");
}

function formatBalance(amount: string, denom: string): string {
  const decimals = denom === CHAIN.baseDenom || denom === "credit" ? AI_DECIMALS : NANO;
  const unit = denom === CHAIN.baseDenom ? "AI" : denom === "credit" ? "credit" : denom.replace(/^n/, "").toUpperCase();
  return `${formatUnits(BigInt(amount), decimals)} ${unit}`;
}

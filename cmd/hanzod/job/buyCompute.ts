import type { EncodeObject, OfflineSigner } from "@cosmjs/proto-signing";
import type { DeliverTxResponse } from "@cosmjs/stargate";
import { MsgSwapResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Trade } from "#proto/hanzo/hmm/v1/types";
import { connect, type HanzoClient } from "../../../app/client/connect.ts";
import { CHAIN } from "../../../app/hanzo.ts";
import { CliError } from "../../shared/cliError.ts";
import { formatUnits } from "../../shared/output.ts";

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
export async function buyCompute(options: BuyComputeOptions): Promise<BuyComputeReport> {
  const { wallet, poolId, print } = options;
  const client = await connect({ rpc: options.rpc, signer: wallet });
  try {
    const [account] = await wallet.getAccounts();
    if (account === undefined) throw new CliError("the wallet has no account");
    const { address: sender } = account;
    const { pool } = await client.query.hmm.pool(poolId);
    const resource = pool?.pool?.denom ?? "";
    const denoms = [CHAIN.baseDenom, "credit", resource];
    const balances = async (): Promise<readonly string[]> =>
      Promise.all(denoms.map(async (denom) => `${formatBalance((await client.signing.getBalance(sender, denom)).amount, denom)}`));
    print(`wallet    ${sender}`);
    print(`balances  ${(await balances()).join("   ")}`);

    const locked = await send(client, sender, [
      { typeUrl: "/hanzo.hmm.v1.MsgMintCredit", value: { sender, amount: options.lock.toString() } },
    ]);
    print(
      `locked    ${formatUnits(options.lock, AI_DECIMALS)} AI for as much credit   tx ${locked.transactionHash}   height ${locked.height}`,
    );

    const { trade: quote } = await client.query.hmm.quoteBuy(poolId, options.spend.toString());
    if (quote === undefined) throw new CliError(`no quote from pool ${poolId}`);
    print(
      `quote     ${formatUnits(BigInt(quote.resource), NANO)} GPU-seconds for ${formatUnits(BigInt(quote.credit), AI_DECIMALS)} credit, all fees included (impact ${quote.impactBps} bps)`,
    );

    const swap = { sender, poolId, creditIn: options.spend.toString(), minOut: ((BigInt(quote.resource) * 99n) / 100n).toString() };
    const bought = await send(client, sender, [{ typeUrl: "/hanzo.hmm.v1.MsgSwap", value: swap }]);
    const trade = swapTrade(bought);
    printTrade(print, trade, bought);
    print(`balances  ${(await balances()).join("   ")}`);
    return {
      txhash: bought.transactionHash,
      height: bought.height,
      gasUsed: bought.gasUsed.toString(),
      spent: trade.credit,
      received: trade.resource,
      priceBefore: trade.priceBeforeE18,
      priceAfter: trade.priceAfterE18,
      appHash: await appHashAfter(client, bought.height),
    };
  } finally {
    client.disconnect();
  }
}

/** Gas above the simulation: it costs what delivery costs, but the block before may change a store key's length. */
const GAS_FACTOR = 1.1;

async function send(client: HanzoClient, sender: string, messages: readonly EncodeObject[]): Promise<DeliverTxResponse> {
  const result = await client.signing.signAndBroadcast(sender, messages, GAS_FACTOR);
  if (result.code !== 0)
    throw new CliError(`transaction ${result.transactionHash} failed with code ${result.code}`, { why: result.rawLog ?? "" });
  return result;
}

function swapTrade({ msgResponses }: DeliverTxResponse): Trade {
  const [first] = msgResponses;
  const trade = first === undefined ? undefined : MsgSwapResponse.decode(first.value).trade;
  if (trade === undefined) throw new CliError("the swap's answer holds no trade");
  return trade;
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

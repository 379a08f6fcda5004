// The three things that this wallet does, each with what it tells afterwards.
import type { EncodeObject } from "@cosmjs/proto-signing";
import type { DeliverTxResponse } from "@cosmjs/stargate";
import { MsgSwapResponse } from "#proto/hanzo/hmm/v1/tx";
import type { HanzoClient } from "../../app/client/index.ts";
import { AI, formatAmount, formatPrice, unitOf } from "./amounts.ts";

/** A transaction in a block. */
export interface Result {
  /** One sentence. */
  readonly outcome: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly events: DeliverTxResponse["events"];
}

/** Who acts, over which connection. */
export interface Actor {
  readonly client: HanzoClient;
  readonly address: string;
}

/** The share of a quote that a purchase must bring at least, in percent: prices may move by the rest. */
const LEAST_PERCENT = 99n;

/** Sends AI. @throws Error with the node's words when it fails */
export async function sendAi(actor: Actor, to: string, amount: bigint): Promise<Result> {
  const value = { fromAddress: actor.address, toAddress: to, amount: [{ denom: "aai", amount: amount.toString() }] };
  const tx = await broadcast(actor, { typeUrl: "/cosmos.bank.v1beta1.MsgSend", value });
  return { outcome: `Sent ${formatAmount(amount, AI)} AI to ${to}.`, facts: factsOf(tx), events: tx.events };
}

/** Locks AI for credit. @throws Error with the node's words when it fails */
export async function mintCredit(actor: Actor, amount: bigint): Promise<Result> {
  const tx = await broadcast(actor, {
    typeUrl: "/hanzo.hmm.v1.MsgMintCredit",
    value: { sender: actor.address, amount: amount.toString() },
  });
  return { outcome: `Minted ${formatAmount(amount, AI)} credit.`, facts: factsOf(tx), events: tx.events };
}

/** Buys from a pool with credit, all fees included. @throws Error with the node's words when it fails */
export async function buyCompute(actor: Actor, poolId: string, denom: string, creditIn: bigint): Promise<Result> {
  const { hmm } = actor.client.query;
  const { trade: quote } = await hmm.quoteBuy(poolId, creditIn.toString());
  if (quote === undefined) throw new Error(`The node has no quote for ${poolId}.`);
  const minOut = (BigInt(quote.resource) * LEAST_PERCENT) / 100n;
  const value = { sender: actor.address, poolId, creditIn: creditIn.toString(), minOut: minOut.toString() };
  const tx = await broadcast(actor, { typeUrl: "/hanzo.hmm.v1.MsgSwap", value });
  const unit = unitOf(denom);
  const { trade, orderId } = MsgSwapResponse.decode(tx.msgResponses[0]?.value ?? new Uint8Array(0));
  if (trade === undefined) {
    const outcome = `Order ${orderId} waits for the pool's batch at the end of the block; the balances show what it brought.`;
    const facts = factsOf(tx, [["Price when ordered", `${formatPrice(quote.priceBeforeE18, unit)} credit`]]);
    return { outcome, facts, events: tx.events };
  }
  const fees = BigInt(trade.burn) + BigInt(trade.treasury) + BigInt(trade.lp);
  return {
    outcome: `Bought ${formatAmount(BigInt(trade.resource), unit)} ${unit.name} for ${formatAmount(BigInt(trade.credit), AI)} credit.`,
    facts: factsOf(tx, [
      ["Price before", `${formatPrice(trade.priceBeforeE18, unit)} credit`],
      ["Price after", `${formatPrice(trade.priceAfterE18, unit)} credit`],
      ["Market fees", `${formatAmount(fees, AI)} credit`],
    ]),
    events: tx.events,
  };
}

async function broadcast({ client, address }: Actor, message: EncodeObject): Promise<DeliverTxResponse> {
  const tx = await client.signing.signAndBroadcast(address, [message], "auto");
  if (tx.code !== 0) throw new Error(tx.rawLog ?? `The transaction failed with code ${tx.code}.`);
  return tx;
}

function factsOf(tx: DeliverTxResponse, more: Result["facts"] = []): Result["facts"] {
  const fee = tx.events.find(({ type }) => type === "tx")?.attributes.find(({ key }) => key === "fee")?.value;
  const paid = /^(\d+)aai$/.exec(fee ?? "")?.[1];
  return [
    ...more,
    ["Transaction", tx.transactionHash],
    ["Height", tx.height.toString()],
    ["Gas", `${tx.gasUsed} of ${tx.gasWanted}`],
    ...(paid === undefined ? [] : [["Fee", `${formatAmount(BigInt(paid), AI, 12)} AI`] as const]),
  ];
}

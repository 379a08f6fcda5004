// An account of the market's load: a stock cosmjs client that sends one transaction after another and says what may become of each.
import type { OfflineSigner } from "@cosmjs/proto-signing";
import type { DeliverTxResponse } from "@cosmjs/stargate";
import { connect, type HanzoClient } from "../../../app/client/connect.ts";
import type { TestAccount } from "../../harness/accounts.ts";
import { createRandom } from "./random.ts";

/** `ok`, or `codespace/code` of a failure. */
export type Verdict = string;

/** A transaction that an account wants to send. */
export interface Step {
  /** What it does, for logs and for the count of what was covered. */
  readonly name: string;
  readonly messages: readonly { readonly typeUrl: string; readonly value: object }[];
  /** What may become of it in the block of a height. */
  readonly allowed: (height: number) => readonly Verdict[];
}

/** A transaction that is in a block. */
export interface SentStep {
  readonly trader: number;
  readonly name: string;
  readonly hash: string;
  readonly height: number;
  readonly code: number;
  readonly allowed: readonly Verdict[];
}

/** Ends a script whose load is over. */
export class LoadOver extends Error {
  override readonly name = "LoadOver";
}

/** What scripts work with. */
export interface Trader {
  readonly index: number;
  readonly address: string;
  readonly client: HanzoClient;
  readonly random: { below(limit: number): number };
  /** Sends one transaction and waits for its block. @throws LoadOver when the load is over, Error when the mempool refuses it */
  send(step: Step): Promise<DeliverTxResponse>;
}

/** Gas limit of every transaction of the load, and its fee at the node's least price. */
const GAS = 1_500_000n;
const FEE = { amount: [{ denom: "aai", amount: (GAS * 25_000_000n).toString() }], gas: GAS.toString() };
const POLL_MS = 60;

/** A load as its traders see it. */
export interface Load {
  /** Not zero. */
  readonly seed: number;
  /** Gets every transaction. */
  readonly sent: SentStep[];
  readonly isOver: () => boolean;
}

/** Connects an account to a node; every second one signs amino documents. */
export async function connectTrader(index: number, account: TestAccount, rpc: string, { seed, sent, isOver }: Load): Promise<Trader> {
  const signer: OfflineSigner = index % 2 === 0 ? account.direct : account.amino;
  const client = await connect({ rpc, signer, gasPrice: "25000000aai", pollIntervalMs: POLL_MS });
  return {
    index,
    address: account.address,
    client,
    random: createRandom(seed + 7919 * (index + 1)),
    async send({ name, messages, allowed }) {
      if (isOver()) throw new LoadOver();
      let result: DeliverTxResponse;
      try {
        result = await client.signing.signAndBroadcast(account.address, messages, FEE, name);
      } catch (cause) {
        throw new Error(
          `${name} of account ${index} (${account.address}) was not taken: ${cause instanceof Error ? cause.message : cause}`,
          { cause },
        );
      }
      const { height, code, transactionHash } = result;
      sent.push({ trader: index, name, hash: transactionHash, height, code, allowed: allowed(height) });
      return result;
    },
  };
}

/** Expects success. */
export const ok = (): readonly Verdict[] => ["ok"];

/** Expects exactly this. */
export const only =
  (...verdicts: readonly Verdict[]) =>
  (): readonly Verdict[] =>
    verdicts;

import type { EncodeObject, OfflineSigner } from "@cosmjs/proto-signing";
import type { DeliverTxResponse } from "@cosmjs/stargate";
import { connect, type HanzoClient } from "../../../app/client/connect.ts";
import { CliError } from "../../shared/cliError.ts";

/** A connected wallet of one account. */
export interface JobWallet {
  readonly client: HanzoClient;
  /** Its address (bech32). */
  readonly sender: string;
  /** Signs and sends, and waits for the block. @throws CliError when a transaction fails */
  send(messages: readonly EncodeObject[]): Promise<DeliverTxResponse>;
}

/** Gas above the simulation: it costs what delivery costs, but the block before may change a store key's length. */
const GAS_FACTOR = 1.1;

/** Connects a stock cosmjs wallet for as long as `work` takes. @param rpc `http://host:port` of CometBFT */
export async function withWallet<T>(rpc: string, signer: OfflineSigner, work: (wallet: JobWallet) => Promise<T>): Promise<T> {
  const client = await connect({ rpc, signer });
  try {
    const [account] = await signer.getAccounts();
    if (account === undefined) throw new CliError("the wallet has no account");
    const { address: sender } = account;
    return await work({ client, sender, send: (messages) => send(client, sender, messages) });
  } finally {
    client.disconnect();
  }
}

async function send(client: HanzoClient, sender: string, messages: readonly EncodeObject[]): Promise<DeliverTxResponse> {
  const result = await client.signing.signAndBroadcast(sender, messages, GAS_FACTOR);
  if (result.code !== 0)
    throw new CliError(`transaction ${result.transactionHash} failed with code ${result.code}`, { why: result.rawLog ?? "" });
  return result;
}

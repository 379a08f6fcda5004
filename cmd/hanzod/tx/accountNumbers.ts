import type { NodeClient } from "../client/nodeClient.ts";
import { type AccountNumbers, accountOf } from "./sender.ts";
import type { SignOptions } from "./txOptions.ts";

/** Account number and sequence to sign with: those of the options, else the chain's; the sequence of an unordered transaction is 0. */
export async function numbersOf(client: NodeClient, address: string, options: SignOptions, unordered: boolean): Promise<AccountNumbers> {
  const { accountNumber, sequence } = options;
  const asked =
    accountNumber !== undefined && (sequence !== undefined || unordered)
      ? { accountNumber, sequence: sequence ?? 0n }
      : await accountOf(client, address);
  return { accountNumber: accountNumber ?? asked.accountNumber, sequence: unordered ? 0n : (sequence ?? asked.sequence) };
}

/** The chain's id: that of the options, else the node's. */
export async function chainIdOf(client: NodeClient, { chainId }: SignOptions): Promise<string> {
  return chainId ?? client.chainId();
}

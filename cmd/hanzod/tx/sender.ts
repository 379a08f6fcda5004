import { QueryAccountInfoRequest, QueryAccountInfoResponse } from "#proto/cosmos/auth/v1beta1/query";
import type { Any } from "#proto/google/protobuf/any";
import { decodeBech32 } from "../../../app/encoding/bech32.ts";
import { CliError } from "../../shared/cliError.ts";
import { type NodeClient, RefusedQuery } from "../client/nodeClient.ts";
import { commandChain } from "../config/commandChain.ts";
import type { Keyring } from "../keyring/keyring.ts";
import { publicKeyOf } from "../keyring/publicKey.ts";

/** Who sends a transaction. */
export interface Sender {
  readonly address: string;
  /** Name in the keyring; undefined for an address that the keyring does not have. */
  readonly key: string | undefined;
  readonly publicKey: Any | undefined;
}

/** Account number and sequence. */
export interface AccountNumbers {
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

/** The sender that `--from` names, by key or by address. @throws CliError when it is neither */
export function findSender(keyring: Keyring, from: string): Sender {
  const byAddress = keyring.list().find(({ address }) => address === from);
  if (byAddress === undefined && isAddress(from)) return { address: from, key: undefined, publicKey: undefined };
  const found = byAddress ?? keyring.show(from);
  return { address: found.address, key: found.name, publicKey: publicKeyOf(found) };
}

/** Account number and sequence as the chain has them. @throws CliError when the account does not exist, or the node is behind and stays so */
export async function accountOf(client: NodeClient, address: string): Promise<AccountNumbers> {
  // A sequence from before the newest blocks makes a transaction that this node takes and every other one drops.
  await client.caughtUp();
  const request = QueryAccountInfoRequest.encode({ address }).finish();
  const { info } = QueryAccountInfoResponse.decode(
    (await client.query("/cosmos.auth.v1beta1.Query/AccountInfo", request).catch(unknownAccount(address))).value,
  );
  return { accountNumber: info?.accountNumber ?? 0n, sequence: info?.sequence ?? 0n };
}

function unknownAccount(address: string): (thrown: unknown) => never {
  return (thrown) => {
    if (!(thrown instanceof RefusedQuery)) throw thrown;
    throw new CliError(`${address} has no account on the chain`, {
      why: thrown.log,
      next: "send something to the address first",
      cause: thrown,
    });
  };
}

function isAddress(text: string): boolean {
  try {
    return decodeBech32(text).prefix === commandChain().bech32Prefix;
  } catch {
    return false;
  }
}

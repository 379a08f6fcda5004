// A chain with something to see on every page: a delegation, a transfer, and a proposal with deposit and vote.
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { MsgSubmitProposal, MsgVote } from "../../../proto/gen/cosmos/gov/v1/tx.ts";
import { MsgDelegate } from "../../../proto/gen/cosmos/staking/v1beta1/tx.ts";
import { type ChainHome, createChainHome } from "../../e2e/harness/chainHome.ts";
import { startInProcess } from "../../e2e/harness/inProcessNode.ts";
import { type BlockTx, broadcast, waitForHeight, waitForTx } from "../../e2e/harness/rpc.ts";
import { balancesOf, devAccounts, signAs } from "../../e2e/harness/wallet.ts";
import type { TestAccount } from "../../harness/accounts.ts";
import { message, type TestMessage } from "../../harness/signTx.ts";

/** One AI in base units. */
const AI = 10n ** 18n;
/** What was done there; amounts in AI. */
export const SHOWN = {
  delegated: 1234n,
  sent: 77n,
  deposit: 1000n,
  title: "Paint the bridge",
  summary: "Who crosses it shall see it.",
  memo: "for the painters",
} as const;

/** The chain and what is on it; amounts in AI, rounded as the explorer does. */
export interface Scene {
  readonly home: ChainHome;
  readonly validator: { readonly operator: string; readonly account: string; readonly consensus: string };
  /** Stake of all validators. */
  readonly bonded: bigint;
  /** Who delegated, sent and proposed, and what is left. */
  readonly account: string;
  readonly left: bigint;
  /** Who got the transfer, and what there is now. */
  readonly receiver: string;
  readonly received: bigint;
  readonly transfer: BlockTx;
  /** In the header of the transfer's block, as base64. */
  readonly appHash: string;
  stop(): Promise<void>;
}

/** Starts it on free ports. */
export async function startScene(): Promise<Scene> {
  const home = await createChainHome(500, "hanzo-1");
  const { node } = await startInProcess(home);
  try {
    await waitForHeight(home.rpc, 2);
    return {
      home,
      ...(await live(home)),
      async stop() {
        await node.stop();
        await home.remove();
      },
    };
  } catch (error) {
    await node.stop();
    await home.remove();
    throw error;
  }
}

async function live(home: ChainHome): Promise<Omit<Scene, "home" | "stop">> {
  const [from, to] = await devAccounts();
  if (from === undefined || to === undefined) throw new Error("expected accounts of the chain, got none");
  const { validators } = await ask<{ validators: readonly { operator_address: string; tokens: string }[] }>(
    home,
    "/cosmos/staking/v1beta1/validators",
  );
  const operator = validators[0]?.operator_address ?? "";
  await send(
    home,
    from,
    message(MsgDelegate, { delegatorAddress: from.address, validatorAddress: operator, amount: coin(SHOWN.delegated) }),
  );
  const proposal = { title: SHOWN.title, summary: SHOWN.summary, metadata: "ipfs://none", messages: [] };
  await send(home, from, message(MsgSubmitProposal, { ...proposal, proposer: from.address, initialDeposit: [coin(SHOWN.deposit)] }));
  await send(home, from, message(MsgVote, { proposalId: 1n, voter: from.address, option: 1 }));
  const payment = message(MsgSend, { fromAddress: from.address, toAddress: to.address, amount: [coin(SHOWN.sent)] });
  const transfer = await send(home, from, payment, SHOWN.memo);
  const { pool } = await ask<{ pool: { bonded_tokens: string } }>(home, "/cosmos/staking/v1beta1/pool");
  const info = await ask<{ info: readonly { address: string }[] }>(home, "/cosmos/slashing/v1beta1/signing_infos");
  const accounts = await ask<{ delegation_responses: readonly { delegation: { delegator_address: string } }[] }>(
    home,
    `/cosmos/staking/v1beta1/validators/${operator}/delegations`,
  );
  const delegators = accounts.delegation_responses.map(({ delegation }) => delegation.delegator_address);
  const { block } = await ask<{ block: { header: { app_hash: string } } }>(
    home,
    `/cosmos/base/tendermint/v1beta1/blocks/${transfer.height}`,
  );
  const held = async ({ address }: TestAccount): Promise<bigint> => rounded((await balancesOf(home.rpc, address)).get("aai") ?? 0n);
  return {
    validator: {
      operator,
      account: delegators.find((address) => address !== from.address) ?? "",
      consensus: info.info[0]?.address ?? "",
    },
    bonded: rounded(BigInt(pool.bonded_tokens)),
    account: from.address,
    left: await held(from),
    receiver: to.address,
    received: await held(to),
    transfer,
    appHash: block.header.app_hash,
  };
}

/** Half up. */
const rounded = (amount: bigint): bigint => (amount + AI / 2n) / AI;
const coin = (amount: bigint): { denom: string; amount: string } => ({ denom: "aai", amount: (amount * AI).toString() });

async function send(home: ChainHome, from: TestAccount, one: TestMessage, memo = ""): Promise<BlockTx> {
  const { code, log, hash } = await broadcast(home.rpc, await signAs(home, from, [one], { memo }));
  if (code !== 0) throw new Error(log);
  const found = await waitForTx(home.rpc, hash);
  if (found.code !== 0) throw new Error(found.log);
  return found;
}

async function ask<T>({ rest }: ChainHome, path: string): Promise<T> {
  const response = await fetch(rest + path);
  if (!response.ok) throw new Error(`${path} is answered with ${response.status}`);
  return (await response.json()) as T;
}

// Transactions of several accounts at once, as fast as the node takes them, and a watch over what it acknowledges meanwhile.
import { setTimeout as sleep } from "node:timers/promises";
import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { MsgMintCredit, MsgSwap } from "#proto/hanzo/hmm/v1/tx";
import { CHAIN } from "../../../app/hanzo.ts";
import type { createRandom } from "../../e2e/harness/random.ts";
import { appHead, broadcast } from "../../e2e/harness/rpc.ts";
import { accountInfo, FEE, GAS } from "../../e2e/harness/wallet.ts";
import type { TestAccount } from "../../harness/accounts.ts";
import { message, signTx, type TestMessage } from "../../harness/signTx.ts";

/** A seeded source of numbers. */
export type Random = ReturnType<typeof createRandom>;

/** Where the load goes and what it leaves. */
export interface LoadScene {
  readonly rpc: string;
  readonly chainId: string;
  readonly accounts: readonly TestAccount[];
  /** Filled with the state hash of every height that the application said it had committed. */
  readonly acknowledged: Map<number, string>;
  /** Accounts that send at a time; three when left out. */
  readonly senders?: number;
}

const SENDERS = 3;
const MINT = 10n ** 18n;

/** Sends until `until` is aborted. Calls that a fault interrupts are no failures: what was acknowledged is compared afterwards. @returns how many were accepted */
export async function runLoad(scene: LoadScene, random: Random, until: AbortSignal): Promise<number> {
  let accepted = 0;
  const watch = async (): Promise<void> => {
    while (!until.aborted) {
      const head = await appHead(scene.rpc).catch(() => undefined);
      if (head !== undefined && head.height > 0) scene.acknowledged.set(head.height, head.appHash);
      await sleep(7);
    }
  };
  const first = random.below(scene.accounts.length);
  const send = async (nth: number): Promise<void> => {
    const from = scene.accounts[(first + nth) % scene.accounts.length];
    const to = scene.accounts[(first + nth + 3) % scene.accounts.length];
    while (!until.aborted && from !== undefined && to !== undefined) {
      accepted += await sendInARow(scene, from, to, random, until).catch(() => 0);
      await sleep(30);
    }
  };
  await Promise.all([watch(), ...Array.from({ length: scene.senders ?? SENDERS }, (_, nth) => send(nth))]);
  return accepted;
}

/** One account's transactions one after the other, until one is refused. */
async function sendInARow(
  { rpc, chainId }: LoadScene,
  from: TestAccount,
  to: TestAccount,
  random: Random,
  until: AbortSignal,
): Promise<number> {
  const { accountNumber, sequence: first } = await accountInfo(rpc, from.address);
  let accepted = 0;
  for (let sequence = first; !until.aborted; sequence++) {
    const fee = [{ denom: CHAIN.baseDenom, amount: String(2n * FEE) }];
    const signers = [{ account: from, accountNumber, sequence }];
    const tx = await signTx(messagesOf(from, to, random), { chainId, signers, fee, gas: 2n * GAS });
    if ((await broadcast(rpc, tx)).code !== 0) break;
    accepted++;
    await sleep(random.below(12));
  }
  return accepted;
}

function messagesOf(from: TestAccount, to: TestAccount, random: Random): TestMessage[] {
  if (random.below(4) === 0)
    return [
      message(MsgMintCredit, { sender: from.address, amount: String(2n * MINT) }),
      message(MsgSwap, { sender: from.address, poolId: "gpu", creditIn: String(MINT), minOut: "1" }),
    ];
  const amount = [{ denom: CHAIN.baseDenom, amount: String(1 + random.below(1000)) }];
  return Array.from({ length: 1 + random.below(3) }, () => message(MsgSend, { fromAddress: from.address, toAddress: to.address, amount }));
}

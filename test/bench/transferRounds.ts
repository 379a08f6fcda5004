import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { CHAIN } from "../../app/hanzo.ts";
import { type Sender, signLoadTx } from "./loadDriver.ts";

/** Fee and gas limit of every transaction of the benchmarks' transfers. */
const FEE = "5000";
const GAS = 120_000n;

/** Which transfers to sign. */
export interface TransferOptions {
  readonly senders: readonly Sender[];
  readonly chainId: string;
  /** Sequence of every sender in the first round. */
  readonly firstSequence: number;
  readonly rounds: number;
  /** Native base units of every transaction's fee. */
  readonly fee?: string;
  readonly gas?: bigint;
}

/** Transfers of one base unit from every sender to the next, by rounds. */
export function transferRounds({ senders, chainId, firstSequence, rounds, fee = FEE, gas = GAS }: TransferOptions): readonly string[][] {
  return Array.from({ length: rounds }, (_, round) =>
    senders.map((sender, index) => {
      const send = MsgSend.encode({
        fromAddress: sender.address,
        toAddress: senders[(index + 1) % senders.length]?.address ?? "",
        amount: [{ denom: CHAIN.baseDenom, amount: "1" }],
      }).finish();
      const message = { typeUrl: "/cosmos.bank.v1beta1.MsgSend", value: send };
      return signLoadTx({ sender, accountNumber: index, sequence: firstSequence + round, message, chainId, fee, gas });
    }),
  );
}

// Transactions that have no effect here although they had one on the recorded chain, on purpose or because their module is not here: what the recording says
// of their signers and of the coins that moved is carried out, so that everything after them stands on the recorded state.
import { MsgSendResponse } from "#proto/cosmos/bank/v1beta1/tx";
import { AuthInfo, TxBody } from "#proto/cosmos/tx/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import { attempt, type Coin, type CoinAmount, type Ctx, defineModule, type Module, requireCoins } from "#sdk";
import { fromHex } from "../../../../app/encoding/bytes.ts";
import { auth } from "../../../../modules/auth/index.ts";
import { bank } from "../../../../modules/bank/index.ts";
import type { RecordedEvent, RecordedTx } from "../recording/recording.ts";

/** Name of the module in the state machine; it keeps nothing. */
export const STAND_IN = "standin";

/** The module, and the transactions that it carries out at the end of the next block. */
export interface StandIn {
  readonly module: Module;
  /** CONTRACT: given before the block is executed. */
  pending: readonly RecordedTx[];
}

/**
 * Makes the module. Its events are nobody's.
 * @param accounts names of module accounts that absent modules would make in genesis, so that accounts made later have their recorded numbers
 */
export function createStandIn(accounts: readonly string[]): StandIn {
  const standIn: { module?: Module; pending: readonly RecordedTx[] } = { pending: [] };
  standIn.module = defineModule({
    name: STAND_IN,
    version: 1,
    needs: { accounts: auth.facet("ante", "accounts"), transfer: bank.facet("transfer") },
    state: {},
    genesis: [
      // A message without fields: there is nothing to write.
      MsgSendResponse,
      ({ needs }) => ({
        default: () => ({}),
        init: (ctx) => {
          for (const name of accounts) needs.accounts.ensureModuleAccount(ctx, name, []);
        },
        export: () => ({}),
      }),
    ],
    endBlock:
      ({ needs }) =>
      (ctx) => {
        for (const tx of standIn.pending) carryOut(needs, ctx, tx);
      },
  });
  return standIn as StandIn;
}

interface Abilities {
  readonly accounts: {
    findAccount(ctx: Ctx, address: string): { readonly pubKey?: Any | undefined } | undefined;
    setPubKey(ctx: Ctx, address: string, pubKey: Any): void;
    incrementSequence(ctx: Ctx, address: string): void;
  };
  readonly transfer: { sendCoins(ctx: Ctx, from: string, to: string, coins: readonly CoinAmount[]): void };
}

function carryOut({ accounts, transfer }: Abilities, ctx: Ctx, tx: RecordedTx): void {
  // What failed before its messages had no effect.
  if (tx.result.events.length === 0) return;
  // While modules are missing, somebody may own less than on the recorded chain; the rest still counts.
  for (const { from, to, coins } of transfersOf(tx.result.events)) attempt(ctx, (inner) => transfer.sendCoins(inner, from, to, coins));
  const { signerInfos } = AuthInfo.decode(fromHex(tx.auth_info_bytes));
  const { unordered } = TxBody.decode(fromHex(tx.body_bytes));
  for (const [index, { address }] of tx.signed.entries()) {
    const key = signerInfos[index]?.publicKey;
    if (key !== undefined && accounts.findAccount(ctx, address)?.pubKey === undefined) accounts.setPubKey(ctx, address, key);
    if (!unordered) accounts.incrementSequence(ctx, address);
  }
}

interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly coins: readonly CoinAmount[];
}

/** What moved: each receiver is paid by whoever spent last. */
function transfersOf(events: readonly RecordedEvent[]): readonly Transfer[] {
  const transfers: Transfer[] = [];
  let from = "";
  for (const [type, attributes] of events) {
    const { spender, receiver, amount = "" } = Object.fromEntries(attributes.map(([key, value]) => [key, value]));
    if (type === "coin_spent") from = spender ?? "";
    if (type === "coin_received" && receiver !== undefined && amount !== "")
      transfers.push({ from, to: receiver, coins: readCoins(amount) });
  }
  return transfers;
}

function readCoins(text: string): readonly CoinAmount[] {
  const coins = text.split(",").map((coin): Coin => {
    const [, amount = "", denom = ""] = /^(\d+)(.+)$/.exec(coin) ?? [];
    return { denom, amount };
  });
  return requireCoins(coins);
}

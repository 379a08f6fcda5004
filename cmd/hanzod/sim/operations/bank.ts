import { MsgMultiSend, MsgSend, MsgSetSendEnabled, MsgUpdateParams } from "#proto/cosmos/bank/v1beta1/tx";
import { bank } from "../../../../modules/bank/index.ts";
import type { World } from "../chain/world.ts";
import { governed, type Operation, operation } from "./operation.ts";

/** Denominations that users hold. */
const DENOMS = ["credit", "ndisk", "ngpu", "nnet", "nram", "nvram"];

/** Coins that somebody may send, sometimes a unit more. @returns undefined for nothing */
function someCoins(world: World, owner: string): { denom: string; amount: string }[] | undefined {
  const { draws, ctx, baseDenom } = world;
  const denom = draws.once(4) ? draws.pick(DENOMS) : baseDenom;
  const spendable = world.facet(bank, "view").spendable(ctx, owner, denom);
  if (spendable === 0n) return undefined;
  const amount = draws.once(30) ? spendable + 1n : 1n + draws.amount(spendable - 1n);
  return [{ denom, amount: String(amount) }];
}

/** Operations of x/bank. */
export const bankOperations: readonly Operation[] = [
  operation(MsgSend, 30, (world, { address }) => {
    const amount = someCoins(world, address);
    return amount && { fromAddress: address, toAddress: world.receiver(), amount };
  }),
  operation(MsgMultiSend, 8, (world, { address }) => {
    const [coin] = someCoins(world, address) ?? [];
    if (coin === undefined) return undefined;
    const total = BigInt(coin.amount);
    const parts = total < 3n ? [total] : [total / 3n, total - total / 3n];
    const outputs = parts.map((part) => ({ address: world.receiver(), coins: [{ denom: coin.denom, amount: String(part) }] }));
    return { inputs: [{ address, coins: [coin] }], outputs };
  }),
  governed(MsgSetSendEnabled, 1, ({ draws }, authority) => ({
    authority,
    sendEnabled: [{ denom: draws.pick(DENOMS.slice(1)), enabled: draws.once(2) }],
    useDefaultFor: [draws.pick(["photon", "unknown"])],
  })),
  governed(MsgUpdateParams, 1, (_world, authority) => ({ authority, params: { sendEnabled: [], defaultSendEnabled: true } })),
];

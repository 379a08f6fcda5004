import { MsgAddBasket, MsgAllowRouter, MsgCommitOrder, MsgRemoveBasket, MsgRevealOrder, MsgSetPoolStatus } from "#proto/hanzo/hmm/v1/tx";
import { PoolStatus, type Round, Side } from "#proto/hanzo/hmm/v1/types";
import { sha256 } from "#sha256";
import { createAddressCodec, encodeUtf8 } from "../../../../app/sdk/index.ts";
import type { SealedKey } from "../../../../modules/hmm/market.ts";
import { sealedOrderHash } from "../../../../modules/hmm/sealed/hash.ts";
import { holdsHeight, phase } from "../../../../modules/hmm/sealed/round.ts";
import type { Actor } from "../chain/actors.ts";
import type { World } from "../chain/world.ts";
import { chosen, governed, type Operation, operation } from "./operation.ts";

const E18 = 10n ** 18n;
/** The least deposit of a sealed order, credit. */
const DEPOSIT = 1000n * E18;
const POOL = "gpu";

/** The round of the next block, and what it takes. */
function nextRound(world: World): { readonly id: bigint; readonly takes: "commit" | "reveal" } {
  const stored = world.item("hmm", "round") as Round | undefined;
  const next = world.height + 1n;
  if (stored !== undefined && holdsHeight(stored, next)) return { id: stored.id, takes: phase(stored, next) };
  return { id: (stored?.id ?? 0n) + 1n, takes: "commit" };
}

/** The sealed order of somebody in a round: it follows from the two, so that who reveals it need not remember it. */
function sealedOrder({ chainId, prefix }: World, { address }: Actor, round: bigint) {
  const salt = sha256(encodeUtf8(`${address} ${round}`));
  const order = { poolId: POOL, side: Side.SIDE_BUY, resource: BigInt(1 + (salt[0] ?? 0)), limitE18: E18 / 1000n, salt };
  return { ...order, hash: sealedOrderHash({ ...order, chainId, round, sender: createAddressCodec(prefix).parse(address), side: 1 }) };
}

/** Operations of x/hmm on several pools at once, in rounds, and by others. */
export const hmmSealedOperations: readonly Operation[] = [
  operation(MsgCommitOrder, 4, (world, signer) => {
    const { id, takes } = nextRound(world);
    if (takes !== "commit" && !world.draws.once(10)) return undefined;
    return { sender: signer.address, poolId: POOL, hash: sealedOrder(world, signer, id).hash, deposit: String(DEPOSIT) };
  }),
  chosen(MsgRevealOrder, 8, (world) => {
    const { id, takes } = nextRound(world);
    const sealed = (takes === "reveal" ? world.entries("hmm", "sealed") : []) as readonly (readonly [SealedKey, unknown])[];
    const senders = new Set(sealed.map(([[[, sender]]]) => sender));
    const waiting = world.actors.filter(({ address }) => senders.has(address));
    // Now and then somebody who has nothing to reveal.
    const signer = waiting.length > 0 ? world.draws.pick(waiting) : world.draws.once(10) ? world.draws.pick(world.actors) : undefined;
    if (signer === undefined) return undefined;
    const { poolId, side, resource, limitE18, salt } = sealedOrder(world, signer, id);
    return { signer, fields: { sender: signer.address, poolId, side, resource: String(resource), limitE18: String(limitE18), salt } };
  }),
  operation(MsgAddBasket, 2, ({ draws }, { address }) => ({
    sender: address,
    pools: ["disk", POOL].map((poolId) => ({ poolId, maxResource: String(1 + draws.below(2_000_000)) })),
    maxCredit: String(DEPOSIT),
    minFractionE18: "",
  })),
  operation(MsgRemoveBasket, 2, ({ draws }, { address }) => ({
    sender: address,
    poolIds: ["disk", POOL],
    fractionE18: String(E18 / BigInt(2 + draws.below(40))),
    minCredit: "",
  })),
  operation(MsgAllowRouter, 1, ({ draws, actors }, { address }) => ({
    sender: address,
    router: draws.pick(actors).address,
    credit: String(draws.amount(100n * E18)),
    expiresHeight: 0n,
  })),
  // Mostly back to active: a paused market is a dull one.
  governed(MsgSetPoolStatus, 1, ({ draws }, authority) => ({
    authority,
    poolId: draws.pick(["disk", "net", "ram"]),
    status: draws.once(4) ? PoolStatus.POOL_STATUS_PAUSED : PoolStatus.POOL_STATUS_ACTIVE,
  })),
];

import { type Ctx, coll, defineModule, key, type Module, sdkError, type ValidatorUpdate, value } from "../../app/sdk/index.ts";
import { StoreError } from "../../app/store/storeError.ts";
import { QueryDefinition } from "../../proto/gen/hanzo/hmm/v1/query.ts";
import { MsgDefinition, type MsgMintCredit } from "../../proto/gen/hanzo/hmm/v1/tx.ts";
import { Params } from "../../proto/gen/hanzo/hmm/v1/types.ts";

/** What a test makes the probe do. */
export interface ProbeBehaviour {
  /** Called by MsgMintCredit with its amount field as text. */
  onMessage?(ctx: Ctx, text: string): void;
  onBegin?(ctx: Ctx): void;
  onEnd?(ctx: Ctx): readonly ValidatorUpdate[] | undefined;
  readonly version?: number;
  onMigrate?(ctx: Ctx): void;
  /** What the invariant says. */
  broken?(): string | undefined;
}

/** A module that does what a test tells it: writes numbers, breaks in every way, changes validators. It borrows the market's messages. */
export function probeModule(behaviour: ProbeBehaviour = {}): Module {
  const refuse = (): never => {
    throw sdkError.notSupported("not in this test");
  };
  return defineModule({
    name: "probe",
    version: behaviour.version ?? 1,
    params: {
      type: Params,
      default: Params.fromPartial({ burnBps: 7 }),
      validate: ({ burnBps }) => (burnBps > 10_000 ? refuse() : undefined),
    },
    state: {
      numbers: coll.map(1, key.string, value.int, { byValue: [3, key.uint64, (n: bigint) => n] }),
      last: coll.item(2, value.int),
    },
    msgs: [
      MsgDefinition,
      ({ state }) => ({
        mintCredit(ctx: Ctx, { sender, amount }: MsgMintCredit) {
          state.numbers.set(ctx, sender, BigInt(amount));
          state.last.set(ctx, BigInt(amount));
          behaviour.onMessage?.(ctx, amount);
          return { credit: amount, vault: "0" };
        },
        redeemCredit: refuse,
        swap: refuse,
        buyExactOut: refuse,
        sell: refuse,
        addLiquidity: refuse,
        removeLiquidity: refuse,
        collectFees: refuse,
        sellExactOut: refuse,
        placeOrder: refuse,
        cancelOrder: refuse,
        commitOrder: refuse,
        revealOrder: refuse,
        addSingleSided: refuse,
        addBasket: refuse,
        removeBasket: refuse,
        commitCapacity: refuse,
        offerCapacity: refuse,
        deliverCapacity: refuse,
        releaseCapacity: refuse,
        routeBundle: refuse,
        allowRouter: refuse,
        createPool: refuse,
        updatePool: refuse,
        setPoolStatus: refuse,
      }),
    ],
    queries: [
      QueryDefinition,
      ({ state }) => ({
        vault: (ctx) => ({
          creditDenom: `${ctx.height}/${ctx.timeNs}`,
          creditSupply: String(state.last.find(ctx) ?? -1n),
          nativeDenom: "",
          locked: "0",
        }),
        quoteSellExactOut: refuse,
        twap: refuse,
        batch: refuse,
        order: refuse,
        orders: refuse,
        ordersByOwner: refuse,
        round: refuse,
        sealedOrders: refuse,
        commitment: refuse,
        commitments: refuse,
        commitmentsByWorker: refuse,
        routerAllowances: refuse,
        invariants: refuse,
        pool: refuse,
        pools: refuse,
        quoteBuy: refuse,
        quoteBuyExactOut: refuse,
        quoteSell: refuse,
        position: refuse,
        positions: refuse,
      }),
    ],
    beginBlock: () => (ctx) => {
      ctx.event("probe_begin", [["height", String(ctx.height)]]);
      behaviour.onBegin?.(ctx);
    },
    endBlock: () => (ctx) => {
      ctx.event("probe_end", [["height", String(ctx.height)]]);
      return behaviour.onEnd?.(ctx);
    },
    invariants: () => ({ holds: () => behaviour.broken?.() }),
    migrate: { 2: (_, ctx) => behaviour.onMigrate?.(ctx) },
  });
}

/** A failing disk, as a handler would meet it. */
export const diskFailure = (): StoreError => new StoreError("backendFailed", "a disk expected");

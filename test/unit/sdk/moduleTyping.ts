// Module declarations as an author writes them: their types are inferred, and the mistakes at the end do not compile.
import { type Ctx, coll, defineModule, hook, key, type ProtoCodec, port, type ReadCtx, sdkError, value } from "#sdk";

/** A codec that writes JSON: enough to declare messages without generated code. */
function jsonCodec<M extends object>(type: string, empty: M): ProtoCodec<M> {
  const reviver = (_: string, v: unknown): unknown => (typeof v === "string" && /^\d+n$/.test(v) ? BigInt(v.slice(0, -1)) : v);
  return {
    $type: type,
    encode: (message) => ({
      finish: () => new TextEncoder().encode(JSON.stringify(message, (_, v: unknown) => (typeof v === "bigint" ? `${v}n` : v))),
    }),
    decode: (bytes) => ({ ...empty, ...(JSON.parse(new TextDecoder().decode(bytes), reviver) as M) }),
    fromPartial: (partial) => ({ ...empty, ...partial }),
  };
}

interface Bond {
  readonly owner: string;
  readonly amount: bigint;
  readonly expiry: bigint;
}
export interface BondParams {
  readonly slashBps: number;
  readonly minBond: bigint;
}
const Bond = jsonCodec<Bond>("test.bond.v1.Bond", { owner: "", amount: 0n, expiry: 0n });
const Params = jsonCodec<BondParams>("test.bond.v1.Params", { slashBps: 0, minBond: 0n });
const EventBonded = jsonCodec<{ owner: string; amount: bigint }>("test.bond.v1.EventBonded", { owner: "", amount: 0n });

const MsgDefinition = {
  fullName: "test.bond.v1.Msg",
  methods: {
    bond: {
      name: "Bond",
      requestType: jsonCodec("test.bond.v1.MsgBond", { owner: "", amount: 0n }),
      responseType: jsonCodec("test.bond.v1.MsgBondResponse", { id: 0n }),
    },
    updateParams: {
      name: "UpdateParams",
      requestType: jsonCodec<{ authority: string; params: BondParams | undefined }>("test.bond.v1.MsgUpdateParams", {
        authority: "",
        params: undefined,
      }),
      responseType: jsonCodec("test.bond.v1.MsgUpdateParamsResponse", {}),
    },
  },
} as const;
const QueryDefinition = {
  fullName: "test.bond.v1.Query",
  methods: {
    bond: {
      name: "Bond",
      requestType: jsonCodec("test.bond.v1.QueryBondRequest", { owner: "" }),
      responseType: jsonCodec("test.bond.v1.QueryBondResponse", { amount: 0n }),
    },
    params: {
      name: "Params",
      requestType: jsonCodec("test.bond.v1.QueryParamsRequest", {}),
      responseType: jsonCodec<{ params: BondParams | undefined }>("test.bond.v1.QueryParamsResponse", { params: undefined }),
    },
  },
} as const;

export interface Kernels {
  popcount(bytes: Uint8Array): number;
}

export const purse = defineModule({
  name: "purse",
  version: 1,
  state: { balances: coll.map(2, key.pair(key.address, key.denom), value.int) },
  errors: { insufficientFunds: [5, "insufficient funds"] },
  api: ({ state, err }) => ({
    view: { balance: (ctx: ReadCtx, owner: string, denom: string): bigint => state.balances.find(ctx, [owner, denom]) ?? 0n },
    transfer: {
      send(ctx: Ctx, from: string, to: string, denom: string, amount: bigint): void {
        const have = state.balances.find(ctx, [from, denom]) ?? 0n;
        if (have < amount) throw err.insufficientFunds(`${have}${denom} < ${amount}${denom}`);
        state.balances.set(ctx, [from, denom], have - amount);
        state.balances.set(ctx, [to, denom], (state.balances.find(ctx, [to, denom]) ?? 0n) + amount);
      },
    },
    mint: { mint: (ctx: Ctx, to: string, denom: string, amount: bigint): void => state.balances.set(ctx, [to, denom], amount) },
  }),
});

export const bond = defineModule({
  name: "bond",
  version: 2,
  needs: { purse: purse.facet("transfer") },
  ports: { kernels: port<Kernels>() },
  params: {
    type: Params,
    default: { slashBps: 500, minBond: 1_000_000n },
    validate(p) {
      if (p.slashBps > 10_000) throw sdkError.invalidRequest(`slash_bps of at most 10000 expected, got ${p.slashBps}`);
    },
  },
  state: { bonds: coll.map(1, key.address, Bond, { byExpiry: [3, key.height, (b) => b.expiry] }), total: coll.item(2, value.int) },
  hooks: { afterBonded: hook<readonly [owner: string, amount: bigint]>() },
  errors: { tooSmall: [2, "bond below minimum"] },
  check: {
    bond(req, { err }) {
      if (req.amount <= 0n) throw err.tooSmall(`amount above 0 expected, got ${req.amount}`);
    },
  },
  msgs: [
    MsgDefinition,
    ({ state, needs, ports, params, emit, err, account, chain }) => ({
      bond(ctx, { owner, amount }) {
        const { minBond } = params.get(ctx);
        if (amount < minBond) throw err.tooSmall(`${amount} < ${minBond}`);
        needs.purse.send(ctx, owner, account, chain.baseDenom, amount);
        state.bonds.set(ctx, owner, { owner, amount, expiry: ctx.height + BigInt(ports.kernels.popcount(Uint8Array.of(7))) });
        state.total.set(ctx, (state.total.find(ctx) ?? 0n) + amount);
        emit.afterBonded(ctx, owner, amount);
        ctx.emit(EventBonded, { owner, amount });
        return { id: 1n };
      },
    }),
  ],
  queries: [QueryDefinition, ({ state }) => ({ bond: (ctx, { owner }) => ({ amount: state.bonds.find(ctx, owner)?.amount ?? 0n }) })],
  endBlock:
    ({ state }) =>
    (ctx) => {
      for (const [owner, { amount }] of [...state.bonds.by.byExpiry(ctx, ctx.height)]) {
        state.bonds.delete(ctx, owner);
        state.total.set(ctx, state.total.get(ctx) - amount);
      }
    },
  invariants: ({ state }) => ({
    totalIsSum(ctx) {
      let sum = 0n;
      for (const [, b] of state.bonds.entries(ctx)) sum += b.amount;
      const total = state.total.find(ctx) ?? 0n;
      return sum === total ? undefined : `total ${total}, sum ${sum}`;
    },
  }),
  migrate: { 2: ({ state }, ctx) => state.total.set(ctx, 0n) },
});

export const watcher = defineModule({
  name: "watcher",
  version: 1,
  needs: { bond: bond.facet() },
  state: { seen: coll.map(1, key.address, value.int) },
  on: ({ state }) => ({ bond: { afterBonded: (ctx, owner, amount) => state.seen.set(ctx, owner, amount) } }),
});

// ---- mistakes that must not compile
defineModule({
  name: "x",
  version: 1,
  needs: { purse: purse.facet("transfer") },
  state: {},
  invariants: ({ needs }) => ({
    a(ctx) {
      // @ts-expect-error minting was not asked for
      needs.purse.mint(ctx, "a", "atest", 1n);
      return undefined;
    },
  }),
});
// @ts-expect-error no such facet
purse.facet("burn");
defineModule({
  name: "x",
  version: 1,
  state: { s: coll.item(1, value.int) },
  queries: [
    QueryDefinition,
    ({ state }) => ({
      bond: (ctx) => {
        // @ts-expect-error a query cannot write
        state.s.set(ctx, 1n);
        return { amount: 1n };
      },
    }),
  ],
});
defineModule({
  name: "x",
  version: 1,
  state: {},
  // @ts-expect-error handler missing
  msgs: [MsgDefinition, () => ({})],
});
defineModule({
  name: "x",
  version: 1,
  state: {},
  // @ts-expect-error wrong response field
  msgs: [MsgDefinition, () => ({ bond: (_ctx, _req) => ({ nope: 1n }) })],
});
defineModule({
  name: "x",
  version: 1,
  state: {},
  errors: { tooSmall: [2, "m"] },
  invariants: ({ err }) => ({
    a() {
      // @ts-expect-error unknown error
      throw err.tooBig();
    },
  }),
});
defineModule({
  name: "x",
  version: 1,
  needs: { bond: bond.facet() },
  state: {},
  // @ts-expect-error no such hook
  on: () => ({ bond: { afterBroken() {} } }),
});
defineModule({
  name: "x",
  version: 1,
  // @ts-expect-error an index key of the wrong type
  state: { s: coll.map(1, key.address, Bond, { byOwner: [2, key.uint64, (b) => b.owner] }) },
});

// Stands in for x/staking where a test wants validators in any state, without stake behind them.
import { Any } from "#proto/google/protobuf/any";
import { type Ctx, defineModule, E18, type Facets, type Module, type ReadCtx } from "#sdk";
import { hooks } from "../../modules/staking/hooks.ts";
import type { ValidatorInfo } from "../../modules/staking/index.ts";

/** A validator that a test may change as it likes. */
export type StandInValidator = { -readonly [K in keyof ValidatorInfo]: ValidatorInfo[K] };

/** What was asked of the stand-in. */
export interface SlashCall {
  readonly consAddress: Uint8Array;
  readonly height: bigint;
  readonly power: bigint;
  readonly fractionE18: bigint;
}

export interface StandInStaking {
  readonly module: Module;
  readonly slashes: SlashCall[];
  /** What the next slashes burn; without: the fraction of the power. */
  readonly burned: bigint[];
  /** Adds a validator that is bonded, after the hooks of creation and bonding. */
  bond(ctx: Ctx, change?: Partial<StandInValidator>): StandInValidator;
  /** Tells subscribers that a validator came back into the set. */
  rebond(ctx: Ctx, validator: StandInValidator): void;
  remove(ctx: Ctx, validator: StandInValidator): void;
  /** Gives a validator another consensus key. */
  changeKey(ctx: Ctx, validator: StandInValidator, consAddress: Uint8Array): void;
  /** Own delegations by operator, in units of 10^-18 shares; one share is worth one token. */
  readonly own: Map<string, bigint>;
}

/** 20 bytes that no other number has. */
export function consensusAddress(n: number): Uint8Array {
  return Uint8Array.from({ length: 20 }, (_, i) => (i === 0 ? n : i));
}

/** @param operatorOf bech32 text of an operator's bytes */
export function createStandInStaking(operatorOf: (bytes: Uint8Array) => string): StandInStaking {
  const validators: StandInValidator[] = [];
  const slashes: SlashCall[] = [];
  const burned: bigint[] = [];
  const own = new Map<string, bigint>();
  let emit: { readonly [N in keyof typeof hooks]: (ctx: Ctx, ...args: never[]) => void } | undefined;
  const tell = (name: keyof typeof hooks, ctx: Ctx, ...args: readonly unknown[]): void => emit?.[name](ctx, ...(args as never[]));
  const byCons = (_: ReadCtx, cons: Uint8Array): StandInValidator | undefined =>
    validators.find(({ consAddress }) => Buffer.from(consAddress).equals(cons));
  const required = (ctx: ReadCtx, cons: Uint8Array): StandInValidator => byCons(ctx, cons) ?? fail("a validator expected");
  const module = defineModule({
    name: "staking",
    version: 1,
    state: {},
    hooks,
    api: (m): Facets => {
      emit = m.emit as never;
      return {
        view: {
          findValidator: (_: ReadCtx, operator: string) => validators.find((validator) => validator.operator === operator),
          findByConsAddress: byCons,
          findSigners: (ctx: ReadCtx, votes: readonly { readonly address: Uint8Array }[]) =>
            votes.map(({ address }) => byCons(ctx, address)),
          findByRotatedConsAddress: () => undefined,
          allValidators: () => validators,
          consPubKey: (_: ReadCtx, cons: Uint8Array) => Any.fromPartial({ typeUrl: "/key", value: cons }),
          findDelegation(_: ReadCtx, __: string, operator: string) {
            const sharesE18 = own.get(operator);
            return sharesE18 === undefined ? undefined : { sharesE18 };
          },
          tokensOfShares: (_: ValidatorInfo, sharesE18: bigint) => sharesE18,
        },
        slash: {
          slash(_: Ctx, cons: Uint8Array, height: bigint, power: bigint, fractionE18: bigint) {
            slashes.push({ consAddress: cons, height, power, fractionE18 });
            return burned.shift() ?? (power * fractionE18) / E18;
          },
          jail(ctx: Ctx, cons: Uint8Array) {
            required(ctx, cons).jailed = true;
          },
          unjail(ctx: Ctx, cons: Uint8Array) {
            required(ctx, cons).jailed = false;
          },
        },
      };
    },
  });
  return {
    module: module as Module,
    slashes,
    burned,
    own,
    bond(ctx, change = {}) {
      const cons = change.consAddress ?? consensusAddress(validators.length + 1);
      const validator: StandInValidator = {
        operator: operatorOf(cons),
        consAddress: cons,
        status: 3,
        jailed: false,
        tokens: 1_000n,
        sharesE18: 1_000n * E18,
        commissionE18: 0n,
        minSelfDelegation: 1n,
        ...change,
      };
      validators.push(validator);
      own.set(validator.operator, validator.sharesE18);
      tell("afterValidatorCreated", ctx, validator.operator);
      if (validator.status === 3) tell("afterValidatorBonded", ctx, cons, validator.operator);
      return validator;
    },
    rebond: (ctx, { consAddress, operator }) => tell("afterValidatorBonded", ctx, consAddress, operator),
    remove(ctx, validator) {
      validators.splice(validators.indexOf(validator), 1);
      tell("afterValidatorRemoved", ctx, validator.consAddress, validator.operator, false);
    },
    changeKey(ctx, validator, consAddress) {
      const before = validator.consAddress;
      validator.consAddress = consAddress;
      tell("afterValidatorConsKeyUpdated", ctx, before, consAddress, validator.operator);
    },
  };
}

function fail(text: string): never {
  throw new Error(text);
}

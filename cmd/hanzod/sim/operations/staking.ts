import { PubKey } from "#proto/cosmos/crypto/ed25519/keys";
import type { UnbondingDelegation } from "#proto/cosmos/staking/v1beta1/staking";
import {
  MsgBeginRedelegate,
  MsgCancelUnbondingDelegation,
  MsgCreateValidator,
  MsgDelegate,
  MsgEditValidator,
  MsgRotateConsPubKey,
  MsgUndelegate,
  MsgUpdateParams,
} from "#proto/cosmos/staking/v1beta1/tx";
import { encodeMessage, equalBytes } from "../../../../app/sdk/index.ts";
import { bank } from "../../../../modules/bank/index.ts";
import { type StakingView, staking } from "../../../../modules/staking/index.ts";
import type { Actor } from "../chain/actors.ts";
import type { VirtualValidator } from "../chain/validators.ts";
import type { World } from "../chain/world.ts";
import { governed, type Operation, operation } from "./operation.ts";

const view = (world: World): StakingView => world.facet(staking, "view");
const percent = (of: number): string => String(BigInt(of) * 10n ** 16n);

/** Operator of a validator of the chain, in the set or not. */
function anyOperator(world: World): string | undefined {
  const all = world.operators();
  return all.length === 0 ? undefined : world.draws.pick(all);
}

/** Something that somebody delegated, and up to all of its worth. */
function ownStake(world: World, { address }: Actor): { readonly operator: string; readonly amount: bigint } | undefined {
  const own = [...view(world).delegationsOf(world.ctx, address)];
  if (own.length === 0) return undefined;
  const { operator, sharesE18 } = world.draws.pick(own);
  const validator = view(world).findValidator(world.ctx, operator);
  if (validator === undefined) return undefined;
  const worth = view(world).tokensOfSharesDown(validator, sharesE18) / 10n ** 18n;
  return { operator, amount: world.draws.once(3) ? worth : 1n + world.draws.amount(worth) };
}

const coin = (world: World, amount: bigint) => ({ denom: view(world).bondDenom(world.ctx), amount: String(amount) });

/** Both kinds are one message. */
const packedKey = ({ keyType, publicKey }: VirtualValidator) => ({
  typeUrl: `/cosmos.crypto.${keyType}.PubKey`,
  value: encodeMessage(PubKey, { key: publicKey }),
});

/** Up to a hundredth of what somebody holds: locked coins may be delegated, too. */
function someStake(world: World, owner: string): bigint {
  const balance = world.facet(bank, "view").balance(world.ctx, owner, view(world).bondDenom(world.ctx));
  return 1n + world.draws.amount(world.draws.once(20) ? balance : balance / 100n);
}

/** Operations of x/staking. */
export const stakingOperations: readonly Operation[] = [
  operation(MsgCreateValidator, 3, (world, actor) => {
    const { draws } = world;
    const machine = draws.pick(world.machines);
    return {
      description: { moniker: machine.name, identity: "", website: "", securityContact: "", details: "" },
      commission: { rate: percent(draws.below(20)), maxRate: percent(20 + draws.below(30)), maxChangeRate: percent(1 + draws.below(5)) },
      minSelfDelegation: "1",
      delegatorAddress: "",
      validatorAddress: actor.operator,
      pubkey: packedKey(machine),
      value: coin(world, someStake(world, actor.address)),
    };
  }),
  operation(MsgEditValidator, 6, (world, actor) => {
    const validatorAddress = actor.operator;
    const keep = "[do-not-modify]";
    const isOperator = view(world).findValidator(world.ctx, validatorAddress) !== undefined;
    if (!isOperator && !world.draws.once(10)) return undefined;
    return {
      description: { moniker: `m${world.draws.below(100)}`, identity: keep, website: keep, securityContact: keep, details: keep },
      validatorAddress,
      commissionRate: world.draws.once(2) ? "" : percent(world.draws.below(25)),
      minSelfDelegation: world.draws.once(4) ? String(2 + world.draws.below(9)) : "",
    };
  }),
  operation(MsgDelegate, 10, (world, { address }) => {
    const operator = anyOperator(world);
    return operator === undefined
      ? undefined
      : { delegatorAddress: address, validatorAddress: operator, amount: coin(world, someStake(world, address)) };
  }),
  operation(MsgUndelegate, 6, (world, actor) => {
    const stake = ownStake(world, actor);
    return stake && { delegatorAddress: actor.address, validatorAddress: stake.operator, amount: coin(world, stake.amount) };
  }),
  operation(MsgBeginRedelegate, 6, (world, actor) => {
    const stake = ownStake(world, actor);
    const target = anyOperator(world);
    if (stake === undefined || target === undefined) return undefined;
    return {
      delegatorAddress: actor.address,
      validatorSrcAddress: stake.operator,
      validatorDstAddress: target,
      amount: coin(world, stake.amount),
    };
  }),
  operation(MsgCancelUnbondingDelegation, 3, (world, { address }) => {
    const operator = anyOperator(world);
    if (operator === undefined) return undefined;
    const { entries } = (world.find(staking.name, "unbondings", [address, operator]) ?? { entries: [] }) as UnbondingDelegation;
    if (entries.length === 0) return undefined;
    const { creationHeight, balance } = world.draws.pick(entries);
    const amount = world.draws.once(2) ? BigInt(balance) : 1n + world.draws.amount(BigInt(balance));
    return { delegatorAddress: address, validatorAddress: operator, amount: coin(world, amount), creationHeight };
  }),
  operation(MsgRotateConsPubKey, 6, (world, actor) => {
    const operator = actor.operator;
    const validator = view(world).findValidator(world.ctx, operator);
    if (validator === undefined && !world.draws.once(10)) return undefined;
    // The first machine stays: it is the one that always votes.
    if (validator !== undefined && equalBytes(validator.consAddress, world.machines[0]?.address ?? validator.consAddress)) return undefined;
    const free = world.machines.filter((machine) => view(world).findByConsAddress(world.ctx, machine.address) === undefined);
    const machine = world.draws.pick(free.length === 0 || world.draws.once(10) ? world.machines : free);
    return { validatorAddress: operator, newPubkey: packedKey(machine) };
  }),
  governed(MsgUpdateParams, 1, (world, authority) => ({
    authority,
    params: {
      unbondingTime: { seconds: BigInt(60 + world.draws.below(600)), nanos: 0 },
      // About as many as want to be in, so that the last ones come and go.
      maxValidators: Math.max(
        3,
        [...view(world).allValidators(world.ctx)].filter(({ jailed }) => !jailed).length - 2 + world.draws.below(5),
      ),
      maxEntries: 2 + world.draws.below(6),
      historicalEntries: world.draws.below(50),
      // Another one is refused while anything is staked.
      bondDenom: world.draws.once(10) ? "credit" : view(world).bondDenom(world.ctx),
      minCommissionRate: percent(world.draws.below(5)),
      keyRotationFee: world.draws.once(8) ? undefined : coin(world, 1n + world.draws.amount(10n ** 18n)),
    },
  })),
];

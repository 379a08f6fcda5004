import type { App } from "../../../app/runtime/app.ts";
import { facetOf } from "../../../app/runtime/facetOf.ts";
import { readCommitted } from "../../../app/runtime/readCommitted.ts";
import { type DecCoins, E18 } from "../../../app/sdk/index.ts";
import type { CommitStore } from "../../../app/store/commitStore.ts";
import { distribution } from "../../../modules/distribution/index.ts";
import { slashing } from "../../../modules/slashing/index.ts";
import { staking } from "../../../modules/staking/index.ts";
import type { NodeMetrics } from "./nodeMetrics.ts";

/** A status of x/staking: in the set. */
const BONDED = 3;

/** The application and the state that it has committed. */
export interface CommittedChain {
  readonly app: Pick<App, "modules" | "height" | "timeNs" | "chainId" | "validators">;
  readonly store: Pick<CommitStore, "latest">;
}

/**
 * Sets what operators watch of this node's validator and of the set. Reads a handful of keys of the committed state, and only when somebody asks.
 * @param consAddress of the node's key, 20 bytes; a key that the validator has given up finds it, too
 */
export function setValidatorGauges(metrics: NodeMetrics, chain: CommittedChain, consAddress: Uint8Array): void {
  const { modules } = chain.app;
  const ctx = readCommitted(chain.app, chain.store);
  const stake = facetOf(modules, staking, "view");
  const units = (amount: bigint): number => Number(amount) / Number(stake.powerReduction);
  metrics.setSize.set(chain.app.validators.size);
  metrics.setBonded.set(units(stake.totalBonded(ctx)));
  const { window, maxMissed } = facetOf(modules, slashing, "view").signingRules(ctx);
  metrics.signedWindow.set(Number(window));
  metrics.mayMiss.set(Number(maxMissed));
  const own = stake.findByConsAddress(ctx, consAddress) ?? stake.findByRotatedConsAddress(ctx, consAddress);
  const signing = own && facetOf(modules, slashing, "view").findSigningInfo(ctx, own.consAddress);
  const rewards = facetOf(modules, distribution, "view");
  const base = (coins: DecCoins): number => units((coins.find(({ denom }) => denom === stake.bondDenom(ctx))?.amountE18 ?? 0n) / E18);
  metrics.validatorBonded.set(own?.status === BONDED ? 1 : 0);
  metrics.validatorJailed.set(own?.jailed === true ? 1 : 0);
  metrics.validatorTombstoned.set(signing?.tombstoned === true ? 1 : 0);
  metrics.validatorMissed.set(Number(signing?.missedBlocksCounter ?? 0n));
  metrics.validatorStake.set(units(own?.tokens ?? 0n));
  metrics.validatorCommission.set(own === undefined ? 0 : base(rewards.commission(ctx, own.operator)));
  metrics.validatorRewards.set(own === undefined ? 0 : base(rewards.outstanding(ctx, own.operator)));
}

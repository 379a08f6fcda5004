import type { RequestInitChain } from "#proto/tendermint/abci/types";
import { createChainGenesis } from "../../genesis/chainGenesis.ts";
import { type GenesisDocument, initChainRequest } from "../../genesis/initChainRequest.ts";
import type { Actor } from "./actors.ts";
import type { VirtualValidator } from "./validators.ts";

/** When a simulated chain begins, Unix seconds. */
export const GENESIS_SECONDS = 1_800_000_000n;
/** What every actor begins with, atomic units: a million coins of 18 decimals. */
const BALANCE = 10n ** 24n;
const LOCKED = 10n ** 22n;

/** What a simulated chain begins with. The last four actors have locked coins, one of each kind. */
export interface SimGenesis {
  readonly chainId: string;
  readonly baseDenom: string;
  readonly actors: readonly Actor[];
  readonly validators: readonly { readonly machine: VirtualValidator; readonly power: bigint }[];
}

/** The request that begins the chain. */
export function simGenesis({ chainId, baseDenom, actors, validators }: SimGenesis): RequestInitChain {
  const document = createChainGenesis({
    chainId,
    genesisTime: new Date(Number(GENESIS_SECONDS) * 1000).toISOString(),
    founders: [],
    accounts: actors.map(({ address }) => ({ address, coins: [{ denom: baseDenom, amount: String(BALANCE) }] })),
  }) as GenesisDocument & { readonly app_state: { readonly auth: { accounts: object[] } } };
  const { auth } = document.app_state;
  const kinds = lockedKinds(baseDenom);
  auth.accounts = auth.accounts.map((account, i) => kinds[actors.length - 1 - i]?.(account) ?? account);
  const machines = validators.map(({ machine: { name, publicKey }, power }) => ({
    pub_key: { type: "tendermint/PubKeyEd25519", value: Buffer.from(publicKey).toString("base64") },
    power: power.toString(),
    name,
  }));
  return initChainRequest({ ...document, validators: machines });
}

function lockedKinds(denom: string): readonly ((account: object) => object)[] {
  const coins = [{ denom, amount: String(LOCKED) }];
  const half = [{ denom, amount: String(LOCKED / 2n) }];
  const [start, end] = [GENESIS_SECONDS, GENESIS_SECONDS + 4000n];
  const shared = ({ "@type": _, ...base }: Record<string, unknown>, endTime: bigint) => ({
    base_account: base,
    original_vesting: coins,
    delegated_free: [],
    delegated_vesting: [],
    end_time: String(endTime),
  });
  const kind =
    (name: string, endTime: bigint, more: object = {}) =>
    (account: object) => ({
      "@type": `/cosmos.vesting.v1beta1.${name}`,
      base_vesting_account: shared(account as Record<string, unknown>, endTime),
      ...more,
    });
  return [
    kind("ContinuousVestingAccount", end, { start_time: String(start) }),
    kind("DelayedVestingAccount", end),
    kind("PeriodicVestingAccount", end, {
      start_time: String(start),
      vesting_periods: [
        { length: "1000", amount: half },
        { length: "3000", amount: half },
      ],
    }),
    kind("PermanentLockedAccount", 0n),
  ];
}

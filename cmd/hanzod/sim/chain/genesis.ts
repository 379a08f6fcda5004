import { Params as GovParams } from "#proto/cosmos/gov/v1/gov";
import { Params as SlashingParams } from "#proto/cosmos/slashing/v1beta1/slashing";
import { GenesisState as ExperienceGenesis } from "#proto/hanzo/experience/v1/genesis";
import type { Params as ExperienceParams } from "#proto/hanzo/experience/v1/types";
import type { RequestInitChain } from "#proto/tendermint/abci/types";
import { sha256 } from "#sha256";
import { descriptors } from "../../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../../app/encoding/protoJson.ts";
import { localExperienceGenesis } from "../../../../modules/experience/localGenesis.ts";
import { DEFAULT_PARAMS as DEFAULT_SLASHING } from "../../../../modules/slashing/params.ts";
import { createChainGenesis } from "../../genesis/chainGenesis.ts";
import type { Founder } from "../../genesis/founder.ts";
import { type GenesisDocument, initChainRequest } from "../../genesis/initChainRequest.ts";
import { SIM_PARAMS, TINY_SCHEMA } from "../operations/experience.ts";
import { quickGovParams } from "../operations/gov.ts";
import { seedOf, TINY } from "../operations/seededExperience.ts";
import { type Actor, sign } from "./actors.ts";
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
  /** Machines that vote from the first block on, each with somebody of its own who staked on it. */
  readonly founders: readonly { readonly machine: VirtualValidator; readonly operator: Actor }[];
}

/** Validators may be silent for a few dozen blocks before they are jailed. */
const SLASHING_PARAMS: SlashingParams = { ...DEFAULT_SLASHING, signedBlocksWindow: 40n, downtimeJailDuration: { seconds: 30n, nanos: 0 } };
/** Seconds of a vote. */
const VOTING = 60;

/** The request that begins the chain. Governance and slashing take blocks instead of days. */
export function simGenesis({ chainId, baseDenom, actors, founders }: SimGenesis): RequestInitChain {
  const document = createChainGenesis({
    chainId,
    genesisTime: new Date(Number(GENESIS_SECONDS) * 1000).toISOString(),
    founders: founders.map(({ machine, operator }) => founderOf(machine, operator)),
    accounts: actors.map(({ address }) => ({ address, coins: [{ denom: baseDenom, amount: String(BALANCE) }] })),
  }) as GenesisDocument & { readonly app_state: Record<string, unknown> & { readonly auth: { accounts: object[] } } };
  const { auth } = document.app_state;
  const kinds = lockedKinds(baseDenom);
  auth.accounts = auth.accounts.map((account, i) => (i < actors.length ? kinds[actors.length - 1 - i]?.(account) : undefined) ?? account);
  document.app_state["slashing"] = {
    params: toProtoJson(descriptors(), SlashingParams.$type, SlashingParams.encode(SLASHING_PARAMS).finish()),
  };
  const gov = GovParams.encode(quickGovParams(baseDenom, VOTING)).finish();
  document.app_state["gov"] = { starting_proposal_id: "1", params: toProtoJson(descriptors(), GovParams.$type, gov) };
  document.app_state["experience"] = simExperience();
  const consensus = { ...document.consensus_params, validator: { pub_key_types: ["ed25519", "secp256k1"] } };
  return initChainRequest({ ...document, consensus_params: consensus, validators: [] });
}

/** A registry with a small schema beside the local one, and short rounds. */
export function simExperience(params: ExperienceParams = SIM_PARAMS): unknown {
  const { schemas, domains, ...rest } = localExperienceGenesis(params);
  const tiny = { id: TINY_SCHEMA, ...TINY, specHash: seedOf("spec") };
  const genesis = ExperienceGenesis.fromPartial({
    ...rest,
    schemas: [tiny, ...schemas],
    domains: [...domains.map((domain) => ({ ...domain, schema: tiny.id })), ...domains],
  });
  return toProtoJson(descriptors(), ExperienceGenesis.$type, ExperienceGenesis.encode(genesis).finish());
}

function founderOf({ name, publicKey }: VirtualValidator, { address, key, publicKey: signer }: Actor): Founder {
  return { moniker: name, publicKey, memo: "", operator: { address, publicKey: signer, sign: (document) => sign(key, sha256(document)) } };
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

import type { Descriptors } from "../../../../app/encoding/descriptors.ts";
import { decodeDynamic } from "../../../../app/encoding/dynamicMessage.ts";
import { EncodingError } from "../../../../app/encoding/encodingError.ts";
import type { Module } from "../../../../app/sdk/index.ts";
import { hmm } from "../../../../modules/hmm/index.ts";
import type { Actor } from "../chain/actors.ts";
import type { World } from "../chain/world.ts";
import { authOperations } from "./auth.ts";
import { authzOperations } from "./authz.ts";
import { bankOperations } from "./bank.ts";
import { consensusOperations } from "./consensus.ts";
import { distributionOperations } from "./distribution.ts";
import { emissionsOperations } from "./emissions.ts";
import { evidenceOperations } from "./evidence.ts";
import { experienceOperations } from "./experience.ts";
import { feegrantOperations } from "./feegrant.ts";
import { govOperations } from "./gov.ts";
import { enterMarket, hmmOperations } from "./hmm.ts";
import { hmmSealedOperations } from "./hmmSealed.ts";
import type { Draft, Operation } from "./operation.ts";
import { randomMessage } from "./randomMessage.ts";
import { slashingOperations } from "./slashing.ts";
import { stakingOperations } from "./staking.ts";
import { upgradeOperations } from "./upgrade.ts";
import { vestingOperations } from "./vesting.ts";

/** What is drawn with sense, by module. A module that is not here is drawn from its descriptors alone. */
const OPERATIONS: Readonly<Record<string, readonly Operation[]>> = {
  auth: authOperations,
  bank: bankOperations,
  consensus: consensusOperations,
  hmm: [...hmmOperations, ...hmmSealedOperations],
  experience: experienceOperations,
  authz: authzOperations,
  distribution: distributionOperations,
  emissions: emissionsOperations,
  feegrant: feegrantOperations,
  gov: govOperations,
  slashing: slashingOperations,
  upgrade: upgradeOperations,
  evidence: evidenceOperations,
  staking: stakingOperations,
  vesting: vestingOperations,
};

/** Messages that an operation draws with sense, by full name. */
export function drawnTypes(modules: readonly Module[]): ReadonlySet<string> {
  return new Set(modules.flatMap(({ name }) => (OPERATIONS[name] ?? []).map(({ type }) => type)));
}

/**
 * Messages that no operation draws, and why: they are drawn from their descriptors alone. Every other message of a module of the chain has one.
 */
export const DERIVED_ONLY: Readonly<Record<string, string>> = {
  "cosmos.gov.v1.MsgExecLegacyContent": "only governance's account may send it: it is drawn inside of proposals",
  "hanzo.hmm.v1.MsgRouteBundle":
    "needs a certificate of the solver, whose cases test/property/route and the seeded blocks of test/campaign/determinism draw",
  "hanzo.hmm.v1.MsgCreatePool":
    "pools stay for ever and each block visits those that move: an endless run would end as a test of its own pools",
  "hanzo.hmm.v1.MsgUpdatePool": "curves of any value close a pool for all others; test/campaign/determinism draws ramps that leave it open",
  "hanzo.hmm.v1.MsgUpdateParams":
    "parameters of any value may close the market for all others; test/campaign/determinism draws ones that do not",
};

/** One message in so many is made from its descriptor: any type, any fields. */
const DERIVED_SHARE = 6;

/** For one in so many of the others all modules are equally likely, however seldom their messages are. */
const ANY_MODULE_SHARE = 4;

/** What every actor sends in the second block, so that what follows has something to be about. */
export function openingDrafts(modules: readonly Module[], actors: readonly Actor[]): readonly (readonly Draft[])[] {
  if (!modules.some(({ name }) => name === hmm.name)) return [];
  return actors.map((signer) => enterMarket(signer).map((message) => ({ signer, message: () => message })));
}

/** A source of drafts for a chain of modules. */
export function createOperations(modules: readonly Module[], descriptors: Descriptors): (world: World) => Draft | undefined {
  const byModule = modules.flatMap(({ name }) => (OPERATIONS[name] === undefined ? [] : [OPERATIONS[name]]));
  const own = byModule.flat();
  const types = messageTypes(modules, descriptors);
  return (world) => {
    if (own.length === 0 || world.draws.once(DERIVED_SHARE)) return derive(world, descriptors, world.draws.pick(types));
    return world.draws.weighted(world.draws.once(ANY_MODULE_SHARE) ? world.draws.pick(byModule) : own).draw(world);
  };
}

/** Full names of all messages that the modules take. */
export function messageTypes(modules: readonly Module[], descriptors: Descriptors): readonly string[] {
  return modules.flatMap(({ spec }) =>
    spec.msgs === undefined ? [] : descriptors.getService(spec.msgs[0].fullName).methods.map(({ input }) => input),
  );
}

/** Texts that no message can hold are drawn again. */
function derive(world: World, descriptors: Descriptors, type: string): Draft {
  const { draws, actors, baseDenom } = world;
  // Not by the authority: parameters of any value may do what no rule of the state survives, such as another denomination of stake.
  const signer = draws.pick(actors.filter((actor) => actor !== world.authority));
  const addresses = [...actors.map(({ address }) => address), world.receiver()];
  const words = { descriptors, addresses, pools: ["gpu", "ram", "disk"], denoms: [baseDenom, "credit", "ngpu"] };
  for (;;) {
    try {
      const value = randomMessage(draws, words, type, signer.address);
      decodeDynamic(descriptors, type, value);
      return { signer, message: () => ({ typeUrl: `/${type}`, value }) };
    } catch (cause) {
      if (!(cause instanceof EncodingError)) throw cause;
    }
  }
}

import { GenesisState } from "#proto/hanzo/experience/v1/genesis";
import { QueryDefinition } from "#proto/hanzo/experience/v1/query";
import { MsgDefinition } from "#proto/hanzo/experience/v1/tx";
import { Params } from "#proto/hanzo/experience/v1/types";
import { defineModule, port } from "#sdk";
import { bank } from "../bank/index.ts";
import { staking } from "../staking/index.ts";
import { registryChecks } from "./check.ts";
import { EXPERIENCE_ERRORS } from "./errors.ts";
import { registryGenesis } from "./genesis.ts";
import { registerHoldout, withdrawHoldout } from "./holdout/registerHoldout.ts";
import { revealHoldout } from "./holdout/revealHoldout.ts";
import { REGISTRY_INVARIANTS } from "./invariants.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import type { ExperienceKernels } from "./port.ts";
import { registryQueries } from "./queries.ts";
import { registryState } from "./registry.ts";
import { reveal } from "./reveal.ts";
import { advanceRounds } from "./round/advance.ts";
import { registerDomain, registerSchema, setDomainOpen } from "./schema.ts";
import { slash } from "./slash/slash.ts";
import { slashVote } from "./slash/slashVote.ts";
import { submit } from "./submit.ts";
import { commitVote } from "./vote/commitVote.ts";
import { revealVote } from "./vote/revealVote.ts";

export { encodeHoldout, type HoldoutSet, type HoldoutStep, MAX_BASE_SCORE, parseHoldout } from "./holdout/format.ts";
export { DEFAULT_DOMAIN, LOCAL_PARAMS, localExperienceGenesis, SCHEMA_V1 } from "./localGenesis.ts";
export type { ExperienceKernels, RoundInput, RoundResult, Row, Shape } from "./port.ts";
export { type VoteTerms, voteHash } from "./vote/hash.ts";

/** x/experience: who handed in which experience, and what all of it comes to. README.md is its specification. */
export const experience = defineModule({
  name: "experience",
  version: 1,
  needs: { bank: bank.facet("view", "transfer", "burn"), staking: staking.facet("view") },
  ports: { kernels: port<ExperienceKernels>() },
  params: { type: Params, default: DEFAULT_PARAMS, validate: validateParams },
  state: registryState,
  errors: EXPERIENCE_ERRORS,
  check: registryChecks,
  msgs: [
    MsgDefinition,
    (m) => ({
      submit: (ctx, msg) => submit(m, ctx, msg),
      reveal: (ctx, msg) => reveal(m, ctx, msg),
      commitVote: (ctx, msg) => commitVote(m, ctx, msg),
      revealVote: (ctx, msg) => revealVote(m, ctx, msg),
      registerHoldout: (ctx, msg) => registerHoldout(m, ctx, msg),
      revealHoldout: (ctx, msg) => revealHoldout(m, ctx, msg),
      withdrawHoldout: (ctx, msg) => withdrawHoldout(m, ctx, msg),
      slash: (ctx, msg) => slash(m, ctx, msg),
      slashVote: (ctx, msg) => slashVote(m, ctx, msg),
      registerSchema: (ctx, msg) => registerSchema(m, ctx, msg),
      registerDomain: (ctx, msg) => registerDomain(m, ctx, msg),
      setDomainOpen: (ctx, msg) => setDomainOpen(m, ctx, msg),
    }),
  ],
  queries: [QueryDefinition, (m) => registryQueries(m)],
  beginBlock: (m) => (ctx, block) => advanceRounds(m, ctx, block.appHash),
  invariants: (m) => Object.fromEntries(Object.entries(REGISTRY_INVARIANTS).map(([name, evaluate]) => [name, (ctx) => evaluate(m, ctx)])),
  genesis: [GenesisState, registryGenesis],
});

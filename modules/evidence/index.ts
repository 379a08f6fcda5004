import { GenesisState } from "#proto/cosmos/evidence/v1beta1/genesis";
import { QueryDefinition } from "#proto/cosmos/evidence/v1beta1/query";
import { MsgDefinition } from "#proto/cosmos/evidence/v1beta1/tx";
import { Any } from "#proto/google/protobuf/any";
import { coll, defineModule, key } from "#sdk";
import { consensus } from "../consensus/index.ts";
import { slashing } from "../slashing/index.ts";
import { staking } from "../staking/index.ts";
import { EVIDENCE_ERRORS } from "./errors.ts";
import { createGenesis } from "./genesis.ts";
import { evidenceLiesUnderItsHash } from "./invariants.ts";
import { handleMisbehaviour } from "./misbehaviour.ts";
import { createQueries } from "./queries.ts";
import { checkSubmitEvidence, submitEvidence } from "./submit.ts";

/** x/evidence: validators that signed twice pay and never come back. README.md is its specification. */
export const evidence = defineModule({
  name: "evidence",
  version: 1,
  needs: { consensus: consensus.facet("view"), staking: staking.facet("view"), slashing: slashing.facet("evidence") },
  // Key and value are those of the Cosmos SDK.
  state: { evidence: coll.map(0, key.bytes, Any) },
  errors: EVIDENCE_ERRORS,
  check: { submitEvidence: checkSubmitEvidence },
  msgs: [MsgDefinition, (m) => ({ submitEvidence: (ctx, msg) => submitEvidence(m, ctx, msg) })],
  queries: [QueryDefinition, createQueries],
  genesis: [GenesisState, createGenesis],
  beginBlock: (m) => (ctx, block) => handleMisbehaviour(m, ctx, block),
  invariants: (m) => ({ evidenceLiesUnderItsHash: (ctx) => evidenceLiesUnderItsHash(m, ctx) }),
});

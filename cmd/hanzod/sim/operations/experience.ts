import type { Shape } from "#kernels";
import {
  MsgCommitVote,
  MsgRegisterDomain,
  MsgRegisterHoldout,
  MsgRegisterSchema,
  MsgReveal,
  MsgRevealHoldout,
  MsgRevealVote,
  MsgSetDomainOpen,
  MsgSlash,
  MsgSlashVote,
  MsgSubmit,
  MsgUpdateParams,
  MsgWithdrawHoldout,
} from "#proto/hanzo/experience/v1/tx";
import {
  type Entry,
  EntryStatus,
  type Holdout,
  HoldoutStatus,
  type Params,
  type Round,
  RoundStage,
  type Vote,
} from "#proto/hanzo/experience/v1/types";
import { sha256 } from "#sha256";
import { createAddressCodec } from "../../../../app/sdk/index.ts";
import { DEFAULT_DOMAIN, experience, LOCAL_PARAMS, SCHEMA_V1, voteHash } from "../../../../modules/experience/index.ts";
import { staking } from "../../../../modules/staking/index.ts";
import type { Actor } from "../chain/actors.ts";
import type { World } from "../chain/world.ts";
import { chosen, governed, type Operation, operation } from "./operation.ts";
import { seededHoldout, seededRow, seededSalt, seededScores, seededShard, seedOf, TINY } from "./seededExperience.ts";

/** Schema of a simulated registry that most entries are of. */
export const TINY_SCHEMA = "tiny";

/** Windows of a simulated registry: a round takes some fifty blocks, and is computed beside six of them, which take as long. */
export const SIM_PARAMS: Params = {
  ...LOCAL_PARAMS,
  commitBlocks: 8n,
  revealBlocks: 14n,
  voteBlocks: 9n,
  voteRevealBlocks: 10n,
  aggregateDelayBlocks: 6n,
  challengeBlocks: 10n,
  utilityTargetPpm: 100_000,
};

const shapeOf = (schema: string): Shape => (schema === SCHEMA_V1.id ? { rows: SCHEMA_V1.rows, cols: SCHEMA_V1.cols } : TINY);
const valuesOf = <V>(world: World, collection: string): readonly V[] => world.values(experience.name, collection) as readonly V[];
const actorOf = ({ actors }: World, address: string): Actor | undefined => actors.find((actor) => actor.address === address);
const roundsAt = (world: World, ...stages: readonly RoundStage[]): Round[] =>
  valuesOf<Round>(world, "rounds").filter(({ stage }) => stages.includes(stage));
const pickOf = <V>({ draws }: World, values: readonly V[]): V | undefined => (values.length === 0 ? undefined : draws.pick(values));
const entriesIn = (world: World, rounds: readonly Round[], status: EntryStatus): Entry[] => {
  const ids = new Set(rounds.map(({ id }) => id));
  return valuesOf<Entry>(world, "entries").filter((entry) => ids.has(entry.roundId) && entry.status === status);
};

/** Somebody who is the operator of a bonded validator, or now and then anybody. */
function voterOf(world: World): Actor | undefined {
  const view = world.facet(staking, "view");
  const bonded = world.actors.filter((actor) => view.findValidator(world.ctx, actor.operator)?.status === 3);
  return world.draws.once(12) ? world.draws.pick(world.actors) : pickOf(world, bonded);
}

/** What a voter says of a round: all its entries that are revealed. */
function openingOf(world: World, voter: string, roundId: bigint) {
  const entries = valuesOf<Entry>(world, "entries").filter(
    (entry) => entry.roundId === roundId && world.find(experience.name, "shards", [roundId, entry.id]) !== undefined,
  );
  const scores = seededScores(
    voter,
    entries.map(({ id }) => id),
  );
  return { roundId, scores, salt: seededSalt(voter, roundId) };
}

const submitting = operation(MsgSubmit, 40, (world, { address: submitter }) => {
  const schema = world.draws.once(4) ? SCHEMA_V1.id : TINY_SCHEMA;
  const last = BigInt(valuesOf<Entry>(world, "entries").length);
  const parents = last > 0n && world.draws.once(3) ? [1n + BigInt(world.draws.below(Number(last)))] : [];
  return () => {
    const { cid, merkleRoot, sourceRoot } = seededShard(shapeOf(schema), submitter, world.height + 1n);
    return { submitter, schema, domain: DEFAULT_DOMAIN, cid, merkleRoot, sourceRoot, parents };
  };
});

const revealing = chosen(MsgReveal, 120, (world) => {
  const entry = pickOf(world, entriesIn(world, roundsAt(world, RoundStage.ROUND_STAGE_REVEAL), EntryStatus.ENTRY_STATUS_COMMITTED));
  const signer = entry && actorOf(world, entry.submitter);
  if (entry === undefined || signer === undefined) return undefined;
  const { shard } = seededShard(shapeOf(entry.schema), entry.submitter, entry.submittedHeight);
  return { signer, fields: { submitter: entry.submitter, entryId: entry.id, shard } };
});

const committingVotes = chosen(MsgCommitVote, 60, (world) => {
  const round = pickOf(world, roundsAt(world, RoundStage.ROUND_STAGE_VOTE));
  const signer = round && voterOf(world);
  if (round === undefined || signer === undefined) return undefined;
  const codec = createAddressCodec(world.prefix);
  const opening = openingOf(world, signer.address, round.id);
  const hash = voteHash({ ...opening, chainId: world.chainId, voter: codec.parse(signer.address) });
  return { signer, fields: { voter: signer.address, roundId: round.id, hash } };
});

const revealingVotes = chosen(MsgRevealVote, 90, (world) => {
  const rounds = new Set(roundsAt(world, RoundStage.ROUND_STAGE_VOTE_REVEAL).map(({ id }) => id));
  const vote = pickOf(
    world,
    valuesOf<Vote>(world, "votes").filter(({ roundId, revealed }) => rounds.has(roundId) && !revealed),
  );
  const signer = vote && actorOf(world, vote.voter);
  return vote && signer && { signer, fields: { voter: vote.voter, ...openingOf(world, vote.voter, vote.roundId) } };
});

const registeringHoldouts = chosen(MsgRegisterHoldout, 20, (world) => {
  const signer = voterOf(world);
  if (signer === undefined) return undefined;
  const digest = sha256(seededHoldout(signer.address, world.height + 1n));
  return { signer, fields: { provider: signer.address, schema: SCHEMA_V1.id, domain: DEFAULT_DOMAIN, digest } };
});

const revealingHoldouts = operation(MsgRevealHoldout, 60, (world, { address: sender }) => {
  const drawn = valuesOf<Holdout>(world, "holdouts").find(({ status }) => status === HoldoutStatus.HOLDOUT_STATUS_DRAWN);
  return drawn && { sender, holdoutId: drawn.id, data: seededHoldout(drawn.provider, drawn.height) };
});

const withdrawingHoldouts = chosen(MsgWithdrawHoldout, 4, (world) => {
  const waiting = pickOf(
    world,
    valuesOf<Holdout>(world, "holdouts").filter(({ status }) => status === HoldoutStatus.HOLDOUT_STATUS_WAITING),
  );
  const signer = waiting && actorOf(world, waiting.provider);
  return waiting && signer && { signer, fields: { provider: waiting.provider, holdoutId: waiting.id } };
});

/** Mostly whoever lies is shown to; now and then somebody pays for a proof against an honest entry. */
const slashing = operation(MsgSlash, 30, (world, { address: challenger }) => {
  const open = roundsAt(world, RoundStage.ROUND_STAGE_REVEAL, RoundStage.ROUND_STAGE_VOTE, RoundStage.ROUND_STAGE_CHALLENGE);
  const entry = pickOf(world, entriesIn(world, open, EntryStatus.ENTRY_STATUS_REVEALED));
  if (entry === undefined) return undefined;
  const shape = shapeOf(entry.schema);
  const source = seededShard(shape, entry.submitter, entry.submittedHeight);
  if (!source.lies && !world.draws.once(6)) return undefined;
  if (world.draws.once(5)) return { challenger, entryId: entry.id, duplicate: { olderId: 1n, shard: new Uint8Array(0) } };
  return { challenger, entryId: entry.id, sourceRow: seededRow(shape, source, world.draws.below(shape.rows)) };
});

const slashingVotes = operation(MsgSlashVote, 8, (world, { address: challenger }) => {
  const rounds = new Set(roundsAt(world, RoundStage.ROUND_STAGE_VOTE).map(({ id }) => id));
  const vote = pickOf(
    world,
    valuesOf<Vote>(world, "votes").filter(({ roundId }) => rounds.has(roundId)),
  );
  return vote && { challenger, voter: vote.voter, ...openingOf(world, vote.voter, vote.roundId) };
});

/** Operations of x/experience. */
export const experienceOperations: readonly Operation[] = [
  submitting,
  revealing,
  committingVotes,
  revealingVotes,
  registeringHoldouts,
  revealingHoldouts,
  withdrawingHoldouts,
  slashing,
  slashingVotes,
  governed(MsgRegisterSchema, 1, ({ draws }, authority) => ({
    authority,
    schema: { id: `s${draws.below(1000)}`, rows: 1 + draws.below(256), cols: 8 * (1 + draws.below(48)), specHash: seedOf("spec") },
  })),
  governed(MsgRegisterDomain, 1, ({ draws }, authority) => ({ authority, schema: TINY_SCHEMA, domain: `d${draws.below(1000)}` })),
  governed(MsgSetDomainOpen, 1, ({ draws }, authority) => ({
    authority,
    schema: TINY_SCHEMA,
    domain: DEFAULT_DOMAIN,
    open: !draws.once(4),
  })),
  governed(MsgUpdateParams, 1, ({ draws }, authority) => ({
    authority,
    params: { ...SIM_PARAMS, stakeCapBps: 500 + draws.below(9000), settlePerBlock: 1 + draws.below(8), burnBps: draws.below(10_001) },
  })),
];

// Of the experience registry: whole rounds, from the commitments to the proofs.

import { sha256 } from "#sha256";
import { descriptors } from "../../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../../app/encoding/protoJson.ts";
import { SIM_PARAMS, TINY_SCHEMA } from "../../../../cmd/hanzod/sim/operations/experience.ts";
import { pick, type Random } from "../../../../cmd/hanzod/sim/operations/randomMessage.ts";
import {
  seededHoldout,
  seededRow,
  seededSalt,
  seededScores,
  seededShard,
  TINY,
} from "../../../../cmd/hanzod/sim/operations/seededExperience.ts";
import { DEFAULT_DOMAIN, SCHEMA_V1, voteHash } from "../../../../modules/experience/index.ts";
import {
  type Entry,
  EntryStatus,
  type Holdout,
  HoldoutStatus,
  Params,
  type Round,
  RoundStage,
  type Vote,
} from "../../../../proto/gen/hanzo/experience/v1/types.ts";
import { address, type Fields, type Makers, type Memory, type ModuleMessages } from "./maker.ts";

/** Windows of the seeded chain's registry: two rounds and more in the golden blocks. */
export const REGISTRY_PARAMS: Params = {
  ...SIM_PARAMS,
  commitBlocks: 6n,
  revealBlocks: 8n,
  voteBlocks: 12n,
  voteRevealBlocks: 8n,
  aggregateDelayBlocks: 2n,
  challengeBlocks: 8n,
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const shapeOf = (schema: string): typeof TINY => (schema === TINY_SCHEMA ? TINY : { rows: SCHEMA_V1.rows, cols: SCHEMA_V1.cols });
const roundsAt = ({ registry }: Memory, ...stages: readonly RoundStage[]): Round[] =>
  registry.rounds.filter(({ stage }) => stages.includes(stage));
const entriesOf = ({ registry }: Memory, rounds: readonly Round[], status: EntryStatus): Entry[] =>
  registry.entries.filter((entry) => entry.status === status && rounds.some(({ id }) => id === entry.roundId));
const any = (random: Random): string => String(1 + random.below(6));
const { ROUND_STAGE_REVEAL, ROUND_STAGE_VOTE, ROUND_STAGE_VOTE_REVEAL, ROUND_STAGE_CHALLENGE } = RoundStage;

/** Entries of an account that it can reveal now. */
export function revealable(memory: Memory, sender: string): readonly Entry[] {
  return entriesOf(memory, roundsAt(memory, ROUND_STAGE_REVEAL), EntryStatus.ENTRY_STATUS_COMMITTED).filter(
    ({ submitter }) => submitter === sender,
  );
}

/** Votes of an account that it can reveal now. */
export function revealableVotes(memory: Memory, sender: string): readonly Vote[] {
  const open = roundsAt(memory, ROUND_STAGE_VOTE_REVEAL);
  return memory.registry.votes.filter(
    ({ voter, revealed, bond, roundId }) => voter === sender && !revealed && bond !== "0" && open.some(({ id }) => id === roundId),
  );
}

/** Votes of others that are committed and not to be shown yet: those of every second round, so that others are left to reveal. */
export function leakableVotes(memory: Memory, sender: string): readonly Vote[] {
  const open = roundsAt(memory, ROUND_STAGE_VOTE).filter(({ id }) => id % 2n === 0n);
  return memory.registry.votes.filter(
    ({ voter, bond, roundId }) => voter !== sender && bond !== "0" && open.some(({ id }) => id === roundId),
  );
}

/** Sets that can be shown now. */
export function drawnHoldouts({ registry }: Memory): readonly Holdout[] {
  return registry.holdouts.filter(({ status }) => status === HoldoutStatus.HOLDOUT_STATUS_DRAWN);
}

/** Sets of an account that wait. */
function waitingHoldouts({ registry }: Memory, sender: string): readonly Holdout[] {
  return registry.holdouts.filter(({ status, provider }) => status === HoldoutStatus.HOLDOUT_STATUS_WAITING && provider === sender);
}

/** Entries that can be challenged now. */
export function challengeable(memory: Memory): readonly Entry[] {
  return entriesOf(
    memory,
    roundsAt(memory, ROUND_STAGE_REVEAL, ROUND_STAGE_VOTE, ROUND_STAGE_CHALLENGE),
    EntryStatus.ENTRY_STATUS_REVEALED,
  );
}

/** Rounds that take votes now. */
export function votable(memory: Memory): readonly Round[] {
  return roundsAt(memory, ROUND_STAGE_VOTE);
}

function submission(random: Random, sender: string, memory: Memory): Fields {
  const isMeasured = memory.registry.holdouts.some(({ status }) => status === HoldoutStatus.HOLDOUT_STATUS_WAITING);
  const schema = isMeasured && random.below(4) > 0 ? SCHEMA_V1.id : TINY_SCHEMA;
  const { cid, merkleRoot, sourceRoot } = seededShard(shapeOf(schema), sender, memory.height);
  const parents = memory.registry.entries.length > 0 && random.below(3) === 0 ? ["1"] : [];
  const roots = { cid: base64(cid), merkle_root: base64(merkleRoot), source_root: base64(sourceRoot) };
  return { schema, domain: DEFAULT_DOMAIN, ...roots, parents, max_bond: "" };
}

/** Scores of all revealed entries of a round, as JSON and as they are hashed. */
function opening(memory: Memory, voter: string, roundId: bigint) {
  const { ENTRY_STATUS_REVEALED, ENTRY_STATUS_SLASHED } = EntryStatus;
  const shown = memory.registry.entries.filter(
    (entry) =>
      entry.roundId === roundId &&
      (entry.status === ENTRY_STATUS_REVEALED || (entry.status === ENTRY_STATUS_SLASHED && entry.stake !== "0")),
  );
  const scores = seededScores(
    voter,
    shown.map(({ id }) => id),
  );
  const salt = seededSalt(voter, roundId);
  const json = scores.map(({ entryId, quality }) => ({ entry_id: String(entryId), quality }));
  return { scores, salt, fields: { round_id: String(roundId), scores: json, salt: base64(salt) } };
}

function commitVote(random: Random, sender: string, memory: Memory): Fields {
  const rounds = votable(memory);
  if (rounds.length === 0) return { round_id: any(random), hash: base64(new Uint8Array(32)) };
  const { id: roundId } = pick(random, rounds);
  const { scores, salt } = opening(memory, sender, roundId);
  const hash = voteHash({ chainId: memory.chainId, roundId, voter: address.parse(sender), scores, salt });
  return { round_id: String(roundId), hash: base64(hash) };
}

function slash(random: Random, memory: Memory): Fields {
  const entries = challengeable(memory);
  if (entries.length === 0) return { entry_id: any(random), source_row: null, duplicate: null, shard: { shard: "AA==" } };
  const entry = pick(random, entries);
  const shape = shapeOf(entry.schema);
  const { row, values, path } = seededRow(shape, seededShard(shape, entry.submitter, entry.submittedHeight), random.below(shape.rows));
  const opened = { row, values: base64(values), path: path.map(base64) };
  return { entry_id: String(entry.id), shard: null, duplicate: null, source_row: opened };
}

const likely: Makers = {
  "hanzo.experience.v1.MsgSubmit": (random, _world, sender, memory) => submission(random, sender, memory),
  "hanzo.experience.v1.MsgReveal": (random, _world, sender, memory) => {
    const entries = revealable(memory, sender);
    if (entries.length === 0) return { entry_id: any(random), shard: "AAAA" };
    const { id, schema, submittedHeight } = pick(random, entries);
    return { entry_id: String(id), shard: base64(seededShard(shapeOf(schema), sender, submittedHeight).shard) };
  },
  "hanzo.experience.v1.MsgCommitVote": (random, _world, sender, memory) => commitVote(random, sender, memory),
  "hanzo.experience.v1.MsgRevealVote": (random, _world, sender, memory) => {
    const [vote] = revealableVotes(memory, sender);
    return opening(memory, sender, vote?.roundId ?? BigInt(any(random))).fields;
  },
  "hanzo.experience.v1.MsgRegisterHoldout": (_random, _world, sender, memory) => ({
    schema: SCHEMA_V1.id,
    domain: DEFAULT_DOMAIN,
    digest: base64(sha256(seededHoldout(sender, memory.height))),
  }),
  "hanzo.experience.v1.MsgRevealHoldout": (random, _world, sender, memory) => {
    const drawn = drawnHoldouts(memory)[0];
    const data = seededHoldout(drawn?.provider ?? sender, drawn?.height ?? memory.height);
    return { holdout_id: drawn === undefined ? any(random) : String(drawn.id), data: base64(data) };
  },
  "hanzo.experience.v1.MsgWithdrawHoldout": (random, _world, sender, memory) => {
    const own = waitingHoldouts(memory, sender)[0];
    return { holdout_id: own === undefined ? any(random) : String(own.id) };
  },
  "hanzo.experience.v1.MsgSlash": (random, _world, _sender, memory) => slash(random, memory),
  "hanzo.experience.v1.MsgSlashVote": (random, world, sender, memory) => {
    const [vote] = leakableVotes(memory, sender);
    const voter = vote?.voter ?? pick(random, world.addresses);
    return { voter, ...opening(memory, voter, vote?.roundId ?? BigInt(any(random))).fields };
  },
};

const governed: Makers = {
  "hanzo.experience.v1.MsgRegisterSchema": (random) => ({
    schema: {
      id: `s${random.below(1000)}`,
      rows: 1 + random.below(256),
      cols: 8 * (1 + random.below(48)),
      spec_hash: base64(new Uint8Array(32)),
    },
  }),
  "hanzo.experience.v1.MsgRegisterDomain": (random) => ({ schema: TINY_SCHEMA, domain: `d${random.below(1000)}` }),
  "hanzo.experience.v1.MsgSetDomainOpen": (random) => ({ schema: TINY_SCHEMA, domain: pick(random, [DEFAULT_DOMAIN, "none"]), open: true }),
  "hanzo.experience.v1.MsgUpdateParams": (random) => ({
    params: toProtoJson(
      descriptors(),
      Params.$type,
      Params.encode({ ...REGISTRY_PARAMS, stakeCapBps: 1000 + random.below(9000), settlePerBlock: 1 + random.below(4) }).finish(),
    ),
  }),
};

/** Messages of x/experience. */
export const experienceMessages: ModuleMessages = { likely, governed };

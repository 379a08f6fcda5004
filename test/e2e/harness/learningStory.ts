// A round of shared learning on four real nodes: sixteen submitters, five of them Byzantine, one slashed by proof.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cidOf, cidText, compressSync, decompressQ8, merkleRoot, parseShard, SCHEMA_V1 } from "#kernels";
import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { MsgDelegate } from "#proto/cosmos/staking/v1beta1/tx";
import { MsgReveal, MsgSubmit } from "#proto/hanzo/experience/v1/tx";
import type { Entry, Ledger, Round } from "#proto/hanzo/experience/v1/types";
import { RoundStage } from "#proto/hanzo/experience/v1/types";
import { revealMessage, submitMessage } from "../../../app/client/experience/messages.ts";
import { type PackedShard, packShard } from "../../../app/client/experience/packShard.ts";
import { setupExperienceExtension } from "../../../app/client/experienceExtension.ts";
import { contentIdOf } from "../../../app/content/contentId.ts";
import { fetchContent } from "../../../app/content/fetchContent.ts";
import { CHAIN } from "../../../app/hanzo.ts";
import { createAddressCodec } from "../../../app/sdk/index.ts";
import { worldMatrices } from "../../../gpu-kernels/world.ts";
import { cosineOf } from "../../bench/robust/cosine.ts";
import { type TestAccount, testAccounts } from "../../harness/accounts.ts";
import { KERNEL_MODULES, type Learner, type LearningNet, message, startLearners } from "./learningNet.ts";
import { requireSameStates } from "./network.ts";
import { abciQuery, appHead, waitForHeight } from "./rpc.ts";
import { waitUntil } from "./validatorNet.ts";

/** What came of it. */
export interface LearningSummary {
  readonly submitters: number;
  readonly byzantine: number;
  /** Backend of each validator. */
  readonly backends: readonly string[];
  readonly cid: string;
  /** Cosine to the mean of the honest matrices: of the chain's aggregate, and of the plain mean of the same shards. */
  readonly cosine: number;
  readonly cosineOfMean: number;
  readonly refunded: string;
  readonly slashed: string;
  readonly equalAppHashes: number;
}

/** One of the sixteen. */
interface Submitter {
  readonly account: TestAccount;
  readonly packed: PackedShard;
  readonly honest: boolean;
}

interface Scene {
  readonly net: LearningNet;
  readonly root: string;
  readonly say: (line: string) => void;
  readonly submitters: readonly Submitter[];
}

const SUBMITTERS = 16;
const BYZANTINE = 5;
/** The one whose shard claims larger scales than its source has. */
const LIAR = SUBMITTERS - 1;
const FUNDED = 10;
const AI = 10n ** 18n;
const STAKE = 100n * AI;
const PATIENCE_MS = 400_000;

/** Plays the round and stops the nodes. @param root empty folder @param say gets a line per step @throws Error at the first thing that is not as it should be */
export async function playLearningStory(root: string, say: (line: string) => void): Promise<LearningSummary> {
  const net = await startLearners(join(root, "net"));
  try {
    const scene: Scene = { net, root, say, submitters: await makeSubmitters() };
    await waitForHeight(first(scene).rpc, 3);
    const backends = await Promise.all(net.learners.map(backendOf));
    say(`four validators make blocks; aggregates are computed on ${backends.join(", ")}`);
    await fund(scene);
    const entries = await submitAll(scene);
    const votes = beginVotes(scene, entries);
    await revealAll(scene, entries);
    await voteAll(scene, votes);
    const result = await awaitAggregate(scene);
    const slashed = await slashLiar(scene, entries);
    const refunded = await awaitRefunds(scene, entries);
    await recompute(scene, backends);
    const { height } = await appHead(first(scene).rpc);
    await requireSameStates(
      net.learners.map(({ rpc }) => rpc),
      height,
    );
    say(`all four computed equal app hashes at each of ${height} heights`);
    return { submitters: SUBMITTERS, byzantine: BYZANTINE, backends, ...result, refunded, slashed, equalAppHashes: height };
  } finally {
    await net.stop();
  }
}

const first = ({ net }: Scene): Learner => net.learners[0] ?? assert.fail("a validator expected");
const inAi = (amount: bigint): string => `${Number((amount * 1000n) / AI) / 1000} AI`;

/** The registry as a node sees it. */
function registryAt({ rpc }: Learner) {
  const queryAbci = async (path: string, data: Uint8Array) => ({ value: await abciQuery(rpc, path, data), height: 0 });
  return setupExperienceExtension({ queryAbci }).experience;
}

async function backendOf({ home }: Learner): Promise<string> {
  return waitUntil("a backend", async () => {
    const text = await readFile(home.run.kernels, "utf8").catch(() => "");
    return text === "" ? undefined : (JSON.parse(text) as { readonly backend: string }).backend;
  });
}

/** Eleven learned something of one truth, five send ten times the opposite, and one of these lies about it besides. */
async function makeSubmitters(): Promise<Submitter[]> {
  const accounts = await testAccounts(SUBMITTERS, CHAIN.bech32Prefix);
  const world = { noise: 1060, skip: 0, byz: 0, kind: "honest", seed: 20_261, n: SUBMITTERS, ...SCHEMA_V1 } as const;
  return worldMatrices(world).map((matrix, i): Submitter => {
    const honest = i < SUBMITTERS - BYZANTINE;
    const sent = honest ? matrix : matrix.map((x) => Math.max(-32_767, Math.min(32_767, -10 * x)));
    const packed = packShard(sent);
    return { account: accounts[i] ?? assert.fail("an account expected"), honest, packed: i === LIAR ? inflate(packed) : packed };
  });
}

/** A shard with the largest scale in every row over an honest source root. */
function inflate(packed: PackedShard): PackedShard {
  const { source, shape } = packed;
  const bytes = compressSync(source, shape).bytes.fill(120, (shape.rows * shape.cols) / 8);
  const cid = cidOf(bytes);
  return { ...packed, shard: bytes, cid, cidText: cidText(cid), merkleRoot: merkleRoot(parseShard(bytes, shape), shape) };
}

/** Everybody gets what bond and stake take, and stakes with a validator: weights come from stake. */
async function fund({ net, submitters, say }: Scene): Promise<void> {
  const [{ account: rich }] = submitters as readonly [Submitter];
  const amount = [{ denom: CHAIN.baseDenom, amount: (1000n * AI).toString() }];
  const poor = submitters
    .slice(FUNDED)
    .map(({ account }) => message(MsgSend, { fromAddress: rich.address, toAddress: account.address, amount }));
  await net.sendAll([[rich, poor]]);
  const address = createAddressCodec(CHAIN.bech32Prefix);
  const operators = net.learners.map(({ account }) => address.operator.format(address.parse(account)));
  await net.sendAll(
    submitters.map(({ account }, i) => [
      account,
      [
        message(MsgDelegate, {
          delegatorAddress: account.address,
          validatorAddress: operators[i % operators.length] ?? "",
          amount: { denom: CHAIN.baseDenom, amount: STAKE.toString() },
        }),
      ],
    ]),
  );
  say(`${SUBMITTERS} submitters staked ${inAi(STAKE)} each; ${BYZANTINE} of them will work against the others`);
}

async function submitAll(scene: Scene): Promise<readonly bigint[]> {
  const { net, submitters, say } = scene;
  await net.sendAll(
    submitters.map(({ account, packed }) => [
      account,
      [message(MsgSubmit, submitMessage(packed, { submitter: account.address, domain: "default" }))],
    ]),
  );
  const { entries } = await registryAt(first(scene)).entries({ roundId: 1n });
  assert.equal(entries.length, SUBMITTERS);
  const ids = submitters.map(
    ({ account }) => entries.find(({ submitter }) => submitter === account.address)?.id ?? assert.fail("an entry expected"),
  );
  say(
    `round 1: ${SUBMITTERS} entries are committed by CID and roots, with a bond of ${inAi(BigInt(entries[0]?.bond ?? "0"))} each; nobody has seen a shard`,
  );
  return ids;
}

/** Waits for a stage of round 1. */
async function awaitStage(scene: Scene, stage: RoundStage): Promise<Round> {
  return waitUntil(
    `stage ${stage}`,
    async () => {
      const { round } = await registryAt(first(scene)).round(1n);
      assert.ok(round !== undefined && round.stage <= stage, `stage ${stage} was missed: ${round?.stage}`);
      return round.stage === stage ? round : undefined;
    },
    PATIENCE_MS,
  );
}

async function revealAll(scene: Scene, entries: readonly bigint[]): Promise<void> {
  const { net, submitters, say } = scene;
  await awaitStage(scene, RoundStage.ROUND_STAGE_REVEAL);
  await net.sendAll(
    submitters.map(({ account, packed }, i) => [
      account,
      [message(MsgReveal, revealMessage(packed.shard, entries[i] ?? 0n, account.address))],
    ]),
  );
  // Every node keeps what it saw revealed, and serves it.
  for (const learner of net.learners)
    for (const { packed } of submitters)
      await waitUntil(`${packed.cidText} at ${learner.name}`, () => fetchContent(learner.rest, packed.cidText).catch(() => undefined));
  say(
    `all shards are revealed, ${SUBMITTERS} × ${submitters[0]?.packed.shard.length} bytes; each of the four nodes serves all of them by CID`,
  );
}

/** Starts the commands that vote, which wait for their stage: on a slow machine the start of a command takes as long as a stage lasts. */
function beginVotes({ net }: Scene, entries: readonly bigint[]): Promise<unknown> {
  const scores = entries.map((id) => `${id}=60000`).join(",");
  const votes = Promise.all(net.learners.map((learner) => net.sign(learner, "vote", "1", "--scores", scores, "--patient")));
  // Whoever waits for them hears of a failure; before that, another one may end the story.
  votes.catch(() => undefined);
  return votes;
}

async function voteAll({ net, say }: Scene, votes: Promise<unknown>): Promise<void> {
  await votes;
  await Promise.all(net.learners.map((learner) => net.sign(learner, "vote", "1", "--reveal", "--patient")));
  say("four validators voted by commit and reveal; they favour nobody, so that the aggregate has to tell friend from foe by itself");
}

async function awaitAggregate(scene: Scene): Promise<Pick<LearningSummary, "cid" | "cosine" | "cosineOfMean">> {
  const { submitters, say, net } = scene;
  await awaitStage(scene, RoundStage.ROUND_STAGE_CHALLENGE);
  const { aggregate } = await registryAt(first(scene)).aggregate(1n);
  const { prior } = await registryAt(first(scene)).prior("v1", "default");
  assert.ok(aggregate !== undefined && prior !== undefined);
  assert.equal(aggregate.noCore, false);
  const cid = cidText(aggregate.cid);
  assert.equal(contentIdOf(prior.shard), cid);
  for (const learner of net.learners)
    await waitUntil(`the aggregate at ${learner.name}`, () => fetchContent(learner.rest, cid).catch(() => undefined));
  const honest = honestMean(submitters);
  const cosine = cosineOf(decompressQ8(parseShard(prior.shard, SCHEMA_V1), SCHEMA_V1), honest);
  const cosineOfMean = cosineOf(meanOfShards(submitters), honest);
  assert.ok(cosine > 0.7 && cosineOfMean < 0, `cosines ${cosine} and ${cosineOfMean}`);
  say(
    `the aggregate is ${cid}; cosine to the honest mean ${cosine.toFixed(3)} at one bit a number, of the plain mean of the same shards ${cosineOfMean.toFixed(3)}`,
  );
  return { cid, cosine, cosineOfMean };
}

function honestMean(submitters: readonly Submitter[]): Float32Array {
  const mean = new Float32Array(SCHEMA_V1.rows * SCHEMA_V1.cols);
  for (const { packed, honest } of submitters)
    if (honest) for (let at = 0; at < mean.length; at++) mean[at] = (mean[at] ?? 0) + (packed.source[at] ?? 0);
  return mean;
}

function meanOfShards(submitters: readonly Submitter[]): Float64Array {
  const sum = new Float64Array(SCHEMA_V1.rows * SCHEMA_V1.cols);
  for (const { packed } of submitters) {
    const values = decompressQ8(parseShard(packed.shard, SCHEMA_V1), SCHEMA_V1);
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + (values[at] ?? 0);
  }
  return sum;
}

/** Anybody can compute the round again, on any backend, also when the chain has dropped the shards. */
async function recompute({ net, say }: Scene, backends: readonly string[]): Promise<void> {
  const used = [...new Set(backends)];
  for (const backend of used) {
    const found = await net.run<{ equal: boolean; entries: number }>(
      net.learners[1] as Learner,
      "aggregate",
      "1",
      ...["--backend", backend, "--kernel-modules", KERNEL_MODULES],
    );
    assert.deepEqual([found.equal, found.entries], [true, SUBMITTERS]);
  }
  say(`computed again on ${used.join(" and ")} from shards that the chain has dropped: CID, roots and matrix hash are the chain's`);
}

async function slashLiar(scene: Scene, entries: readonly bigint[]): Promise<string> {
  const { net, root, say, submitters } = scene;
  const source = submitters[LIAR]?.packed.source ?? assert.fail("a source expected");
  const id = entries[LIAR] ?? 0n;
  const leaked = join(root, "leaked.npy");
  await writeFile(leaked, npyOf(source));
  const found = await net.sign<{ upheld: boolean; fault: string; bond: string; bounty: string }>(
    first(scene),
    "slash",
    String(id),
    "--source",
    leaked,
  );
  assert.deepEqual([found.upheld, found.fault], [true, "scale"]);
  say(
    `entry ${id} claimed larger scales than its source has: one row with its path proves it, ${inAi(BigInt(found.bond))} are lost, ${inAi(BigInt(found.bounty))} of them to the challenger`,
  );
  return found.bond;
}

/** An int16 matrix as NumPy writes it. */
function npyOf(source: Int16Array): Buffer {
  const { rows, cols } = SCHEMA_V1;
  const text = `{'descr': '<i2', 'fortran_order': False, 'shape': (${rows}, ${cols}), }`;
  const header = Buffer.alloc(10);
  header.write("\u0093NUMPY\u0001\u0000", "latin1");
  const padded = `${text.padEnd(117)}\n`;
  header.writeUInt16LE(padded.length, 8);
  return Buffer.concat([header, Buffer.from(padded, "latin1"), Buffer.from(source.buffer, source.byteOffset, source.byteLength)]);
}

async function awaitRefunds(scene: Scene, entries: readonly bigint[]): Promise<string> {
  const { say } = scene;
  const round = await awaitStage(scene, RoundStage.ROUND_STAGE_CLOSED);
  const found = await registryAt(first(scene)).entries({ roundId: 1n });
  const liar = found.entries.find(({ id }) => id === entries[LIAR]);
  assert.equal(liar?.refund === "" || liar?.refund === "0", true, "the slashed entry has nothing back");
  const paid = found.entries.filter((entry: Entry) => entry.id !== entries[LIAR]);
  assert.ok(paid.every(({ refund, bond }) => refund === bond));
  requireConserved(round.ledger);
  say(
    `the round is settled: ${paid.length} bonds are back, ${inAi(BigInt(round.ledger?.refunded ?? "0"))} in all, to the last unit; shards are pruned from the state and served by CID still`,
  );
  return round.ledger?.refunded ?? "0";
}

/** Everything that came in went somewhere. */
function requireConserved(ledger: Ledger | undefined): void {
  assert.ok(ledger !== undefined);
  const [escrowed = 0n, ...gone] = [ledger.escrowed, ledger.refunded, ledger.burned, ledger.bounty, ledger.treasury].map(BigInt);
  assert.equal(
    gone.reduce((sum, amount) => sum + amount, 0n),
    escrowed,
  );
}

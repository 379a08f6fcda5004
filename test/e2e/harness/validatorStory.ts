// What validators live through, on four real nodes: stake and rewards, downtime, a key used twice, a vote, an upgrade, and a fifth node that joins.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SnapshotFolder } from "../../../app/statesync/snapshotFolder.ts";
import type { SnapshotInfo } from "../../../app/statesync/snapshotInfo.ts";
import { localAddresses } from "../../../cmd/hanzod/genesis/localAccounts.ts";
import { hanzod, hanzodOk } from "../cli/hanzod.ts";
import { joinFromSnapshot } from "./joiner.ts";
import { makeTwin } from "./keyTwin.ts";
import { requireSameStates } from "./network.ts";
import { appHead, broadcast, callRpc, waitForHeight } from "./rpc.ts";
import {
  BLOCK_MS,
  NEXT_PROGRAM,
  NEXT_RELEASE,
  OPERATOR,
  type SentTx,
  startValidators,
  type Validator,
  type ValidatorNet,
  VOTING_SECONDS,
  WINDOW_BLOCKS,
  waitUntil,
} from "./validatorNet.ts";

/** What came of it, amounts in base units. */
export interface ValidatorSummary {
  readonly delegated: string;
  readonly withdrawn: string;
  readonly slashedForDowntime: string;
  readonly slashedForDoubleSign: string;
  readonly evidenceHeight: number;
  readonly burnBps: readonly [before: number, after: number];
  readonly upgradeHeight: number;
  readonly equalAppHashes: number;
  /** First block of the node that joined with a snapshot. */
  readonly joinedAt: number;
}

/** Where the story is played. */
interface Scene {
  readonly root: string;
  readonly net: ValidatorNet;
  readonly say: (line: string) => void;
}

const AI = 10n ** 18n;
/** The chain's first one. */
const PROPOSAL = "1";
const UPGRADE_PATIENCE_MS = 900_000;

/** Plays everything and stops the nodes. @param root empty folder @param say gets a line per step @throws Error at the first thing that is not as it should be */
export async function playValidatorStory(root: string, say: (line: string) => void): Promise<ValidatorSummary> {
  const net = await startValidators(join(root, "net"));
  const scene: Scene = { root, net, say };
  try {
    const first = at(net, 0);
    await waitForHeight(first.rpc, 3);
    say(`four validators make blocks: ${net.validators.map(({ name, operator }) => `${name} ${operator}`).join(", ")}`);
    // One misses its blocks while the others earn.
    const absent = await stopLast(scene);
    const rewards = await earnRewards(scene);
    const slashedForDowntime = await jailAndBack(scene, absent);
    const doubleSign = await useAKeyTwice(scene);
    const voted = await proposeUpgradeAndParams(scene);
    await upgradeAt(scene, voted.height);
    const { height } = await appHead(first.rpc);
    const rpcs = net.validators.map(({ rpc }) => rpc);
    await requireSameStates(rpcs, height);
    say(`all four computed equal app hashes at each of ${height} heights`);
    await waitForSnapshots(net.validators, voted.height);
    const joinedAt = await joinAsFifth(scene);
    return {
      ...rewards,
      slashedForDowntime,
      ...doubleSign,
      burnBps: voted.burnBps,
      upgradeHeight: voted.height,
      equalAppHashes: height,
      joinedAt,
    };
  } finally {
    await net.stop();
  }
}

const at = ({ validators }: ValidatorNet, index: number): Validator => validators[index] ?? assert.fail(`validator ${index} expected`);

const inAi = (amount: bigint): string => `${Number((amount * 10_000n) / AI) / 10_000} AI`;

interface ValidatorState {
  readonly tokens: string;
  readonly jailed: boolean;
  readonly status: string;
  readonly description: { readonly moniker: string; readonly details: string };
}

async function stateOf({ net }: Scene, { operator }: Validator): Promise<ValidatorState> {
  return (await get<{ validator: ValidatorState }>(at(net, 0), `/cosmos/staking/v1beta1/validators/${operator}`)).validator;
}

/** What the REST API answers: quicker than a command, where something is looked at again and again. */
async function get<T>({ ports: { rest } }: Validator, path: string): Promise<T> {
  return waitUntil(`an answer to ${path}`, async () => {
    const response = await fetch(`http://127.0.0.1:${rest}${path}`);
    const text = await response.text();
    // Five nodes on a busy machine: a query may take longer than its limit.
    if (response.status === 504) return undefined;
    assert.equal(response.status, 200, `${path}: ${text}`);
    return JSON.parse(text) as T;
  });
}

/** Amount of an attribute such as `5aai` or `5aai,3credit` in AI's base units. */
const amountIn = (text: string): bigint => BigInt(/(\d+)aai/.exec(text)?.[1] ?? "0");

const attributeOf = ({ events }: SentTx, type: string, key: string): string =>
  events.find((event) => event.type === type)?.attributes.find((attribute) => attribute.key === key)?.value ??
  assert.fail(`event ${type} with ${key} expected`);

async function earnRewards(scene: Scene): Promise<Pick<ValidatorSummary, "delegated" | "withdrawn">> {
  const { net, say } = scene;
  const first = at(net, 0);
  const [delegator = ""] = await localAddresses();
  const sent = await net.send(first, "dev0", "staking", "delegate", first.operator, "5AI");
  const { delegation_response: held } = (await net.ask(first, "q", "staking", "delegation", delegator, first.operator)) as {
    delegation_response: { balance: { amount: string } };
  };
  assert.equal(held.balance.amount, String(5n * AI));
  await net.send(first, OPERATOR, "staking", "edit-validator", "--details", "the first of four");
  assert.equal((await stateOf(scene, first)).description.details, "the first of four");
  await waitForHeight(first.rpc, sent.height + 5);
  const answer = (await net.ask(first, "q", "distribution", "rewards", delegator)) as {
    total: readonly { amount: string }[];
  };
  const seen = BigInt((answer.total[0]?.amount ?? "0").split(".")[0] ?? "0");
  assert.ok(seen > 0n, "rewards expected after five blocks");
  const paid = amountIn(
    attributeOf(await net.send(first, "dev0", "distribution", "withdraw-rewards", first.operator), "withdraw_rewards", "amount"),
  );
  assert.ok(paid >= seen, `at least ${seen} expected, got ${paid}`);
  say(`dev0 delegated 5 AI to ${first.name}, saw ${inAi(seen)} of rewards and withdrew ${inAi(paid)}`);
  return { delegated: held.balance.amount, withdrawn: String(paid) };
}

/** A validator that has stopped, and what it had. */
interface Absent {
  readonly validator: Validator;
  readonly before: ValidatorState;
}

async function stopLast(scene: Scene): Promise<Absent> {
  const validator = at(scene.net, 3);
  const before = await stateOf(scene, validator);
  await validator.process.end("SIGTERM");
  scene.say(`${validator.name} is stopped; who misses more than half of ${WINDOW_BLOCKS} blocks is jailed`);
  return { validator, before };
}

async function jailAndBack(scene: Scene, { validator: absent, before }: Absent): Promise<string> {
  const { net, say } = scene;
  const jailed = await waitUntil(`${absent.name} in jail`, async () => {
    const state = await stateOf(scene, absent);
    return state.jailed ? state : undefined;
  });
  const lost = BigInt(before.tokens) - BigInt(jailed.tokens);
  assert.equal(lost, BigInt(before.tokens) / 100n);
  assert.equal(jailed.status, "BOND_STATUS_UNBONDING");
  say(`${absent.name} is in jail and lost ${inAi(lost)} of ${inAi(BigInt(before.tokens))}`);
  await net.start(absent);
  const { height } = await appHead(at(net, 0).rpc);
  await waitForHeight(absent.rpc, height);
  await waitUntil("the end of the jail time", () => releaseOf(absent));
  const back = await stateOf(scene, absent);
  assert.equal(back.jailed, false);
  assert.equal(back.status, "BOND_STATUS_BONDED");
  say(`${absent.name} runs again, and after "hanzod tx slashing unjail" it is bonded`);
  return String(lost);
}

/** Asks to leave jail; undefined while the time is not over. */
async function releaseOf(validator: Validator): Promise<true | undefined> {
  const words = ["tx", "slashing", "unjail", "--from", OPERATOR, "--keyring-backend", "test", "--home", validator.home.root, "--wait"];
  const { code, stderr } = await hanzod(words);
  if (code === 0) return true;
  assert.match(stderr, /validator still jailed/);
  return undefined;
}

async function useAKeyTwice(scene: Scene): Promise<Pick<ValidatorSummary, "slashedForDoubleSign" | "evidenceHeight">> {
  const { net, say, root } = scene;
  const [witness, cheat] = [at(net, 0), at(net, 2)];
  const before = await stateOf(scene, cheat);
  const twin = await makeTwin(cheat, join(root, "twin"));
  assert.match(await twin.startGuarded(), /HZN-DOUBLE-SIGN/);
  say(`a second node with the key of ${cheat.name} ends by itself: HZN-DOUBLE-SIGN`);
  twin.startUnguarded();
  try {
    const caught = await waitUntil(`${cheat.name} tombstoned`, async () => {
      const state = await stateOf(scene, cheat);
      return state.jailed ? state : undefined;
    });
    const lost = BigInt(before.tokens) - BigInt(caught.tokens);
    assert.equal(lost, BigInt(before.tokens) / 20n);
    const evidenceHeight = await findEvidence(witness);
    say(`over a CometBFT beside a node nobody watches: DuplicateVoteEvidence in block ${evidenceHeight} cost ${cheat.name} ${inAi(lost)}`);
    await requireTombstone(scene, cheat);
    return { slashedForDoubleSign: String(lost), evidenceHeight };
  } finally {
    await twin.stop();
  }
}

async function requireTombstone(scene: Scene, cheat: Validator): Promise<void> {
  const { net, say } = scene;
  const infos = (await net.ask(at(net, 0), "q", "slashing", "signing-infos")) as { info: readonly { tombstoned: boolean }[] };
  assert.equal(infos.info.filter(({ tombstoned }) => tombstoned).length, 1);
  assert.equal(await releaseOf(cheat), undefined);
  say(`${cheat.name} is tombstoned: it never leaves jail`);
}

/** Height of the block that holds the evidence. */
async function findEvidence({ rpc }: Validator): Promise<number> {
  const { height: last } = await appHead(rpc);
  for (let height = last; height > 0; height--) {
    const { block } = await callRpc<{ block: { evidence: { evidence: readonly { type: string }[] } } }>(rpc, "block", {
      height: String(height),
    });
    const [evidence] = block.evidence.evidence;
    if (evidence === undefined) continue;
    assert.equal(evidence.type, "tendermint/DuplicateVoteEvidence");
    return height;
  }
  return assert.fail("a block with evidence expected");
}

interface Params {
  readonly burn_bps: number;
}

const marketParams = async (net: ValidatorNet): Promise<Params> =>
  ((await net.ask(at(net, 0), "q", "hmm", "params")) as { params: Params }).params;

async function proposeUpgradeAndParams(scene: Scene): Promise<{ readonly height: number; readonly burnBps: readonly [number, number] }> {
  const { net, say, root } = scene;
  const first = at(net, 0);
  const before = await marketParams(net);
  const burnBps = before.burn_bps + 500;
  const { address: authority } = (await net.ask(first, "q", "upgrade", "authority")) as { address: string };
  const votes = await Promise.all([0, 1, 3].map((index) => signVote(at(net, index), root)));
  const height = await heightAfter(first, Number(VOTING_SECONDS) + 30);
  const file = join(root, "proposal.json");
  const messages = [
    { "@type": "/hanzo.hmm.v1.MsgUpdateParams", authority, params: { ...before, burn_bps: burnBps } },
    { "@type": "/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", authority, plan: { name: NEXT_RELEASE, height: String(height) } },
  ];
  await writeFile(file, JSON.stringify({ messages, deposit: "250AI", title: "Burn more", summary: "burn_bps, then the next release" }));
  const id = attributeOf(await net.send(first, "dev1", "gov", "submit-proposal", file), "submit_proposal", "proposal_id");
  assert.equal(id, PROPOSAL);
  await net.send(first, "dev2", "gov", "deposit", id, "750AI");
  say(`proposal ${id} (burn_bps ${before.burn_bps} → ${burnBps}, upgrade at height ${height}) has its deposit of 1000 AI`);
  for (const vote of votes) assert.equal((await broadcast(first.rpc, vote)).code, 0);
  await waitUntil("a proposal that passed", async () => {
    const { proposal } = await get<{ proposal: { status: string; failed_reason: string } }>(first, `/cosmos/gov/v1/proposals/${id}`);
    assert.match(proposal.status, /VOTING_PERIOD|PASSED/, proposal.failed_reason);
    return proposal.status === "PROPOSAL_STATUS_PASSED" ? true : undefined;
  });
  const after = await marketParams(net);
  assert.deepEqual(after, { ...before, burn_bps: burnBps });
  say(`the validators voted yes: burn_bps is ${after.burn_bps}, read back`);
  return { height, burnBps: [before.burn_bps, after.burn_bps] };
}

/** A vote, signed with commands before anybody can vote: on a slow machine three of them at a time take longer than a vote lasts. */
async function signVote({ name, home }: Validator, folder: string): Promise<Uint8Array> {
  const own = ["--from", OPERATOR, "--keyring-backend", "test", "--home", home.root];
  const [made, signed] = [join(folder, `${name}-vote.json`), join(folder, `${name}-signed.json`)];
  const terms = ["--gas", "400000", "--fees", "10000000000000aai"];
  await hanzodOk(["tx", "gov", "vote", PROPOSAL, "yes", ...own, ...terms, "--generate-only", "--output-document", made]);
  await hanzodOk(["tx", "sign", made, ...own, "--output-document", signed]);
  return Buffer.from((await hanzodOk(["tx", "encode", signed])).trim(), "base64");
}

/** A height that the chain does not reach before so many seconds: its blocks may be slower than their pause, never faster. */
async function heightAfter({ rpc }: Validator, seconds: number): Promise<number> {
  return (await appHead(rpc)).height + Math.ceil((seconds * 1000) / BLOCK_MS);
}

async function upgradeAt({ net, say }: Scene, height: number): Promise<void> {
  const first = at(net, 0);
  // Each on its own, as cosmovisor does: who has not got the last votes of the block yet gets them from those that went on, and stops then.
  await Promise.all(
    net.validators.map(async (validator) => {
      await requireStop(validator, height);
      if (validator === first) assert.match((await hanzod(["start", "--quiet", "--home", first.home.root])).stderr, /HZN-UPGRADE/);
      await net.start(validator, true);
    }),
  );
  say(`at height ${height} all four stopped and left upgrade-info.json for the program of "${NEXT_RELEASE}"; the old one refuses to go on`);
  await Promise.all(net.validators.map(({ rpc }) => waitForHeight(rpc, height + 3)));
  const applied = (await net.ask(first, "q", "upgrade", "applied-plan", NEXT_RELEASE)) as { height: string };
  assert.equal(applied.height, String(height));
  say(`the program that knows the upgrade went on at height ${height}`);
}

/**
 * Waits until every validator offers a snapshot from the upgrade's height on, with the headers above it that prove it: the program of after the upgrade
 * refuses blocks of before.
 */
async function waitForSnapshots(validators: readonly Validator[], upgradeHeight: number): Promise<void> {
  for (const { name, rpc, home } of validators) {
    const snapshots = new SnapshotFolder(home.data.snapshots);
    const find = async (): Promise<SnapshotInfo | undefined> => snapshots.list().find(({ height }) => height >= upgradeHeight);
    const { height } = await waitUntil(`a snapshot of ${name} from height ${upgradeHeight} on`, find);
    await waitForHeight(rpc, Number(height) + 3);
  }
}

/** A fifth node comes with a snapshot, follows for some blocks, and has computed the same. @returns its first block */
async function joinAsFifth({ net, say, root }: Scene): Promise<number> {
  const joiner = await joinFromSnapshot(net.validators, join(root, "fifth"), NEXT_PROGRAM);
  try {
    const { firstBlock, rpc } = joiner;
    assert.ok(firstBlock > 1, "a snapshot instead of the first block");
    const last = (await appHead(rpc)).height + 5;
    await requireSameStates([at(net, 0).rpc, rpc], last, firstBlock);
    say(`a fifth node joined with the snapshot of height ${firstBlock - 1} and computed equal app hashes from there to ${last}`);
    return firstBlock;
  } finally {
    await joiner.stop();
  }
}

/** Waits until a node has ended for an upgrade. */
async function requireStop({ name, home, process: ending }: Validator, height: number): Promise<void> {
  const late = sleep(UPGRADE_PATIENCE_MS, undefined, { ref: false });
  const code = await Promise.race([ending.exited, late.then(() => assert.fail(`${name} has not stopped for height ${height}`))]);
  assert.equal(code, 78, ending.output());
  const info = JSON.parse(await readFile(home.data.upgradeInfo, "utf8")) as { name: string; height: number };
  assert.deepEqual([info.name, info.height], [NEXT_RELEASE, height]);
}

// Records of validators that sign every block are not written: what everybody sees is as if each vote were.
import assert from "node:assert/strict";
import { it } from "node:test";
import type { GenesisState } from "#proto/cosmos/slashing/v1beta1/genesis";
import { createAddressCodec, E18, moduleAddress, timestampNs } from "#sdk";
import { fc } from "../../harness/fastCheck.ts";
import { eventLines } from "../../harness/moduleBench.ts";
import {
  ABSENT,
  COMMIT,
  createSlashingBench,
  type Misbehaviour,
  SECOND_NS,
  type SlashingBench,
  slashingParams,
} from "../../harness/slashingBench.ts";
import { consensusAddress, type StandInValidator } from "../../harness/standInStaking.ts";

const VALIDATORS = 4;
const JAIL_SECONDS = 60n;
const FOREVER_NS = 253_402_300_799n * SECOND_NS;
const codec = createAddressCodec("test");
const authority = codec.format(moduleAddress("gov"));

const who = fc.nat(VALIDATORS - 1);
const some = fc.uniqueArray(who, { minLength: 0, maxLength: 2 });
const params = fc.record({ window: fc.bigInt(2n, 12n), minSignedE18: fc.constantFrom(0n, E18 / 4n, E18 / 2n, E18) });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("blocks" as const), count: fc.integer({ min: 1, max: 15 }), absent: fc.constant([]) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("blocks" as const), count: fc.integer({ min: 1, max: 3 }), absent: some }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("leave" as const, "enter" as const, "relieve" as const, "jail" as const, "free" as const),
      who,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("accuse" as const, "remove" as const, "newKey" as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("params" as const), params }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("export" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A validator and its record by the plainest means: every vote is counted when it comes. */
interface Signer {
  readonly validator: StandInValidator;
  /** Whether it has votes in commits. */
  votes: boolean;
  removed: boolean;
  startHeight: bigint;
  offset: bigint;
  readonly missed: Set<bigint>;
  jailedUntilNs: bigint;
  tombstoned: boolean;
}

/** The chain beside its model. */
class Scene {
  chain: SlashingBench;
  readonly signers: Signer[] = [];
  #window = 5n;
  #minSignedE18 = E18 / 2n;
  #keys = VALIDATORS;

  constructor() {
    this.chain = createSlashingBench({ window: this.#window, minSignedE18: this.#minSignedE18, jailSeconds: JAIL_SECONDS });
    for (let i = 0; i < VALIDATORS; i++)
      this.signers.push({
        validator: this.chain.staking.bond(this.chain.bench.ctx),
        votes: true,
        removed: false,
        startHeight: 0n,
        offset: 0n,
        missed: new Set(),
        jailedUntilNs: 0n,
        tombstoned: false,
      });
  }

  block(absent: readonly number[], accused?: Signer): void {
    const votes = this.signers.flatMap((signer, i) => (signer.votes ? [[signer, absent.includes(i) ? ABSENT : COMMIT] as const] : []));
    const seen = accused === undefined ? [] : [this.#doubleVote(accused)];
    const jailedBefore = this.signers.map(({ validator }) => validator.jailed);
    const events = this.chain.block(
      votes.map(([{ validator }, flag]) => [validator, flag]),
      seen,
    );
    const lines = votes.flatMap(([signer, flag]) =>
      this.#count(signer, flag === ABSENT, jailedBefore[this.signers.indexOf(signer)] === true),
    );
    assert.deepEqual(
      eventLines(events).filter((line) => !line.includes("double_sign") && !line.startsWith("slash(jailed=")),
      lines,
    );
    if (accused !== undefined && !accused.removed && !accused.tombstoned) {
      accused.tombstoned = true;
      accused.jailedUntilNs = FOREVER_NS;
    }
  }

  /** Of the block that begins. */
  #doubleVote({ validator: { consAddress } }: Signer): Misbehaviour {
    const { height, timeNs } = this.chain.bench.ctx;
    return { type: 1, address: consAddress, power: 1_000n, height: height + 1n, timeNs, totalPower: 4_000n };
  }

  /** @returns what is told of a vote */
  #count(signer: Signer, isMissed: boolean, wasJailed: boolean): string[] {
    if (signer.removed || wasJailed) return [];
    const { height, timeNs } = this.chain.bench.ctx;
    const place = signer.offset % this.#window;
    if (isMissed) signer.missed.add(place);
    else signer.missed.delete(place);
    signer.offset++;
    const address = addressOf(signer);
    const lines = isMissed ? [`liveness(address=${address}, missed_blocks=${signer.missed.size}, height=${height})`] : [];
    if (height <= signer.startHeight + this.#window || BigInt(signer.missed.size) <= this.#mayMiss()) return lines;
    signer.missed.clear();
    signer.offset = 0n;
    signer.jailedUntilNs = timeNs + JAIL_SECONDS * SECOND_NS;
    return [...lines, `slash(address=${address}, power=1000, reason=missing_signature, jailed=${address}, burned_coins=10)`];
  }

  /** Halves are rounded to even. */
  #mayMiss(): bigint {
    const product = this.#window * this.#minSignedE18;
    const [whole, rest] = [product / E18, product % E18];
    const up = rest * 2n > E18 || (rest * 2n === E18 && whole % 2n === 1n);
    return this.#window - whole - (up ? 1n : 0n);
  }

  setParams({ window, minSignedE18 }: { readonly window: bigint; readonly minSignedE18: bigint }): void {
    [this.#window, this.#minSignedE18] = [window, minSignedE18];
    const changed = slashingParams({ window, minSignedE18, jailSeconds: JAIL_SECONDS });
    this.chain.bench.send("/cosmos.slashing.v1beta1.MsgUpdateParams", { authority, params: changed });
  }

  free(signer: Signer): void {
    const { validator } = signer;
    if (!validator.jailed || signer.tombstoned || signer.removed) return;
    validator.jailed = false;
    this.chain.staking.rebond(this.chain.bench.ctx, validator);
    signer.startHeight = this.chain.bench.ctx.height;
  }

  remove(signer: Signer): void {
    if (signer.removed) return;
    signer.removed = true;
    this.chain.staking.remove(this.chain.bench.ctx, signer.validator);
  }

  newKey(signer: Signer): void {
    if (signer.removed) return;
    this.chain.staking.changeKey(this.chain.bench.ctx, signer.validator, consensusAddress(++this.#keys));
  }

  /** Another chain goes on with the exported records, from the next height on. */
  export(): void {
    const { ctx } = this.chain.bench;
    const exported = this.chain.bench.exportGenesis("slashing") as object;
    const next = createSlashingBench();
    next.bench = next.bench.at(ctx.height, ctx.timeNs);
    next.bench.init("slashing", exported);
    for (const [i, signer] of this.signers.entries()) {
      if (signer.removed) continue;
      const validator = next.staking.bond(next.bench.ctx, { ...signer.validator, status: 1 });
      validator.status = 3;
      this.signers[i] = { ...signer, validator };
    }
    this.chain = next;
  }

  check(): void {
    const { bench } = this.chain;
    const { signingInfos, missedBlocks } = bench.exportGenesis("slashing") as GenesisState;
    const seen = signingInfos.map(({ address, validatorSigningInfo: info }) => {
      const missed = missedBlocks.find((entry) => entry.address === address)?.missedBlocks.map(({ index }) => index) ?? [];
      assert.equal(info?.missedBlocksCounter, BigInt(missed.length));
      return [address, info?.startHeight, info?.indexOffset, missed, timestampNs(info?.jailedUntil), info?.tombstoned];
    });
    const expected = this.signers.map((signer) => [
      addressOf(signer),
      signer.startHeight,
      signer.offset,
      [...signer.missed].sort((a, b) => (a < b ? -1 : 1)),
      signer.jailedUntilNs,
      signer.tombstoned,
    ]);
    assert.deepEqual(byAddress(seen), byAddress(expected));
    const { info } = bench.query("/cosmos.slashing.v1beta1.Query/SigningInfos", {}) as { readonly info: readonly object[] };
    assert.deepEqual(
      info,
      signingInfos.map(({ validatorSigningInfo }) => validatorSigningInfo),
    );
    for (const { address, validatorSigningInfo } of signingInfos)
      assert.deepEqual(bench.query("/cosmos.slashing.v1beta1.Query/SigningInfo", { consAddress: address }), {
        valSigningInfo: validatorSigningInfo,
      });
    assert.deepEqual(bench.broken(), []);
  }
}

const addressOf = ({ validator }: Signer): string => codec.consensus.format(validator.consAddress);
const byAddress = (rows: readonly (readonly unknown[])[]) => [...rows].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));

function act(scene: Scene, move: Step): void {
  switch (move.kind) {
    case "blocks":
      for (let i = 0; i < move.count; i++) {
        scene.block(move.absent);
        scene.check();
      }
      return;
    case "params":
      scene.setParams(move.params);
      return;
    case "export":
      scene.export();
      return;
    default:
      actOn(scene, move.kind, scene.signers[move.who] ?? assert.fail());
  }
}

function actOn(scene: Scene, kind: Extract<Step, { readonly who: number }>["kind"], signer: Signer): void {
  if (kind === "leave") signer.votes = false;
  else if (kind === "enter") signer.votes = true;
  else if (kind === "relieve") relieve(scene, signer);
  else if (kind === "jail") signer.validator.jailed = true;
  else if (kind === "free") scene.free(signer);
  else if (kind === "accuse") scene.block([], signer);
  else if (kind === "remove") scene.remove(signer);
  else scene.newKey(signer);
}

/** Another one votes in its place. */
function relieve({ signers }: Scene, signer: Signer): void {
  const other = signers.find(({ votes }) => votes !== signer.votes);
  if (other === undefined) return;
  other.votes = signer.votes;
  signer.votes = !signer.votes;
}

it("records, events and exports are those of votes that are counted one by one", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40, size: "max" }), (steps) => {
      const scene = new Scene();
      for (const move of steps) {
        act(scene, move);
        scene.check();
      }
    }),
    { numRuns: 80 },
  );
});

it("a block in which everybody signs writes nothing", () => {
  const scene = new Scene();
  scene.block([1]);
  scene.block([]);
  const before = scene.chain.bench.store("slashing").dump();
  scene.block([]);
  scene.check();
  assert.deepEqual(scene.chain.bench.store("slashing").dump(), before);
  // The mark of the first block is taken over when the window has gone round.
  for (let i = 0; i < 3; i++) scene.block([]);
  scene.check();
  assert.notDeepEqual(scene.chain.bench.store("slashing").dump(), before);
});

// Whatever stake, jails and changes of key come together: CometBFT can follow, and every key that may sign finds its validator when its votes come.
import assert from "node:assert/strict";
import { it } from "node:test";
import { ModuleError, toHex } from "#sdk";
import { consAddressOf } from "../../../modules/staking/consKey.ts";
import { staking } from "../../../modules/staking/index.ts";
import { fc } from "../../harness/fastCheck.ts";
import {
  coin,
  createStakingBench,
  type EndedBlock,
  keyBytesOf,
  type StakingBench,
  UNBONDING_NS,
  UNIT,
} from "../../harness/stakingBench.ts";

const NAMES = ["ann", "ben", "cat", "dan"] as const;
const KEYS = [...NAMES, "one", "two", "three"] as const;
const name = fc.constantFrom(...NAMES);
const step = fc.oneof(
  fc.record({ kind: fc.constant("rotate" as const), name, key: fc.constantFrom(...KEYS) }),
  fc.record({ kind: fc.constant("delegate" as const), name, units: fc.bigInt(1n, 3n) }),
  fc.record({ kind: fc.constant("undelegate" as const), name, units: fc.bigInt(1n, 6n) }),
  fc.record({ kind: fc.constant("jail" as const), name }),
  fc.record({ kind: fc.constant("unjail" as const), name }),
  fc.record({ kind: fc.constant("create" as const), name: fc.constantFrom("eve", "fay"), key: fc.constantFrom(...KEYS) }),
  fc.record({ kind: fc.constant("end" as const), afterNs: fc.constantFrom(1n, UNBONDING_NS / 2n, UNBONDING_NS + 1n) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type Powers = Map<string, bigint>;

/** CometBFT's part: sets by height, and what it refuses. */
class Comet {
  readonly #sets: Powers[];
  constructor(genesis: Powers) {
    this.#sets = [genesis, genesis];
  }

  /** Takes a block's changes; they hold from the block after the next on. */
  finish({ updates }: EndedBlock): void {
    const next = new Map(this.#sets.at(-1));
    const seen = new Set<string>();
    for (const { publicKey, power } of updates) {
      const key = toHex(publicKey);
      assert.ok(!seen.has(key), `${key} twice in one block`);
      seen.add(key);
      if (power > 0n) next.set(key, power);
      else assert.ok(next.delete(key), `${key} leaves, and is not there`);
    }
    assert.ok(next.size > 0);
    this.#sets.push(next);
    this.#sets.shift();
  }

  /** Who votes for the block that stands, and whose votes come with the next one. */
  get voters(): Powers {
    return this.#sets[0] ?? new Map();
  }

  get next(): Powers {
    return this.#sets[1] ?? new Map();
  }
}

function apply(chain: StakingBench, op: Exclude<Step, { kind: "end" }>): void {
  switch (op.kind) {
    case "rotate":
      chain.rotate(op.name, op.key);
      return;
    case "delegate":
      chain.delegate(op.name, op.name, op.units * UNIT);
      return;
    case "undelegate":
      chain.undelegate(op.name, op.name, op.units * UNIT);
      return;
    case "create":
      chain.create(op.name, 2n * UNIT, { pubkey: { typeUrl: ED25519, value: Uint8Array.of(10, 32, ...keyBytesOf(op.key)) } });
      return;
    case "jail":
      chain.jail(op.name);
      return;
    case "unjail":
      chain.unjail(op.name);
  }
}
const ED25519 = "/cosmos.crypto.ed25519.PubKey";

it("CometBFT can follow every change, and each vote finds a validator, with its newest key in the end", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const validators = { fix: 9n * UNIT, ann: 4n * UNIT, ben: 3n * UNIT, cat: 2n * UNIT, dan: 2n * UNIT };
      const params = { maxValidators: 4, maxEntries: 7, keyRotationFee: coin(3n) };
      const chain = createStakingBench({ validators, accounts: ["eve", "fay"], params });
      const set = Object.entries(validators).slice(0, 4);
      const comet = new Comet(new Map(set.map(([who, amount]) => [toHex(keyBytesOf(who)), amount / UNIT])));
      const view = chain.bench.facet(staking, "view");
      const end = (afterNs?: bigint): void => {
        const { voters } = comet;
        comet.finish(chain.end(afterNs));
        for (const key of voters.keys()) {
          const cons = consAddressOf({ keyType: "ed25519", publicKey: Uint8Array.from(Buffer.from(key, "hex")) });
          assert.ok(view.findByConsAddress(chain.bench.ctx, cons) !== undefined, `votes of ${key} find nobody`);
        }
      };
      for (const op of steps) {
        try {
          if (op.kind === "end") end(op.afterNs);
          else apply(chain, op);
        } catch (cause) {
          if (!(cause instanceof ModuleError)) throw cause;
        }
        assert.deepEqual(chain.bench.broken(), []);
      }
      for (let block = 0; block < 4; block++) end();
      const members = [...view.bondedByPower(chain.bench.ctx)].map(({ consAddress, tokens }) => [toHex(consAddress), tokens / UNIT]);
      const told = [...comet.next].map(([key, power]) => {
        const publicKey = Uint8Array.from(Buffer.from(key, "hex"));
        return [toHex(consAddressOf({ keyType: "ed25519", publicKey })), power];
      });
      assert.deepEqual(new Map(told as never), new Map(members as never));
    }),
    { seed: 20_261_129, numRuns: 150 },
  );
});

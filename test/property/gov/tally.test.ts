import assert from "node:assert/strict";
import { test } from "node:test";
import { E18 } from "#sdk";
import {
  countVotes,
  judgeVotes,
  OPTION,
  type TallyRules,
  type TallyValidator,
  type TallyVote,
  tallyTexts,
} from "../../../modules/gov/tally.ts";
import { fc } from "../../harness/fastCheck.ts";

const seed = { seed: 20261129, numRuns: 400 };
const OPTIONS = Object.values(OPTION);

/** Some validators, and voters with stake on them; the first voters are the operators. Shares are worth their tokens or less, as after slashes. */
const scene = fc
  .record({
    sizes: fc.array(fc.record({ stakes: fc.array(fc.bigInt(1n, 10n ** 24n), { minLength: 1, maxLength: 4 }), kept: fc.bigInt(1n, 100n) }), {
      minLength: 1,
      maxLength: 4,
    }),
    choices: fc.array(
      fc.array(fc.record({ option: fc.constantFrom(...OPTIONS), part: fc.bigInt(1n, 1000n) }), { minLength: 1, maxLength: 4 }),
      { minLength: 16, maxLength: 16 },
    ),
    voting: fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
  })
  .map(({ sizes, choices, voting }) => {
    const validators: TallyValidator[] = sizes.map(({ stakes, kept }, i) => {
      const shares = stakes.reduce((sum, stake) => sum + stake, 0n);
      return { operator: `v${i}`, tokens: (shares * kept) / 100n, sharesE18: shares * E18 };
    });
    const owners = sizes.flatMap(({ stakes }, i) =>
      stakes.map((stake, j) => ({ operator: j === 0 ? `v${i}` : `d${i}${j}`, on: `v${i}`, sharesE18: stake * E18 })),
    );
    const votes: TallyVote[] = owners.flatMap(({ operator, on, sharesE18 }, i) =>
      voting[i % 16] === true ? [{ operator, options: weigh(choices[i % 16] ?? []), delegations: [{ operator: on, sharesE18 }] }] : [],
    );
    return { validators, votes };
  });

/** Options, each once, whose weights add up to 1. */
function weigh(parts: readonly { readonly option: number; readonly part: bigint }[]): TallyVote["options"] {
  const byOption = new Map(parts.map(({ option, part }) => [option, part]));
  const sum = [...byOption.values()].reduce((total, part) => total + part, 0n);
  let left = E18;
  return [...byOption].map(([option, part], i, all) => {
    const weightE18 = i === all.length - 1 ? left : (part * E18) / sum;
    left -= weightE18;
    return { option, weightE18 };
  });
}

const bonded = (validators: readonly TallyValidator[]): bigint => validators.reduce((sum, { tokens }) => sum + tokens, 0n);
/** Every product and quotient is off by half an atomic at most. */
const near = (a: bigint, b: bigint): boolean => (a > b ? a - b : b - a) <= 64n;

test("options share out all the power that votes, and never more than is bonded", () => {
  fc.assert(
    fc.property(scene, ({ validators, votes }) => {
      const power = countVotes(validators, votes);
      assert.ok(near(power.yes + power.abstain + power.no + power.veto, power.total));
      assert.ok(power.total <= bonded(validators) * E18 + 64n);
    }),
    seed,
  );
});

test("the order of the votes and of the validators counts for nothing", () => {
  fc.assert(
    fc.property(scene, ({ validators, votes }) => {
      assert.deepEqual(countVotes(validators.toReversed(), votes.toReversed()), countVotes(validators, votes));
    }),
    seed,
  );
});

test("where every operator votes, all that is bonded does, whoever else votes", () => {
  fc.assert(
    fc.property(scene, ({ validators, votes }) => {
      const own = validators.map(({ operator }) => ({ operator, options: [{ option: OPTION.yes, weightE18: E18 }], delegations: [] }));
      const others = votes.filter(({ operator }) => operator.startsWith("d"));
      assert.ok(near(countVotes(validators, [...own, ...others]).total, bonded(validators) * E18));
    }),
    seed,
  );
});

test("who votes like the validator changes nothing", () => {
  fc.assert(
    fc.property(scene, fc.constantFrom(...OPTIONS), ({ validators, votes }, option) => {
      const options = [{ option, weightE18: E18 }];
      const own = validators.map(({ operator }) => ({ operator, options, delegations: [] }));
      const same = [...own, ...votes.filter(({ operator }) => operator.startsWith("d")).map((vote) => ({ ...vote, options }))];
      const [alone, together] = [countVotes(validators, own), countVotes(validators, same)];
      for (const name of ["yes", "abstain", "no", "veto", "total"] as const) assert.ok(near(alone[name], together[name]), name);
    }),
    seed,
  );
});

const RULES: TallyRules = {
  totalBonded: 0n,
  quorum: E18 / 3n,
  threshold: E18 / 2n,
  vetoThreshold: E18 / 3n,
  burnVoteQuorum: true,
  burnVoteVeto: true,
};

test("more yes instead of anything else never turns a proposal that passes into one that does not", () => {
  fc.assert(
    fc.property(scene, ({ validators, votes }) => {
      const rules = { ...RULES, totalBonded: bonded(validators) };
      if (!judgeVotes(countVotes(validators, votes), rules).passes) return;
      for (const changed of votes.keys()) {
        const better = votes.map((vote, i) => (i === changed ? { ...vote, options: [{ option: OPTION.yes, weightE18: E18 }] } : vote));
        assert.ok(judgeVotes(countVotes(validators, better), rules).passes);
      }
    }),
    seed,
  );
});

test("verdicts at the edges: quorum, nobody with an opinion, vetoes and threshold", () => {
  const rules = { ...RULES, totalBonded: 300n };
  const judge = (yes: bigint, abstain: bigint, no: bigint, veto: bigint, change: Partial<TallyRules> = {}): readonly [boolean, boolean] => {
    const power = { yes: yes * E18, abstain: abstain * E18, no: no * E18, veto: veto * E18, total: (yes + abstain + no + veto) * E18 };
    const { passes, burns } = judgeVotes(power, { ...rules, ...change });
    return [passes, burns];
  };
  assert.deepEqual(judge(99n, 0n, 0n, 0n), [false, true], "below the quorum");
  assert.deepEqual(judge(99n, 0n, 0n, 0n, { burnVoteQuorum: false }), [false, false]);
  assert.deepEqual(judge(100n, 0n, 0n, 0n), [true, false], "at the quorum, a third rounded to 18 places");
  assert.deepEqual(judge(0n, 300n, 0n, 0n), [false, false], "only abstentions");
  assert.deepEqual(judge(200n, 0n, 0n, 100n), [true, false], "vetoes at the threshold");
  assert.deepEqual(judge(199n, 0n, 0n, 101n), [false, true], "vetoes above it");
  assert.deepEqual(judge(100n, 50n, 100n, 0n), [false, false], "half is not more than half");
  assert.deepEqual(judge(101n, 99n, 100n, 0n), [true, false]);
  assert.deepEqual(judge(1n, 0n, 0n, 0n, { totalBonded: 0n }), [false, false], "nothing is bonded");
  assert.deepEqual(tallyTexts({ total: 9n, yes: 2n * E18 - 1n, abstain: 0n, no: E18, veto: 1n }), {
    yesCount: "1",
    abstainCount: "0",
    noCount: "1",
    noWithVetoCount: "0",
  });
});

import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { createAddressCodec } from "#sdk";
import { CHAIN } from "../../../app/hanzo.ts";
import { type Gov, getProposal } from "../../../modules/gov/gov.ts";
import { MsgUpdateParams as BankUpdate, MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { MsgUpdateParams as UpdateConsensusParams } from "../../../proto/gen/cosmos/consensus/v1/tx.ts";
import {
  MsgCancelProposal,
  MsgDeposit,
  MsgExecLegacyContent,
  MsgSubmitProposal,
  MsgVote,
  MsgVoteWeighted,
} from "../../../proto/gen/cosmos/gov/v1/tx.ts";
import { TextProposal } from "../../../proto/gen/cosmos/gov/v1beta1/gov.ts";
import { MsgSubmitProposal as OldSubmit } from "../../../proto/gen/cosmos/gov/v1beta1/tx.ts";
import { SoftwareUpgradeProposal } from "../../../proto/gen/cosmos/upgrade/v1beta1/upgrade.ts";
import { moduleAccount, type TestAccount } from "../../harness/accounts.ts";
import { attribute, createGovChain, GOV, type GovChain, pack, stake, submission } from "../../harness/govChain.ts";
import { message, type TestMessage } from "../../harness/signTx.ts";

let chain: GovChain;
let validator: TestAccount;
let delegator: TestAccount;
let other: TestAccount;
beforeEach(async () => {
  chain = await createGovChain();
  const [first, second, third] = chain.accounts;
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  [validator, delegator, other] = [first, second, third];
});
const unhurt = (): void => assert.deepEqual(chain.app.brokenInvariants(), []);
const submit = (change: Partial<MsgSubmitProposal> = {}): TestMessage => message(MsgSubmitProposal, { ...submission(other), ...change });
const switchOff = message(BankUpdate, { authority: GOV, params: { sendEnabled: [], defaultSendEnabled: false } });

describe("a proposal", () => {
  it("collects deposits, is voted on, executes its messages and gives the deposits back", async () => {
    const before = await chain.balance(delegator.address);
    const id = await chain.propose([switchOff]);
    assert.equal(await chain.balance(GOV), 100n * 10n ** 18n);
    unhurt();
    const { events } = await chain.pass(5);
    assert.equal(attribute({ events }, "active_proposal", "proposal_result"), "proposal_passed");
    assert.equal((await chain.proposal(id))?.status, 3);
    assert.deepEqual((await chain.proposal(id))?.finalTallyResult, {
      yesCount: String(100n * 10n ** 18n),
      abstainCount: "0",
      noCount: "0",
      noWithVetoCount: "0",
    });
    assert.equal(await chain.balance(GOV), 0n);
    assert.ok(before - (await chain.balance(delegator.address)) < 10n ** 18n, "all but fees came back");
    const sent = await chain.run(
      other,
      message(MsgSend, { fromAddress: other.address, toAddress: validator.address, amount: [stake(1n)] }),
    );
    assert.deepEqual([sent.codespace, sent.code], ["bank", 5]);
    unhurt();
  });
  it("is dropped when its deposit does not come together, and the deposit given back", async () => {
    const result = await chain.run(other, submit({ initialDeposit: [stake(25n)] }));
    assert.equal(attribute(result, "submit_proposal", "voting_period_start"), "");
    const { events } = await chain.pass(3);
    assert.equal(attribute({ events }, "inactive_proposal", "proposal_result"), "proposal_dropped");
    assert.equal(await chain.proposal(1n), undefined);
    assert.equal(await chain.balance(GOV), 0n);
    unhurt();
  });
  it("begins its vote with the deposit that is enough", async () => {
    await chain.run(other, submit({ initialDeposit: [stake(25n)] }));
    const result = await chain.run(delegator, message(MsgDeposit, { proposalId: 1n, depositor: delegator.address, amount: [stake(75n)] }));
    assert.equal(attribute(result, "proposal_deposit", "voting_period_start"), "1");
    assert.equal((await chain.proposal(1n))?.status, 2);
    unhurt();
  });
  it("that is vetoed loses its deposit", async () => {
    await chain.run(other, submit());
    await chain.run(validator, message(MsgVote, { proposalId: 1n, voter: validator.address, option: 4 }));
    const { events } = await chain.pass(5);
    assert.equal(attribute({ events }, "burn", "amount"), "100000000000000000000aai");
    assert.equal(attribute({ events }, "active_proposal", "proposal_result"), "proposal_rejected");
    assert.equal(await chain.balance(GOV), 0n);
    unhurt();
  });
  it("that is urgent and fails is voted on once more, without the votes so far", async () => {
    await chain.run(other, submit({ initialDeposit: [stake(500n)], expedited: true }));
    await chain.run(validator, message(MsgVote, { proposalId: 1n, voter: validator.address, option: 3 }));
    const { events } = await chain.pass(2);
    assert.equal(attribute({ events }, "active_proposal", "proposal_result"), "expedited_proposal_rejected");
    assert.equal((await chain.proposal(1n))?.expedited, false);
    assert.equal((await chain.proposal(1n))?.status, 2);
    assert.equal(await chain.balance(GOV), 500n * 10n ** 18n);
    unhurt();
    const last = await chain.pass(3);
    assert.equal(attribute(last, "active_proposal", "proposal_result"), "proposal_rejected");
    assert.equal(await chain.balance(GOV), 0n);
    unhurt();
  });

  // One was refused when it was proposed; a chain of the SDK takes it, and a recording of one had other numbers of proposals from there on.
  it("may hold a message that can only fail, which is looked into when it is executed", async () => {
    // Nothing but the stateless check refuses these: CometBFT would stop at them.
    const id = await chain.propose([message(UpdateConsensusParams, { authority: GOV })]);
    await chain.pass(5);
    const proposal = await chain.proposal(id);
    assert.deepEqual([proposal?.status, proposal?.failedReason], [5, "all parameters must be present"]);
    unhurt();
  });

  it("whose message fails has failed, with the reason, and nothing of it is done", async () => {
    const spend = message(MsgSend, { fromAddress: GOV, toAddress: other.address, amount: [stake(1n)] });
    const id = await chain.propose([switchOff, spend]);
    const { events } = await chain.pass(5);
    // The second message sees what the first one did.
    const reason = "aai transfers are currently disabled: send transactions are disabled";
    assert.equal(attribute({ events }, "active_proposal", "proposal_result"), "proposal_failed");
    assert.equal(
      attribute({ events }, "active_proposal", "proposal_log"),
      `passed, but msg 1 (/cosmos.bank.v1beta1.MsgSend) failed on execution: ${reason}`,
    );
    const proposal = await chain.proposal(id);
    assert.deepEqual([proposal?.status, proposal?.failedReason], [5, reason]);
    const sent = await chain.run(
      other,
      message(MsgSend, { fromAddress: other.address, toAddress: validator.address, amount: [stake(1n)] }),
    );
    assert.equal(sent.code, 0, "sending was not switched off");
    unhurt();
  });
  it("cannot spend what depositors of other proposals have given", async () => {
    const spend = message(MsgSend, { fromAddress: GOV, toAddress: other.address, amount: [stake(50n)] });
    await chain.propose([spend]);
    await chain.pass(3);
    await chain.run(other, submit());
    const { events } = await chain.pass(1);
    assert.match(
      attribute({ events }, "active_proposal", "proposal_log"),
      /held for the depositors of open proposals.*invalid proposal message$/,
    );
    assert.equal(await chain.balance(GOV), 100n * 10n ** 18n);
    unhurt();
  });
  it("cannot make governance deposit its depositors' coins a second time", async () => {
    const again = message(MsgSubmitProposal, { ...submission(other), proposer: GOV });
    await chain.run(other, submit());
    await chain.propose([again]);
    const { events } = await chain.pass(5);
    assert.match(
      events.map(({ attributes }) => attributes.find(({ key }) => key === "proposal_log")?.value ?? "").join(),
      /cannot make one: unauthorized/,
    );
    unhurt();
  });
  it("can be taken back by its proposer, who loses half of the deposits", async () => {
    await chain.run(other, submit());
    const taken = await chain.run(delegator, message(MsgCancelProposal, { proposalId: 1n, proposer: delegator.address }));
    assert.deepEqual([taken.codespace, taken.code], ["gov", 18]);
    const cancelled = await chain.run(other, message(MsgCancelProposal, { proposalId: 1n, proposer: other.address }));
    assert.equal(attribute(cancelled, "burn", "amount"), "50000000000000000000aai");
    assert.deepEqual(
      cancelled.events.at(-1)?.attributes.map(({ key }) => key),
      ["sender", "proposal_id", "msg_index"],
    );
    assert.equal(await chain.proposal(1n), undefined);
    unhurt();
  });
});

it("what cancelling costs may go to the community or to somebody", async () => {
  for (const [dest, type] of [
    [moduleAccount("distribution", CHAIN.bech32Prefix), "pool"],
    [validator.address, "account"],
  ] as const) {
    const paying = await createGovChain({ gov: { proposal_cancel_dest: dest } });
    await paying.run(other, submit());
    const before = await paying.balance(dest);
    const result = await paying.run(other, message(MsgCancelProposal, { proposalId: 1n, proposer: other.address }));
    assert.equal(result.code, 0, result.log);
    assert.ok((await paying.balance(dest)) - before >= 50n * 10n ** 18n, type);
    assert.equal(attribute(result, "burn", "amount"), "");
    assert.deepEqual(paying.app.brokenInvariants(), []);
  }
});

describe("a proposal is refused", () => {
  const ELSEWHERE = createAddressCodec("elsewhere").format(new Uint8Array(20).fill(7));
  const text = (title: string): TestMessage["value"] => TextProposal.fromPartial({ title, description: "d" });
  const legacy = (codec: { $type: string; encode(m: never): { finish(): Uint8Array } }, value: object): TestMessage =>
    message(MsgExecLegacyContent, { content: pack({ codec, value }), authority: GOV });
  const cases: readonly (readonly [
    label: string,
    change: () => Partial<MsgSubmitProposal>,
    codespace: string,
    code: number,
    log: RegExp,
  ])[] = [
    ["without a title", () => ({ title: "" }), "sdk", 18, /title cannot be empty/],
    ["without a summary", () => ({ summary: "" }), "sdk", 18, /summary cannot be empty/],
    ["without messages and metadata", () => ({ metadata: "" }), "gov", 11, /^.*non-nil: no messages proposed$/],
    ["with metadata of another title", () => ({ metadata: '{"title":"x","summary":"s"}' }), "gov", 5, /'x' must equal proposal title 't'/],
    ["with metadata of another summary", () => ({ metadata: '{"title":"t"}' }), "gov", 5, /metadata summary '' must equal/],
    ["with long metadata", () => ({ metadata: "é".repeat(128) }), "gov", 15, /length 256/],
    ["with a long title", () => ({ title: "t".repeat(256) }), "gov", 15, /length 256/],
    ["with a long summary", () => ({ summary: "s".repeat(10_201) }), "gov", 22, /length 10201/],
    [
      "with too small a deposit",
      () => ({ initialDeposit: [stake(24n)] }),
      "gov",
      16,
      /was \(24000000000000000000aai\), need \(25000000000000000000aai\)/,
    ],
    [
      "with another denomination",
      () => ({ initialDeposit: [stake(100n), { denom: "btc", amount: "1" }] }),
      "gov",
      23,
      /only the following denom\(s\): \[aai\]/,
    ],
    [
      "with a message of somebody else",
      () => ({ messages: [pack(message(MsgSend, { fromAddress: other.address, toAddress: other.address, amount: [stake(1n)] }))] }),
      "gov",
      13,
      /hanzo1/,
    ],
    [
      "with a message of somebody of another chain",
      () => ({ messages: [pack(message(MsgSend, { fromAddress: ELSEWHERE, toAddress: other.address, amount: [stake(1n)] }))] }),
      "sdk",
      35,
      /hrp does not match bech32 prefix: expected 'hanzo' got 'elsewhere': internal logic error$/,
    ],
    [
      "with a content in the name of somebody of another chain",
      () => ({ messages: [pack(message(MsgExecLegacyContent, { content: undefined, authority: ELSEWHERE }))] }),
      "gov",
      12,
      /invalid Bech32 prefix; expected hanzo, got elsewhere: invalid proposal message$/,
    ],
    [
      "with a content in nobody's name",
      () => ({ messages: [pack(message(MsgExecLegacyContent, { content: undefined, authority: "" }))] }),
      "gov",
      12,
      /empty address string is not allowed: invalid proposal message$/,
    ],
    [
      "with a content that became a message",
      () => ({ messages: [pack(legacy(SoftwareUpgradeProposal, SoftwareUpgradeProposal.fromPartial({ title: "t", description: "d" })))] }),
      "gov",
      9,
      /upgrade: no handler/,
    ],
    [
      "with too long a description of the old kind",
      () => ({ messages: [pack(legacy(TextProposal, text("t")))], title: "" }),
      "sdk",
      18,
      /title/,
    ],
  ];
  for (const [label, change, codespace, code, log] of cases)
    it(label, async () => {
      const result = await chain.run(other, submit(change()));
      assert.deepEqual([result.codespace, result.code], [codespace, code], result.log);
      assert.match(result.log, log);
    });
  it("of the old kind, with the content's own faults", async () => {
    const old = (content: TestMessage | undefined): TestMessage =>
      message(OldSubmit, {
        content: content === undefined ? undefined : pack(content),
        initialDeposit: [stake(100n)],
        proposer: other.address,
      });
    const codes = [];
    for (const content of [
      undefined,
      { codec: TextProposal, value: text(" ") },
      { codec: TextProposal, value: text("t".repeat(141)) },
      { codec: TextProposal, value: text("ok") },
    ])
      codes.push((await chain.run(other, old(content as TestMessage | undefined))).code);
    assert.deepEqual(codes, [5, 5, 5, 0]);
    assert.equal((await chain.proposal(1n))?.title, "ok");
  });
});

describe("a vote", () => {
  beforeEach(() => chain.run(other, submit()));
  const cast = async (options: readonly (readonly [number, string])[]): Promise<readonly [string, number, string]> => {
    const sent = message(MsgVoteWeighted, {
      proposalId: 1n,
      voter: delegator.address,
      options: options.map(([option, weight]) => ({ option: option as 1, weight })),
    });
    const { codespace, code, log } = await chain.run(delegator, sent);
    return [codespace, code, log];
  };
  it("may be split, and is changed by the next one", async () => {
    assert.equal(
      (
        await cast([
          [1, "0.7"],
          [3, "0.300000000000000000"],
        ])
      )[1],
      0,
    );
    assert.equal((await cast([[4, "1"]]))[1], 0);
    const { events } = await chain.pass(4);
    assert.equal(attribute({ events }, "active_proposal", "proposal_result"), "proposal_rejected");
    assert.equal((await chain.proposal(1n))?.finalTallyResult?.noWithVetoCount, String(40n * 10n ** 18n));
  });
  it("needs options that add up to one", async () => {
    assert.deepEqual((await cast([])).slice(0, 2), ["sdk", 18]);
    for (const [options, log] of [
      [[[1, "0.5"]], /lower than 1.00/],
      [
        [
          [1, "0.5"],
          [1, "0.5"],
        ],
        /duplicated/,
      ],
      [
        [
          [1, "0.9"],
          [2, "0.2"],
        ],
        /overflow 1.00/,
      ],
      // As protobuf prints them in Go: nothing of what is unset, the last byte of a number that is no option, bytes in octal.
      [[[0, "1"]], /index: 0: weight:"1" : invalid/],
      [[[2, ""]], /index: 0: option:VOTE_OPTION_ABSTAIN : invalid/],
      [[[-1, "1"]], /index: 0: option:255 weight:"1" : invalid/],
      [[[77, 'é"\\\n']], /index: 0: option:77 weight:"\\303\\251\\"\\\\\\n" : invalid/],
      [[[1, "-1"]], /option:VOTE_OPTION_YES weight:"-1"/],
      [[[1, "1e0"]], /weight:"1e0"/],
    ] as const) {
      const [codespace, code, text] = await cast(options as never);
      assert.deepEqual([codespace, code], ["gov", 7], text);
      assert.match(text, log);
    }
  });
  it("counts only where there is something to vote on", async () => {
    const late = await chain.run(validator, message(MsgVote, { proposalId: 9n, voter: validator.address, option: 1 }));
    assert.deepEqual([late.codespace, late.code], ["gov", 3]);
    const none = await chain.run(validator, message(MsgVote, { proposalId: 1n, voter: validator.address, option: 0 }));
    assert.match(none.log, /VOTE_OPTION_UNSPECIFIED: invalid vote option$/);
    const odd = await chain.run(validator, message(MsgVote, { proposalId: 1n, voter: validator.address, option: -1 as 1 }));
    assert.match(odd.log, /index: 0: -1: invalid vote option$/);
  });
  it("of somebody without stake counts for nothing", async () => {
    await chain.run(other, message(MsgVote, { proposalId: 1n, voter: other.address, option: 1 }));
    await chain.pass(6);
    assert.equal((await chain.proposal(1n))?.finalTallyResult?.yesCount, "0");
    unhurt();
  });
});

it("a proposal that is not there is named with the Cosmos SDK's text", () => {
  const nothing = { proposals: { find: () => undefined } } as unknown as Gov["state"];
  assert.throws(() => getProposal({ state: nothing }, {} as never, 67n), {
    message: /^collections: not found: key '67' of type github\.com\/cosmos\/gogoproto\/cosmos\.gov\.v1\.Proposal$/,
  });
});

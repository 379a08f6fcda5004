import assert from "node:assert/strict";
import { test } from "node:test";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { buildRequest, type RequestInput } from "../../../cmd/hanzod/request/buildRequest.ts";
import { commandName, findShortName, moduleName } from "../../../cmd/hanzod/request/commandName.ts";
import { planMessage, planQuery, type RequestPlan } from "../../../cmd/hanzod/request/requestPlan.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";

const NONE: ReadonlySet<string> = new Set();
const SENDER = "hanzo15yk64u7zc9g9k2yr2wmzeva5qgwxps6ygyq3yy";

function message(typeName: string, reserved = NONE): RequestPlan {
  return planMessage(descriptors().getMessage(typeName), reserved);
}

function query(service: string, name: string, reserved = NONE): RequestPlan {
  const method = descriptors()
    .getService(service)
    .methods.find((candidate) => candidate.name === name);
  assert.ok(method !== undefined);
  return planQuery(method, descriptors().getMessage(method.input), reserved);
}

function shape(plan: RequestPlan): object {
  return {
    args: plan.args.map(({ name }) => name),
    flags: plan.flags.map(({ name }) => name),
    signer: plan.signer?.name,
    paged: plan.pagination !== undefined,
  };
}

function json(typeName: string, plan: RequestPlan, input: Partial<RequestInput>): unknown {
  const bytes = buildRequest(descriptors(), typeName, plan, { args: [], flags: new Map(), ...input });
  return toProtoJson(descriptors(), typeName, bytes);
}

test("names of methods, fields and packages become words of the command line", () => {
  assert.deepEqual(["QuoteBuyExactOut", "AccountAddressByID", "Bech32Prefix", "ABCIQuery", "pool_id", "GetTx"].map(commandName), [
    "quote-buy-exact-out",
    "account-address-by-id",
    "bech32-prefix",
    "abci-query",
    "pool-id",
    "get-tx",
  ]);
  assert.deepEqual(["cosmos.bank.v1beta1.Query", "hanzo.hmm.v1.Msg", "cosmos.base.tendermint.v1beta1.Service"].map(moduleName), [
    "bank",
    "hmm",
    "tendermint",
  ]);
  assert.deepEqual(["all-balances", "get-tx", "undelegate", "balance", "all-"].map(findShortName), [
    "balances",
    "tx",
    "unbond",
    undefined,
    undefined,
  ]);
});

test("a message asks for texts and coins in field order, takes its signer from the key, and leaves floors open", () => {
  assert.deepEqual(shape(message("cosmos.bank.v1beta1.MsgSend")), {
    args: ["to-address", "amount"],
    flags: [],
    signer: "from_address",
    paged: false,
  });
  assert.deepEqual(shape(message("hanzo.hmm.v1.MsgSwap")), {
    args: ["pool-id", "credit-in"],
    flags: ["min-out"],
    signer: "sender",
    paged: false,
  });
  assert.deepEqual(shape(message("cosmos.bank.v1beta1.MsgMultiSend")), {
    args: [],
    flags: ["inputs", "outputs"],
    signer: undefined,
    paged: false,
  });
});

test("a query asks for what its path binds and for texts; the rest and the page are flags", () => {
  assert.deepEqual(shape(query("cosmos.bank.v1beta1.Query", "AllBalances")), {
    args: ["address"],
    flags: ["resolve-denom"],
    signer: undefined,
    paged: true,
  });
  assert.deepEqual(shape(query("cosmos.bank.v1beta1.Query", "Balance")), {
    args: ["address", "denom"],
    flags: [],
    signer: undefined,
    paged: false,
  });
  assert.deepEqual(shape(query("cosmos.base.tendermint.v1beta1.Service", "GetBlockByHeight", new Set(["height"]))), {
    args: ["height"],
    flags: [],
    signer: undefined,
    paged: false,
  });
});

test("a field whose flag the command has already gets a name of its own", () => {
  const plan = query("cosmos.base.tendermint.v1beta1.Service", "ABCIQuery", new Set(["height"]));
  assert.deepEqual(shape(plan), { args: ["path"], flags: ["data", "field-height", "prove"], signer: undefined, paged: false });
});

test("every method of every service has a plan that covers each field exactly once", () => {
  for (const service of descriptors().serviceNames) {
    for (const method of descriptors().getService(service).methods) {
      const input = descriptors().getMessage(method.input);
      const plan = descriptors().getService(service).isMsgService ? planMessage(input, NONE) : planQuery(method, input, NONE);
      const covered = [...plan.args, ...plan.flags.filter((flag) => !plan.args.some(({ field }) => field === flag.field))].map(
        ({ field }) => field.name,
      );
      const filled = [plan.signer, plan.pagination].flatMap((field) => (field === undefined ? [] : [field.name]));
      assert.deepEqual([...covered, ...filled].sort(), input.fields.map(({ name }) => name).sort(), `${service}/${method.name}`);
      assert.equal(new Set([...plan.args, ...plan.flags].map(({ name }) => name)).size, covered.length, `${service}/${method.name}`);
    }
  }
});

test("texts become the request: coins sorted, the signer filled in, flags only when given", () => {
  const send = message("cosmos.bank.v1beta1.MsgSend");
  assert.deepEqual(json("cosmos.bank.v1beta1.MsgSend", send, { args: ["hanzo1to", "3credit,5aai"], signer: SENDER }), {
    from_address: SENDER,
    to_address: "hanzo1to",
    amount: [
      { denom: "aai", amount: "5" },
      { denom: "credit", amount: "3" },
    ],
  });
  const swap = message("hanzo.hmm.v1.MsgSwap");
  const minOut = new Map([["min-out", ["7"]]]);
  assert.deepEqual(json("hanzo.hmm.v1.MsgSwap", swap, { args: ["gpu", "100"], flags: minOut, signer: SENDER }), {
    sender: SENDER,
    pool_id: "gpu",
    credit_in: "100",
    min_out: "7",
  });
});

test("pages, truth values, names of enums, hexadecimal bytes, lists and JSON are read", () => {
  const balances = query("cosmos.bank.v1beta1.Query", "AllBalances");
  const page = { limit: "2", pageKey: "AQI=", countTotal: true, reverse: true };
  assert.deepEqual(
    json("cosmos.bank.v1beta1.QueryAllBalancesRequest", balances, { args: ["a"], flags: new Map([["resolve-denom", ["true"]]]), page }),
    {
      address: "a",
      pagination: { key: "AQI=", offset: "0", limit: "2", count_total: true, reverse: true },
      resolve_denom: true,
    },
  );
  const broadcast = query("cosmos.tx.v1beta1.Service", "BroadcastTx");
  const flags = new Map([
    ["tx-bytes", ["0x0102"]],
    ["mode", ["BROADCAST_MODE_SYNC"]],
  ]);
  assert.deepEqual(json("cosmos.tx.v1beta1.BroadcastTxRequest", broadcast, { flags }), { tx_bytes: "AQI=", mode: "BROADCAST_MODE_SYNC" });
  const sendEnabled = query("cosmos.bank.v1beta1.Query", "SendEnabled");
  assert.deepEqual(
    (
      json("cosmos.bank.v1beta1.QuerySendEnabledRequest", sendEnabled, { flags: new Map([["denoms", ["aai", "credit"]]]) }) as {
        denoms: unknown;
      }
    ).denoms,
    ["aai", "credit"],
  );
  const multi = message("cosmos.bank.v1beta1.MsgMultiSend");
  const inputs = JSON.stringify([
    { address: "a", coins: [] },
    { address: "b", coins: [] },
  ]);
  const built = json("cosmos.bank.v1beta1.MsgMultiSend", multi, { flags: new Map([["inputs", [inputs]]]) }) as {
    inputs: readonly object[];
  };
  assert.equal(built.inputs.length, 2);
});

test("texts that do not fit are refused with the field and what was expected", () => {
  const refused = (typeName: string, plan: RequestPlan, input: Partial<RequestInput>): CliError => {
    let thrown: unknown;
    try {
      json(typeName, plan, input);
    } catch (error) {
      thrown = error;
    }
    assert.ok(thrown instanceof CliError);
    return thrown;
  };
  const send = message("cosmos.bank.v1beta1.MsgSend");
  for (const amount of ["aai", "5", "-5aai", "05aai", "1.5aai", "5aai,6aai", "0aai", "5__proto__", "5aai,"]) {
    assert.match(refused("cosmos.bank.v1beta1.MsgSend", send, { args: ["a", amount] }).message, /is no amount/, amount);
  }
  const swap = message("hanzo.hmm.v1.MsgSwap");
  assert.match(refused("hanzo.hmm.v1.MsgSwap", swap, { args: ["gpu", "ten"] }).why, /credit_in: canonical decimal integer expected/);
  const block = query("cosmos.base.tendermint.v1beta1.Service", "GetBlockByHeight");
  assert.match(
    refused("cosmos.base.tendermint.v1beta1.GetBlockByHeightRequest", block, { args: ["9223372036854775808"] }).why,
    /height: number of int64 expected/,
  );
  const multi = message("cosmos.bank.v1beta1.MsgMultiSend");
  assert.match(
    refused("cosmos.bank.v1beta1.MsgMultiSend", multi, { flags: new Map([["inputs", ['[{"addres":"a"}]']]]) }).why,
    /inputs\[0\]\.addres/,
  );
  const broadcast = query("cosmos.tx.v1beta1.Service", "BroadcastTx");
  assert.match(
    refused("cosmos.tx.v1beta1.BroadcastTxRequest", broadcast, { flags: new Map([["tx-bytes", ["0x123"]]]) }).why,
    /pairs of hexadecimal digits/,
  );
});

test("a validator's message is sent under the operator's address of the sender", () => {
  const plan = message("cosmos.staking.v1beta1.MsgEditValidator");
  const sent = json("cosmos.staking.v1beta1.MsgEditValidator", plan, { args: plan.args.map(() => "0.1"), signer: SENDER }) as {
    readonly validator_address: string;
  };
  assert.match(sent.validator_address, /^hanzovaloper15yk64u7zc9g9k2yr2wmzeva5qgwxps6y/);
});

test("a vote is two words, an enum's value may be written short, and what only narrows a query may be left out", () => {
  const vote = message("cosmos.gov.v1.MsgVote");
  assert.deepEqual(shape(vote), { args: ["proposal-id", "option"], flags: ["metadata"], signer: "voter", paged: false });
  for (const [text, option] of [
    ["yes", "VOTE_OPTION_YES"],
    ["no-with-veto", "VOTE_OPTION_NO_WITH_VETO"],
    ["VOTE_OPTION_NO", "VOTE_OPTION_NO"],
  ] as const)
    assert.deepEqual(json("cosmos.gov.v1.MsgVote", vote, { args: ["1", text], signer: SENDER }), {
      proposal_id: "1",
      voter: SENDER,
      option,
      metadata: "",
    });
  assert.throws(() => json("cosmos.gov.v1.MsgVote", vote, { args: ["1", "maybe"], signer: SENDER }), CliError);
  const validators = query("cosmos.staking.v1beta1.Query", "Validators");
  const typeName = "cosmos.staking.v1beta1.QueryValidatorsRequest";
  assert.deepEqual(json(typeName, validators, {}), json(typeName, validators, { args: [""] }));
  const bonded = json(typeName, validators, { args: ["BOND_STATUS_BONDED"] });
  assert.deepEqual(json(typeName, validators, { flags: new Map([["status", ["BOND_STATUS_BONDED"]]]) }), bonded);
});

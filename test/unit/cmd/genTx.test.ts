// Genesis transactions on the way into a genesis file: made, read, judged beside others.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createChainGenesis } from "../../../cmd/hanzod/genesis/chainGenesis.ts";
import { findGenesisProblems } from "../../../cmd/hanzod/genesis/findGenesisProblems.ts";
import { type Founder, founderTx, localOperator } from "../../../cmd/hanzod/genesis/founder.ts";
import { findPeerId, peerMemo } from "../../../cmd/hanzod/genesis/genTx.ts";
import { type GenTxDocument, genTxProblems } from "../../../cmd/hanzod/genesis/genTxProblems.ts";
import { readGenTx } from "../../../cmd/hanzod/genesis/readGenTx.ts";

const CHAIN_ID = "hanzo-1";
const ID = "5b332be512ecf260cc08b2902840eb29a5a11d04";

async function founder(index: number, change: Partial<Founder> = {}): Promise<Founder> {
  const operator = await localOperator(index);
  return {
    moniker: `node${index}`,
    publicKey: new Uint8Array(32).fill(index + 1),
    operator,
    memo: peerMemo(ID, "127.0.0.1", 26_656),
    ...change,
  };
}

/** The parts of a transaction that the cases change. */
interface TxJson {
  body: {
    messages: {
      pubkey: { key: string };
      value: { amount: string; denom: string };
      min_self_delegation: string;
      commission: { rate: string };
    }[];
    memo: string;
  };
  auth_info: { signer_infos: { sequence: string }[] };
  signatures: string[];
}

const STAKING_PARAMS = {
  unbonding_time: "1814400s",
  max_validators: 100,
  max_entries: 7,
  historical_entries: 10_000,
  min_commission_rate: "0.000000000000000000",
};

interface Document extends GenTxDocument {
  chain_id: string;
  validators: object[];
  readonly app_state: {
    genutil: { gen_txs: TxJson[] };
    readonly auth: { accounts: unknown[] };
    readonly bank: {
      readonly balances: { readonly address: string; coins: { amount: string }[] }[];
      supply: { denom: string; amount: string }[];
    };
    staking?: object;
  };
}

async function document(founders: readonly Founder[]): Promise<Document> {
  const genesis = createChainGenesis({ chainId: CHAIN_ID, genesisTime: "2026-01-01T00:00:00Z", founders, accounts: [] });
  return JSON.parse(JSON.stringify(genesis)) as Document;
}

const problemsOf = async (given: Document): Promise<readonly string[]> =>
  (await findGenesisProblems(JSON.stringify(given, null, 2))).map(({ path, reason }) => `${path}: ${reason}`);

describe("a genesis with validators of genesis transactions", () => {
  it("has no mistake", async () => {
    const good = await document([await founder(0), await founder(1)]);
    assert.deepEqual(genTxProblems(good), []);
    assert.deepEqual(await problemsOf(good), []);
  });

  type Case = readonly [what: string, change: (document: Document) => void, problem: RegExp];
  const tx = (given: Document, index = 1): TxJson => given.app_state.genutil.gen_txs[index] ?? assert.fail();
  const message = (given: Document) => tx(given).body.messages[0] ?? assert.fail();
  const cases: readonly Case[] = [
    [
      "a changed stake",
      (d) => Object.assign(message(d).value, { amount: "1000000000000000001" }),
      /^app_state\.genutil\.gen_txs\[1\]\.signatures\[0\]: a signature for chain hanzo-1/,
    ],
    [
      "another chain's name",
      (d) => Object.assign(d, { chain_id: "hanzo-2" }),
      /gen_txs\[0\]\.signatures\[0\]: a signature for chain hanzo-2/,
    ],
    ["a signature less", (d) => Object.assign(tx(d), { signatures: [] }), /gen_txs\[1\]\.signatures/],
    ["another signature", (d) => Object.assign(tx(d), { signatures: tx(d, 0).signatures }), /gen_txs\[1\]\.signatures\[0\]/],
    ["another sequence", (d) => Object.assign(tx(d).auth_info.signer_infos[0] ?? {}, { sequence: "1" }), /gen_txs\[1\]/],
    [
      "a stake above the balance",
      (d) => {
        Object.assign(d.app_state.bank.balances[1]?.coins[0] ?? {}, { amount: "5" });
        d.app_state.bank.supply = [];
      },
      /gen_txs\[1\]\.body\.messages\[0\]\.value: at most the 5aai that hanzo1\w+ owns/,
    ],
    [
      "an operator without account",
      (d) => void d.app_state.auth.accounts.pop(),
      /validator_address: an account hanzo1\w+ in app_state\.auth\.accounts expected/,
    ],
    [
      "an operator twice",
      (d) => void d.app_state.genutil.gen_txs.push(tx(d)),
      /gen_txs\[2\]\.body\.messages\[0\]\.validator_address: each operator once/,
    ],
    [
      "a rate above the largest",
      (d) => Object.assign(message(d).commission, { rate: "0.500000000000000000" }),
      /gen_txs\[1\]\.body\.messages\[0\]: .*commission/,
    ],
    [
      "a stake below the least of its own",
      (d) => Object.assign(message(d), { min_self_delegation: "99000000000000000000" }),
      /gen_txs\[1\]\.body\.messages\[0\]: .*self delegation/,
    ],
    ["text that is no transaction", (d) => Object.assign(tx(d), { bodies: 1 }), /gen_txs\[1\]\.bodies/],
    ["two messages", (d) => void tx(d).body.messages.push(message(d)), /gen_txs\[1\]\.body\.messages: one .*MsgCreateValidator expected/],
    [
      "another validator of CometBFT",
      (d) =>
        void d.validators.push({
          pub_key: { type: "tendermint/PubKeyEd25519", value: Buffer.alloc(32, 9).toString("base64") },
          power: "10",
        }),
      /^validators: an empty list or the validators of app_state/,
    ],
    [
      "another denomination to stake",
      (d) => Object.assign(d.app_state, { staking: { params: { ...STAKING_PARAMS, bond_denom: "credit" } } }),
      /invalid coin denomination/,
    ],
  ];
  for (const [what, change, problem] of cases)
    it(`and with ${what} is refused`, async () => {
      const broken = await document([await founder(0), await founder(1)]);
      change(broken);
      const [first = ""] = await problemsOf(broken);
      assert.match(first, problem);
    });

  it("and with two validators of one consensus key is refused: each would be slashed for what the other signs", async () => {
    const broken = await document([await founder(0), await founder(1, { publicKey: new Uint8Array(32).fill(1) })]);
    assert.match(
      (await problemsOf(broken))[0] ?? "",
      /gen_txs\[1\]\.body\.messages\[0\]\.pubkey: a consensus key of its own expected, got that of node0/,
    );
  });

  it("and with two validators of one name begins, with a doubt", async () => {
    const doubtful = await document([await founder(0), await founder(1, { moniker: "node0" })]);
    assert.deepEqual(await problemsOf(doubtful), []);
    assert.deepEqual(
      genTxProblems(doubtful).map(({ doubtful }) => doubtful),
      [true],
    );
  });

  it("tells every transaction's mistake, with its line", async () => {
    const broken = await document([await founder(0), await founder(1)]);
    for (const { body } of broken.app_state.genutil.gen_txs) body.memo = "changed";
    const found = await findGenesisProblems(JSON.stringify(broken, null, 2));
    assert.deepEqual(
      found.map(({ path }) => path),
      ["app_state.genutil.gen_txs[0].signatures[0]", "app_state.genutil.gen_txs[1].signatures[0]"],
    );
    assert.ok((found[0]?.line ?? 0) > 1 && (found[1]?.line ?? 0) > (found[0]?.line ?? 0));
  });

  it("that has none yet is a draft and nothing else", async () => {
    const text = JSON.stringify(await document([]));
    assert.match((await findGenesisProblems(text))[0]?.reason ?? "", /at least one validator expected/);
    assert.deepEqual(await findGenesisProblems(text, { draft: true }), []);
  });
});

describe("the memo of a genesis transaction", () => {
  const peers = [peerMemo(ID, "127.0.0.1", 26_656), peerMemo(ID, "node-1.example.org", 1), peerMemo(ID, "2001:db8::1", 65_535)];
  for (const memo of peers) it(`${memo} is a peer`, () => assert.equal(findPeerId(memo), ID));

  const hostile = [
    "",
    `${ID}@host:26656"\nproxy_app = "tcp://evil:1`,
    `${ID}@a:1,${ID}@b:2`,
    `${ID}@a:65536`,
    `${ID}@a:01`,
    `${ID.toUpperCase()}@a:1`,
    `${ID.slice(1)}@a:1`,
    `${ID}@:1`,
    `${ID}@a b:1`,
    `${ID}@${"a".repeat(254)}:1`,
    `tcp://${ID}@a:1`,
    `${ID}@a:1\n`,
  ];
  it("of a text that is no peer is none", () => {
    for (const memo of hostile) assert.equal(findPeerId(memo), undefined, JSON.stringify(memo));
  });
});

describe("a genesis transaction", () => {
  it("tells who operates the validator, and what it costs", async () => {
    const one = await founder(0);
    const { account, moniker, key, cost, memo } = readGenTx(founderTx(one, CHAIN_ID), CHAIN_ID);
    assert.deepEqual(
      { account, moniker, key, cost, memo },
      {
        account: one.operator.address,
        moniker: "node0",
        key: "01".repeat(32),
        cost: [{ denom: "aai", amount: String(10n ** 19n) }],
        memo: one.memo,
      },
    );
  });
});

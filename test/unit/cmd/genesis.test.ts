// Every mistake in a genesis file is told with its line and path, and accounts are added to one without making a mistake.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { addGenesisAccount } from "../../../cmd/hanzod/genesis/addAccount.ts";
import { createChainGenesis } from "../../../cmd/hanzod/genesis/chainGenesis.ts";
import { findGenesisProblems, type GenesisProblem } from "../../../cmd/hanzod/genesis/findGenesisProblems.ts";
import { localOperator } from "../../../cmd/hanzod/genesis/founder.ts";
import { type VestingOptions, vestingAccount } from "../../../cmd/hanzod/genesis/vestingAccount.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";
import { testAccounts } from "../../harness/accounts.ts";

interface Coin {
  readonly denom: string;
  readonly amount: string;
}

/** What the cases break of a document. */
interface Document {
  validators: object[];
  readonly consensus_params: { readonly block: object };
  readonly app_state: {
    readonly auth: { accounts: { readonly address: string }[] };
    readonly bank: {
      readonly balances: { readonly address: string; readonly coins: Coin[] }[];
      readonly supply: Coin[];
    };
    readonly hmm: { readonly params: object; readonly pools: object[]; readonly vault: object };
  };
}

const [ALICE = "", BOB = ""] = (await testAccounts(2, "hanzo")).map(({ address }) => address);
const KEY = new Uint8Array(32).fill(7);
const OPERATOR = await localOperator(0);

function good(): Document {
  return JSON.parse(
    JSON.stringify(
      createChainGenesis({
        chainId: "hanzo-1",
        genesisTime: "2026-01-01T00:00:00Z",
        founders: [{ moniker: "v", publicKey: KEY, operator: OPERATOR, memo: "" }],
        accounts: [{ address: ALICE, coins: [{ denom: "aai", amount: "1000" }] }],
      }),
    ),
  );
}

async function problemsOf(
  breakIt: (document: Document) => void,
): Promise<readonly (readonly [path: string, at: string, reason: string])[]> {
  const document = good();
  breakIt(document);
  const text = JSON.stringify(document, null, 2);
  const lines = text.split("\n");
  return (await findGenesisProblems(text)).map(({ path, line, reason }) => [path, (lines[line - 1] ?? "").trim(), reason]);
}

type Case = readonly [
  name: string,
  breakIt: (document: Document) => void,
  ...problems: (readonly [path: string, at: RegExp, reason: RegExp])[],
];

const CASES: readonly Case[] = [
  ["a key that CometBFT ignores", (d) => Object.assign(d, { frog: 1 }), ["frog", /^"frog"/, /unknown key frog/]],
  [
    "several mistakes of the document itself, all at once",
    (d) => Object.assign(d, { chain_id: "", genesis_time: "now", initial_height: 1 }),
    ["genesis_time", /^"genesis_time"/, /a time such as/],
    ["chain_id", /^"chain_id"/, /1 to 50 characters/],
    ["initial_height", /^"initial_height"/, /in quotes expected, got 1$/],
  ],
  ["a list that is none", (d) => Object.assign(d, { validators: {} }), ["validators", /^"validators"/, /a list expected, got \{\}/]],
  [
    "a validator without power, with a key twice and another's address",
    (d) => {
      const validator = { pub_key: { type: "tendermint/PubKeyEd25519", value: Buffer.from(KEY).toString("base64") }, power: "10" };
      d.validators = [
        { ...validator, power: "0" },
        { ...validator, address: "AB" },
        { ...validator, pub_key: { type: "x" } },
      ];
    },
    ["validators[0].power", /^"power": "0"/, /at least 1/],
    ["validators[1].pub_key", /^"pub_key"/, /once expected/],
    ["validators[1].address", /^"address": "AB"/, /of its key expected/],
    ["validators[2].pub_key", /^"pub_key"/, /ed25519 key of 32 bytes/],
  ],
  [
    "consensus parameters out of range",
    (d) => Object.assign(d.consensus_params.block, { max_bytes: "0" }),
    ["consensus_params", /^"consensus_params"/, /block\.max_bytes of -1/],
  ],
  [
    "mistakes in several modules, all at once",
    (d) => {
      Object.assign(d.app_state, { frog: {} });
      Object.assign(d.app_state.bank, { colour: "red" });
      Object.assign(d.app_state.auth.accounts[0] ?? {}, { address: "x" });
      Object.assign(d.app_state.hmm.params, { eta_e18: "1" });
    },
    ["app_state.frog", /^"frog"/, /no such module/],
    ["app_state.auth.accounts[0].address", /^"address": "x"/, /bech32/],
    ["app_state.bank.colour", /^"colour"/, /field of cosmos\.bank\.v1beta1\.GenesisState expected/],
    ["app_state.hmm.params.eta_e18", /^"eta_e18": "1"/, /expected 5/],
  ],
  [
    "an amount that is none",
    (d) => Object.assign(d.app_state.bank.balances[1]?.coins[0] ?? {}, { amount: "-5" }),
    ["app_state.bank.balances[1].coins", /^"coins"/, /not positive/],
  ],
  [
    "a supply that is not the sum of balances",
    (d) => Object.assign(d.app_state.bank.supply[0] ?? {}, { amount: "5" }),
    ["app_state.bank.supply", /^"supply"/, /sum of all balances/],
  ],
  [
    "an account that stands twice",
    (d) => d.app_state.auth.accounts.push({ ...d.app_state.auth.accounts[0], address: ALICE }),
    ["app_state.auth.accounts[2]", /^\{/, /duplicate account/],
  ],
  [
    "a pool, named by its identifier",
    (d) => Object.assign(d.app_state.hmm.pools[1] ?? {}, { denom: "aai" }),
    ["app_state.hmm.pools[1].denom", /^"denom": "aai"/, /^disk-eu: expected one that no other pool/],
  ],
  [
    "a module's part that is missing",
    (d) => Reflect.deleteProperty(d.app_state.hmm, "vault"),
    ["app_state.hmm.vault", /^"hmm"/, /expected a vault/],
  ],
  [
    "what one module asks of another",
    (d) => Object.assign(d.app_state.bank, { send_enabled: [] }),
    ["app_state.bank.send_enabled", /^"send_enabled"/, /credit does not change hands/],
  ],
  [
    "a vault that does not cover the credit",
    (d) => Object.assign(d.app_state.hmm.vault, { locked: "1" }),
    ["app_state.hmm", /^"hmm"/, /as locked in the vault/],
  ],
  [
    "nonces that are none",
    (d) => Object.assign(d.app_state, { runtime: { unordered_nonces: [["x"]] } }),
    ["app_state.runtime.unordered_nonces[0]", /^\[/, /\[address, timeout/],
  ],
];

describe("a genesis file", () => {
  it("of a new chain has no mistake", async () => assert.deepEqual(await problemsOf(() => undefined), []));

  for (const [name, breakIt, ...expected] of CASES)
    it(`tells ${name} with line and path`, async () => {
      const found = await problemsOf(breakIt);
      assert.deepEqual(
        found.map(([path]) => path),
        expected.map(([path]) => path),
        JSON.stringify(found, null, 1),
      );
      for (const [index, [, at, reason]] of expected.entries()) {
        assert.match(found[index]?.[1] ?? "", at);
        assert.match(found[index]?.[2] ?? "", reason);
      }
    });

  it("that is no JSON is told with the line where it ends to be", async () => {
    const text = JSON.stringify(good(), null, 2).replace('"chain_id":', '"chain_id";');
    const [problem, ...others] = await findGenesisProblems(text);
    assert.deepEqual([problem?.line, others.length], [3, 0]);
    assert.match(problem?.reason ?? "", /not valid JSON from column 13/);
    for (const broken of ["", "[]", "null", "{", '{"a":1}}', '"'])
      assert.ok((await findGenesisProblems(broken)).length > 0, JSON.stringify(broken));
  });
});

describe("an account that is added", () => {
  const validAfter = async (change: (document: Document) => void): Promise<readonly GenesisProblem[]> => {
    const document = good();
    change(document);
    return findGenesisProblems(JSON.stringify(document));
  };
  const coins = [
    { denom: "aai", amount: "5" },
    { denom: "pear", amount: "1" },
  ];

  it("stands among accounts, balances and supply, and the file stays valid", async () => {
    const problems = await validAfter((document) => {
      const before = BigInt(document.app_state.bank.supply[0]?.amount ?? 0);
      addGenesisAccount(document, { address: BOB, coins, append: false });
      const { auth, bank } = document.app_state;
      assert.equal(auth.accounts.at(-1)?.address, BOB);
      assert.deepEqual(bank.balances.at(-1), { address: BOB, coins });
      assert.equal(bank.supply[0]?.amount, String(before + 5n));
      assert.deepEqual(bank.supply.at(-1), coins[1]);
    });
    assert.deepEqual(problems, []);
  });

  it("twice is refused, and with append the coins add up", async () => {
    const problems = await validAfter((document) => {
      assert.throws(() => addGenesisAccount(document, { address: ALICE, coins, append: false }), CliError);
      addGenesisAccount(document, { address: ALICE, coins, append: true });
      const own = document.app_state.bank.balances.find(({ address }) => address === ALICE);
      assert.deepEqual(own?.coins, [{ denom: "aai", amount: "1005" }, coins[1]]);
      assert.equal(document.app_state.auth.accounts.filter(({ address }) => address === ALICE).length, 1);
    });
    assert.deepEqual(problems, []);
  });

  it("may have coins that are locked at first: until an end, evenly, or by periods; the chain takes each of them", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "hz-vesting-")), "periods.json");
    await writeFile(file, JSON.stringify({ start_time: 100, periods: [1, 2].map((n) => ({ coins: `${n}aai`, length_seconds: 10 })) }));
    const kinds = [
      [{ vestingAmount: "5aai", vestingEndTime: 2_000_000_000n }, "DelayedVestingAccount"],
      [{ vestingAmount: "4aai", vestingStartTime: 5n, vestingEndTime: 2_000_000_000n }, "ContinuousVestingAccount"],
      [{ vestingPeriods: file }, "PeriodicVestingAccount"],
    ] as const;
    for (const [options, kind] of kinds) {
      const problems = await validAfter((document) => {
        const vesting = vestingAccount(BOB, coins, options) ?? assert.fail();
        addGenesisAccount(document, { address: BOB, coins, append: false, vesting });
        const account = document.app_state.auth.accounts.at(-1) as unknown as {
          readonly "@type": string;
          readonly vesting_periods?: unknown;
        };
        assert.equal(account["@type"], `/cosmos.vesting.v1beta1.${kind}`);
        assert.throws(() => addGenesisAccount(document, { address: BOB, coins, append: false }), /in the genesis file already/);
        assert.throws(() => addGenesisAccount(document, { address: BOB, coins, append: true, vesting }), /an account already/);
        addGenesisAccount(document, { address: BOB, coins, append: true });
      });
      assert.deepEqual(problems, [], kind);
    }
    await rm(dirname(file), { recursive: true });
  });

  it("locks no more than it has, and nothing without an end", () => {
    const cases: readonly (readonly [options: VestingOptions, why: RegExp])[] = [
      [{ vestingAmount: "6aai", vestingEndTime: 9n }, /6aai cannot vest/],
      [{ vestingAmount: "1other", vestingEndTime: 9n }, /1other cannot vest/],
      [{ vestingAmount: "5aai" }, /--vesting-end-time is missing/],
      [{ vestingAmount: "5aai", vestingStartTime: 1n }, /--vesting-end-time is missing/],
      [{ vestingEndTime: 9n }, /--vesting-amount is missing/],
      [{ vestingAmount: "5aai", vestingStartTime: 9n, vestingEndTime: 9n }, /ends before it starts/],
      [{ vestingAmount: "nothing", vestingEndTime: 9n }, /is no amount/],
      [{ vestingAmount: "5aai", vestingPeriods: "x" }, /stands alone/],
      [{ vestingPeriods: "/nowhere.json" }, /cannot read/],
    ];
    for (const [options, why] of cases) assert.throws(() => vestingAccount(BOB, coins, options), why);
    assert.equal(vestingAccount(BOB, coins, {}), undefined);
  });

  it("is found inside of a module account, too", () => {
    const document = good();
    Object.assign(document.app_state.auth, { accounts: [{ base_account: { address: BOB }, name: "x" }] });
    assert.throws(() => addGenesisAccount(document, { address: BOB, coins, append: false }), /in the genesis file already/);
  });

  it("fits into a file that leaves out accounts, balances and supply", async () => {
    const document = { app_state: {} };
    addGenesisAccount(document, { address: BOB, coins, append: false });
    assert.deepEqual(Object.entries(document.app_state).at(-1), ["bank", { balances: [{ address: BOB, coins }] }]);
  });
});

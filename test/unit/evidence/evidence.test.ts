import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Equivocation } from "#proto/cosmos/evidence/v1beta1/evidence";
import { createAddressCodec, ModuleError, QueryError } from "#sdk";
import { createSlashingBench, type SlashingBench } from "../../harness/slashingBench.ts";
import { consensusAddress } from "../../harness/standInStaking.ts";

const EQUIVOCATION: Equivocation = {
  height: 7n,
  time: { seconds: 1_700_000_000n, nanos: 5 },
  power: 10n,
  consensusAddress: createAddressCodec("test").consensus.format(consensusAddress(1)),
};
const pack = (equivocation: Partial<Equivocation> = {}): { readonly typeUrl: string; readonly value: Uint8Array } => ({
  typeUrl: "/cosmos.evidence.v1beta1.Equivocation",
  value: Equivocation.encode({ ...EQUIVOCATION, ...equivocation }).finish(),
});

function refuses(run: () => unknown, codespace: string, code: number, text: string): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof ModuleError, String(error));
    assert.deepEqual([error.codespace, error.code, error.message], [codespace, code, text]);
    return true;
  });
}

/** A chain that knows one piece of evidence. */
function started(): SlashingBench {
  const chain = createSlashingBench();
  chain.bench.init("evidence", { evidence: [pack()] });
  return chain;
}

const hashOf = (chain: SlashingBench): string => (chain.bench.store("evidence").dump()[0]?.[0] ?? "").slice(2);

describe("evidence from accounts", () => {
  const submit = (chain: SlashingBench, evidence: object | undefined, submitter = chain.bench.account("ann")): object =>
    chain.bench.send("/cosmos.evidence.v1beta1.MsgSubmitEvidence", { submitter, evidence });

  it("is of no kind that the chain takes", () =>
    refuses(() => submit(createSlashingBench(), pack()), "evidence", 2, "equivocation: unregistered handler for evidence type"));
  it("is known when CometBFT brought it before", () => {
    const chain = started();
    refuses(() => submit(chain, pack()), "evidence", 5, `${hashOf(chain).toUpperCase()}: evidence already exists`);
  });
  const wrong: readonly (readonly [evidence: object | undefined, text: string])[] = [
    [undefined, "missing evidence"],
    [
      { typeUrl: "/cosmos.bank.v1beta1.MsgSend" },
      "evidence of type /cosmos.evidence.v1beta1.Equivocation expected, got /cosmos.bank.v1beta1.MsgSend",
    ],
    [pack({ time: undefined }), "failed basic validation: invalid equivocation time: 1970-01-01 00:00:00 +0000 UTC"],
    [pack({ height: 0n }), "failed basic validation: invalid equivocation height: 0"],
    [pack({ power: 0n }), "failed basic validation: invalid equivocation validator power: 0"],
    [pack({ consensusAddress: "" }), "failed basic validation: invalid equivocation validator consensus address: "],
  ];
  for (const [evidence, text] of wrong)
    it(`is refused: ${text}`, () => refuses(() => submit(createSlashingBench(), evidence), "evidence", 3, `${text}: invalid evidence`));
  it("needs a submitter", () =>
    refuses(
      () => submit(createSlashingBench(), pack(), ""),
      "sdk",
      7,
      "invalid submitter address: empty address string is not allowed: invalid address",
    ));
});

describe("genesis of x/evidence", () => {
  it("comes back to the same bytes, in the order of hashes", () => {
    const chain = createSlashingBench();
    const given = [9n, 8n, 7n, 6n].map((height) => pack({ height }));
    chain.bench.init("evidence", { evidence: given });
    const exported = chain.bench.exportGenesis("evidence") as { readonly evidence: readonly object[] };
    assert.equal(exported.evidence.length, 4);
    const next = createSlashingBench();
    next.bench.init("evidence", exported);
    assert.deepEqual(next.bench.store("evidence").dump(), chain.bench.store("evidence").dump());
    assert.deepEqual(next.bench.broken(), []);
  });
  it("has each piece once and whole", () => {
    refuses(
      () => createSlashingBench().bench.init("evidence", { evidence: [pack(), pack()] }),
      "evidence",
      5,
      `evidence.evidence[1]: ${hashOf(started()).toUpperCase()}: evidence already exists`,
    );
    refuses(
      () => createSlashingBench().bench.init("evidence", { evidence: [pack(), pack({ height: 0n })] }),
      "evidence",
      3,
      "evidence.evidence[1]: failed basic validation: invalid equivocation height: 0: invalid evidence",
    );
  });
  it("notices evidence that lies elsewhere", () => {
    const chain = started();
    const store = chain.bench.store("evidence");
    const hash = hashOf(chain);
    store.set(Uint8Array.of(0, 1), store.get(Buffer.from(`00${hash}`, "hex")) ?? new Uint8Array(0));
    assert.deepEqual(chain.bench.broken(), [`evidence: evidence ${hash} lies under 01`]);
  });
});

describe("queries of x/evidence", () => {
  const ask = (chain: SlashingBench, hash: string): unknown => chain.bench.query("/cosmos.evidence.v1beta1.Query/Evidence", { hash });
  it("find evidence by its hash, in small and in capital letters", () => {
    const chain = started();
    for (const hash of [hashOf(chain), hashOf(chain).toUpperCase()]) assert.deepEqual(ask(chain, hash), { evidence: pack() });
  });
  const wrong: readonly (readonly [hash: string, status: number, text: string])[] = [
    ["", 3, "invalid request; hash is empty"],
    ["00", 5, "evidence 00 not found"],
    ["0", 3, "invalid evidence hash: pairs of hexadecimal digits expected, got 0"],
    ["xy", 3, "invalid evidence hash: pairs of hexadecimal digits expected, got xy"],
    ["00".repeat(65), 3, `invalid evidence hash: pairs of hexadecimal digits expected, got ${"00".repeat(64)}`],
  ];
  for (const [hash, status, text] of wrong)
    it(`say of ${hash === "" ? "nothing" : hash.slice(0, 9)}: ${text.slice(0, 60)}`, () =>
      assert.throws(
        () => ask(started(), hash),
        (error) => error instanceof QueryError && error.status === status && error.message === text,
      ));
});

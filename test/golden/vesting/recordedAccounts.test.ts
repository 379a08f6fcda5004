// Accounts with locked coins of a recorded Cosmos SDK chain: what was free, and what was counted of delegations, at the recorded times.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { accountFromAny } from "@cosmjs/stargate";
import { GenesisState } from "#proto/cosmos/auth/v1beta1/genesis";
import type { QueryAccountResponse } from "#proto/cosmos/auth/v1beta1/query";
import {
  ContinuousVestingAccount,
  DelayedVestingAccount,
  PeriodicVestingAccount,
  PermanentLockedAccount,
} from "#proto/cosmos/vesting/v1beta1/vesting";
import type { Any } from "#proto/google/protobuf/any";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { type Bench, eventLines } from "../../harness/moduleBench.ts";
import { bytesOfJson } from "../../harness/protoJson.ts";
import { createRecordedBench } from "../../harness/recordedChain.ts";
import { type RecordedTx, readSdkVectors } from "../../harness/sdkVectors.ts";

const CONTINUOUS = "cosmos1c89ydhwy6gmtxdrc6wufpuy43vt00cfvvazzd5";
const DELAYED = "cosmos12szhdl0c07c8uax46hcm5qvsunz006hqx6f7pr";
const PERIODIC = "cosmos1ecafwvjxxfzh9t54ugrk0daxp465s9flvn07ne";
const LOCKED = "cosmos1u43ykptrlmzk5m5phg0nzecfqzc3afuz8svwz5";
const nanoseconds = (time: string): bigint => BigInt(Date.parse(time)) * 1_000_000n;
const stake = (amount: bigint) => [{ denom: "stake", amount }];

const accountsOf = (moment: "genesis" | "exported"): Readonly<Record<string, unknown>>[] =>
  (readSdkVectors("genesis")[moment].app_state["auth"] as { readonly accounts: Readonly<Record<string, unknown>>[] }).accounts;
const packedOf = (bench: Bench, address: string): Any => {
  const answer = bench.query("/cosmos.auth.v1beta1.Query/Account", { address }) as QueryAccountResponse;
  assert.ok(answer.account !== undefined);
  return answer.account;
};

describe("locked coins of the recorded chain", () => {
  it("what was delegated at height 19 was counted as locked and free as recorded", () => {
    const bench = createRecordedBench("genesis").at(176n, nanoseconds("2026-11-23T07:18:10Z"));
    bench.facet(auth, "locks").trackDelegation(bench.ctx, CONTINUOUS, stake(950_000_000n));
    const { baseVestingAccount } = decodeWire(packedOf(bench, CONTINUOUS));
    assert.deepEqual(baseVestingAccount.delegatedFree, [{ denom: "stake", amount: "452292951" }]);
    assert.deepEqual(baseVestingAccount.delegatedVesting, [{ denom: "stake", amount: "497707049" }]);
  });
  it("what came back at height 169, one unit slashed, left what was exported", () => {
    const bench = createRecordedBench("genesis").at(176n, nanoseconds("2026-11-23T07:18:11Z"));
    const { trackDelegation, trackUndelegation } = bench.facet(auth, "locks");
    trackDelegation(bench.ctx, DELAYED, stake(450_000_000n));
    trackUndelegation(bench.ctx, DELAYED, stake(99_999_999n));
    const { baseVestingAccount } = decodeWire(packedOf(bench, DELAYED));
    assert.deepEqual(baseVestingAccount.delegatedFree, []);
    assert.deepEqual(baseVestingAccount.delegatedVesting, [{ denom: "stake", amount: "350000001" }]);
  });
  it("two of four steps were over, and the rest could not be sent", () => {
    const bench = createRecordedBench("genesis").at(176n, nanoseconds("2026-11-23T07:19:29Z"));
    assert.deepEqual(bench.facet(auth, "locks").lockedCoins(bench.ctx, PERIODIC), stake(200_000_000n));
    assert.deepEqual(bench.facet(auth, "locks").lockedCoins(bench.ctx, LOCKED), stake(250_000_000n));
  });
  it("every account comes back from genesis as it was exported", () => {
    const bench = createRecordedBench("exported");
    const exported = bench.exportGenesis("auth") as { readonly accounts: readonly Any[] };
    const recorded = GenesisState.decode(
      bytesOfJson("cosmos.auth.v1beta1.GenesisState", readSdkVectors("genesis").exported.app_state["auth"]),
    ).accounts;
    const lines = (accounts: readonly Any[]): string[] =>
      accounts
        .filter(({ typeUrl }) => typeUrl.startsWith("/cosmos.vesting."))
        .map(({ typeUrl, value }) => `${typeUrl} ${Buffer.from(value).toString("hex")}`)
        .sort();
    assert.deepEqual(lines(exported.accounts), lines(recorded));
    assert.equal(lines(recorded).length, 8);
    assert.deepEqual(bench.broken(), []);
  });
  it("cosmjs reads them", () => {
    const bench = createRecordedBench("exported");
    for (const [address, number] of [
      [CONTINUOUS, 16],
      [DELAYED, 17],
      [PERIODIC, 18],
    ] as const)
      assert.equal(accountFromAny(packedOf(bench, address)).accountNumber, BigInt(number));
  });
});

const created = readSdkVectors("tx").txs.filter(({ name }) => name.startsWith("vesting-create-"));

describe("recorded transactions that make such accounts", () => {
  it("all five", () => assert.equal(created.length, 5));
  for (const tx of created) {
    it(`${tx.name} gives ${tx.result.codespace}/${tx.result.code}, its events and its account`, () => {
      const bench = createRecordedBench("genesis").at(176n, timeOf(tx));
      const [message] = tx.messages;
      assert.ok(message !== undefined);
      const payer = String(message["from_address"]);
      bench.facet(bank, "mint").mint(bench.ctx, payer, "photon", 1_000_000n);
      bench.takeEvents();
      if (tx.result.code !== 0) {
        assert.throws(() => bench.send(message["@type"], camelCase(message)), { codespace: tx.result.codespace, code: tx.result.code });
        return;
      }
      bench.send(message["@type"], camelCase(message));
      assert.deepEqual(eventLines(bench.takeEvents()), messageEvents(tx));
      const address = String(message["to_address"]);
      const recorded = accountsOf("exported").find((account) => JSON.stringify(account).includes(address)) ?? {};
      const { baseVestingAccount, startTime } = decodeWire(packedOf(bench, address));
      const expected = recorded["base_vesting_account"] as { readonly original_vesting: unknown; readonly end_time: string };
      assert.equal(packedOf(bench, address).typeUrl, recorded["@type"]);
      assert.deepEqual(
        [baseVestingAccount.originalVesting, baseVestingAccount.endTime, startTime],
        [expected.original_vesting, BigInt(expected.end_time), BigInt(String(recorded["start_time"] ?? 0))],
      );
    });
  }
});

/** The block's time is the start of the account that unlocks from it on; the others look at no clock. */
function timeOf({ name }: RecordedTx): bigint {
  return name === "vesting-create-continuous" ? nanoseconds("2026-11-23T07:19:23Z") : nanoseconds("2026-11-23T07:19:26Z");
}

/** Events of the message, without the runtime's own attributes. */
function messageEvents({ result }: RecordedTx): string[] {
  return result.events.flatMap(([type, attributes]) =>
    attributes.some(([key]) => key === "msg_index") && !attributes.some(([key]) => key === "action")
      ? [
          `${type}(${attributes
            .filter(([key]) => key !== "msg_index")
            .map(([key, value]) => `${key}=${value}`)
            .join(", ")})`,
        ]
      : [],
  );
}

function camelCase(value: unknown): never {
  if (Array.isArray(value)) return value.map(camelCase) as never;
  if (typeof value !== "object" || value === null) return value as never;
  const entries = Object.entries(value).filter(([name]) => name !== "@type");
  const wide = new Set(["end_time", "start_time", "length"]);
  return Object.fromEntries(
    entries.map(([name, field]) => [
      name.replace(/_[a-z]/g, (letters) => letters.slice(1).toUpperCase()),
      wide.has(name) ? BigInt(String(field)) : camelCase(field),
    ]),
  ) as never;
}

interface WireVesting {
  readonly baseVestingAccount: {
    readonly originalVesting: unknown;
    readonly delegatedFree: unknown;
    readonly delegatedVesting: unknown;
    readonly endTime: bigint;
  };
  readonly startTime: bigint;
}

function decodeWire({ typeUrl, value }: Any): WireVesting {
  const type = [ContinuousVestingAccount, DelayedVestingAccount, PeriodicVestingAccount, PermanentLockedAccount].find(
    ({ $type }) => `/${$type}` === typeUrl,
  );
  assert.ok(type !== undefined, typeUrl);
  return { startTime: 0n, ...type.decode(value) } as WireVesting;
}

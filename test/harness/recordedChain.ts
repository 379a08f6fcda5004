// The recorded Cosmos SDK chain's accounts and balances on the modules of this project.
import { GenesisState as AuthGenesis } from "#proto/cosmos/auth/v1beta1/genesis";
import { GenesisState as BankGenesis } from "#proto/cosmos/bank/v1beta1/genesis";
import { type ChainConfig, defineModule } from "#sdk";
import { auth } from "../../modules/auth/index.ts";
import { bank } from "../../modules/bank/index.ts";
import { consensus } from "../../modules/consensus/index.ts";
import { vesting } from "../../modules/vesting/index.ts";
import { type Bench, createBench } from "./moduleBench.ts";
import { bytesOfJson } from "./protoJson.ts";
import { readSdkVectors } from "./sdkVectors.ts";

export const RECORDED_CHAIN: ChainConfig = {
  bech32Prefix: "cosmos",
  coinType: 118,
  baseDenom: "stake",
  powerReduction: 1_000_000n,
  authorityModule: "gov",
};

/** Modules of the recorded chain that only lend their names and addresses here. */
export const bystanders = ["distribution", "bonded_tokens_pool", "not_bonded_tokens_pool", "mint", "gov"].map((name) =>
  defineModule({ name, version: 1, state: {} }),
);

/** Time of the recording's last block, to the second. */
const LAST_BLOCK_NS = BigInt(Date.parse("2026-11-23T07:21:00Z")) * 1_000_000n;

/** A bench with the state that the recorded chain began with, or the one it ended with. */
export function createRecordedBench(moment: "genesis" | "exported"): Bench {
  const { app_state } = readSdkVectors("genesis")[moment];
  const bench = createBench({
    modules: [auth, bank, vesting, consensus, ...bystanders],
    chain: RECORDED_CHAIN,
    height: 176n,
    timeNs: LAST_BLOCK_NS,
  });
  initRecordedAccounts(bench, app_state);
  return bench;
}

/** Gives a bench the accounts and balances of a recorded genesis. */
export function initRecordedAccounts(bench: Bench, app_state: Readonly<Record<string, Readonly<Record<string, unknown>>>>): void {
  bench.init("auth", AuthGenesis.decode(bytesOfJson("cosmos.auth.v1beta1.GenesisState", app_state["auth"])));
  bench.init("bank", BankGenesis.decode(bytesOfJson("cosmos.bank.v1beta1.GenesisState", app_state["bank"])));
}

/** A vesting account as a plain one. */
export function plainAccount(account: Record<string, unknown>): Record<string, unknown> {
  const vesting = account["base_vesting_account"] as { readonly base_account: object } | undefined;
  return vesting === undefined ? account : { "@type": "/cosmos.auth.v1beta1.BaseAccount", ...vesting.base_account };
}

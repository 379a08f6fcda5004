// The recorded Cosmos SDK chain's accounts and balances on the modules of this project.
import { GenesisState as AuthGenesis } from "#proto/cosmos/auth/v1beta1/genesis";
import { GenesisState as BankGenesis } from "#proto/cosmos/bank/v1beta1/genesis";
import { type ChainConfig, defineModule } from "#sdk";
import { auth } from "../../modules/auth/index.ts";
import { bank } from "../../modules/bank/index.ts";
import { consensus } from "../../modules/consensus/index.ts";
import { type Bench, createBench } from "./moduleBench.ts";
import { bytesOfJson } from "./protoJson.ts";
import { readSdkVectors } from "./sdkVectors.ts";

export const RECORDED_CHAIN: ChainConfig = { bech32Prefix: "cosmos", coinType: 118, baseDenom: "stake", authorityModule: "gov" };

/** Modules of the recorded chain that only lend their names and addresses here. */
const bystanders = ["distribution", "bonded_tokens_pool", "not_bonded_tokens_pool", "mint", "gov"].map((name) =>
  defineModule({ name, version: 1, state: {} }),
);

/** A bench with the state that the recorded chain began with, or the one it ended with. Vesting accounts come as plain ones. */
export function createRecordedBench(moment: "genesis" | "exported"): Bench {
  const { app_state } = readSdkVectors("genesis")[moment];
  const bench = createBench({ modules: [auth, bank, consensus, ...bystanders], chain: RECORDED_CHAIN, height: 176n });
  const { accounts: recorded = [] } = (app_state["auth"] ?? {}) as { readonly accounts?: readonly Record<string, unknown>[] };
  const accounts = recorded.map(plain);
  bench.init("auth", AuthGenesis.decode(bytesOfJson("cosmos.auth.v1beta1.GenesisState", { ...app_state["auth"], accounts })));
  bench.init("bank", BankGenesis.decode(bytesOfJson("cosmos.bank.v1beta1.GenesisState", app_state["bank"])));
  return bench;
}

function plain(account: Record<string, unknown>): Record<string, unknown> {
  const vesting = account["base_vesting_account"] as { readonly base_account: object } | undefined;
  return vesting === undefined ? account : { "@type": "/cosmos.auth.v1beta1.BaseAccount", ...vesting.base_account };
}

import { readFileSync } from "node:fs";
import { parseTimestamp } from "../../app/encoding/timeText.ts";
import { CHAIN, connectRuntime, descriptors, hanzoVersion } from "../../app/hanzo.ts";
import { type App, createApp, storeNames } from "../../app/runtime/app.ts";
import type { CometPort } from "../../app/runtime/query/cometPort.ts";
import { timestampNs, toTimestamp } from "../../app/runtime/time.ts";
import { defineModule } from "../../app/sdk/index.ts";
import { createMemoryCommitStore } from "../../app/store/commitStore.ts";
import { auth } from "../../modules/auth/index.ts";
import { bank } from "../../modules/bank/index.ts";
import { consensus } from "../../modules/consensus/index.ts";
import { RequestFinalizeBlock, RequestInitChain } from "../../proto/gen/tendermint/abci/types.ts";
import { TEST_VALIDATOR, testConsensusParams } from "./testChain.ts";

/** The recorded Cosmos SDK chain's id, prefix and denomination. */
export const SDK_CHAIN = { chainId: "simd-testing", config: { ...CHAIN, bech32Prefix: "cosmos", baseDenom: "stake" } } as const;

/** Modules of the recorded chain that only lend their names and addresses here. */
const bystanders = ["distribution", "bonded_tokens_pool", "not_bonded_tokens_pool", "mint", "gov"].map((name) =>
  defineModule({ name, version: 1, state: {} }),
);
const modules = [consensus, auth, bank, ...bystanders];

/** A file of recorded behaviour. */
export function recorded<T>(name: "checktx" | "tx" | "genesis" | "abci"): T {
  // dist/test/harness → the sources' vectors.
  return JSON.parse(readFileSync(new URL(`../../../test/vectors/sdk/${name}.json`, import.meta.url), "utf8")) as T;
}

/** Coins of an address in genesis. */
export interface RecordedBalance {
  readonly address: string;
  readonly coins: readonly { readonly denom: string; readonly amount: string }[];
}

interface BaseAccountJson {
  readonly address: string;
  readonly pub_key: unknown;
  readonly account_number: string;
  readonly sequence: string;
}
/** An account of genesis, of whatever kind. */
export type RecordedAccount = { readonly "@type": string } & Partial<BaseAccountJson> & {
    readonly base_vesting_account?: { readonly base_account: BaseAccountJson };
  };

/** The parts of a recorded `app_state` that this chain has modules for. */
export interface RecordedState {
  readonly auth: { readonly params: unknown; readonly accounts: readonly RecordedAccount[] };
  readonly bank: { readonly balances: readonly RecordedBalance[] } & Readonly<Record<string, unknown>>;
}

/** State that the recorded chain began with, and the one it ended with. */
export interface RecordedGenesis {
  readonly genesis: { readonly app_state: RecordedState };
  readonly exported: { readonly app_state: RecordedState };
}

/** A recorded transaction and what became of it. */
export interface RecordedTx {
  readonly name: string;
  readonly signed: readonly {
    readonly address: string;
    readonly mode: string;
    readonly account_number: string;
    readonly sequence: string;
  }[];
  readonly body_bytes: string;
  readonly auth_info_bytes: string;
  readonly signatures: readonly string[];
  readonly height: number;
  readonly messages: readonly { readonly "@type": string }[];
  readonly result: {
    readonly code: number;
    readonly codespace: string;
    readonly data: string;
    readonly log: string;
    readonly gas_wanted: string;
    readonly events: readonly (readonly [type: string, attributes: readonly (readonly [key: string, value: string])[]])[];
  };
}

/** The recorded transactions with the people who signed them. */
export interface RecordedTxs {
  readonly accounts: Readonly<Record<string, { readonly mnemonic?: string; readonly address: string; readonly pubkey?: string }>>;
  readonly txs: readonly RecordedTx[];
}

/** `app_state` for our modules from a recorded one. Vesting accounts become plain ones: nothing here depends on their schedules. */
export function importableState(state: RecordedState): Readonly<Record<string, unknown>> {
  const accounts = state.auth.accounts.map((account) => {
    const base = account.base_vesting_account?.base_account;
    return base === undefined ? account : { "@type": "/cosmos.auth.v1beta1.BaseAccount", ...base };
  });
  return { auth: { params: state.auth.params, accounts }, bank: state.bank };
}

/** Where a chain made of recorded state stands. */
export interface SdkChainStart {
  readonly appState: Readonly<Record<string, unknown>>;
  readonly height: bigint;
  /** RFC 3339. */
  readonly time: string;
  readonly minGasPrices?: string;
  readonly comet?: CometPort;
}

/** A chain of the recorded prefix, denomination, id and gas limits, after one empty block at the given height and time. */
export async function createSdkChain({ appState, height, time, minGasPrices = "", comet }: SdkChainStart): Promise<App> {
  const store = createMemoryCommitStore({ stores: storeNames(modules), initialVersion: height });
  const engine = comet === undefined ? {} : { comet };
  const version = { ...hanzoVersion, version: "0.53.8" };
  const app = await createApp({
    modules,
    chain: SDK_CHAIN.config,
    store,
    descriptors: descriptors(),
    version,
    minGasPrices,
    connect: connectRuntime,
    ...engine,
  });
  const timestamp = toTimestamp(timestampNs(parseTimestamp(time)));
  app.initChain(
    RequestInitChain.fromPartial({
      chainId: SDK_CHAIN.chainId,
      initialHeight: height,
      time: timestamp,
      validators: [TEST_VALIDATOR],
      consensusParams: testConsensusParams(49_000_000n),
      appStateBytes: new TextEncoder().encode(JSON.stringify(appState)),
    }),
  );
  await app.finalizeBlock(RequestFinalizeBlock.fromPartial({ height, time: timestamp }));
  await app.commit();
  return app;
}

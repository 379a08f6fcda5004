import { type BoundModule, bindModules, type ChainConfig, type Module } from "#sdk";
import { auth } from "../modules/auth/index.ts";
import { authz } from "../modules/authz/index.ts";
import { bank } from "../modules/bank/index.ts";
import { consensus } from "../modules/consensus/index.ts";
import { distribution } from "../modules/distribution/index.ts";
import { emissions } from "../modules/emissions/index.ts";
import { evidence } from "../modules/evidence/index.ts";
import { type ExperienceKernels, experience } from "../modules/experience/index.ts";
import { feegrant } from "../modules/feegrant/index.ts";
import { genutil } from "../modules/genutil/index.ts";
import { gov } from "../modules/gov/index.ts";
import { hmm } from "../modules/hmm/index.ts";
import { mint } from "../modules/mint/index.ts";
import { params } from "../modules/params/index.ts";
import { slashing } from "../modules/slashing/index.ts";
import { staking } from "../modules/staking/index.ts";
import { upgrade } from "../modules/upgrade/index.ts";
import { vesting } from "../modules/vesting/index.ts";
import { descriptors } from "./descriptorImage.ts";
import { connectPorts, connectRuntime, connectServices } from "./hanzoPorts.ts";
import type { SpawnSolver } from "./route/routeQueue.ts";
import { type App, type AppOptions, createApp, storeNames } from "./runtime/app.ts";
import type { OrderOptions } from "./runtime/moduleOrder.ts";
import type { VersionInfo } from "./runtime/query/cometService.ts";

/** The chain that this program is for, unless its genesis and configuration say otherwise. */
export const CHAIN = {
  bech32Prefix: "hanzo",
  coinType: 118,
  baseDenom: "aai",
  powerReduction: 10n ** 18n,
  authorityModule: "gov",
} as const satisfies ChainConfig;

/** Id of the chain that `hanzod` makes on one machine. */
export const LOCAL_CHAIN_ID = "hanzo-local-1";

/** Lowest fee that a node relays by default, per unit of gas: a transfer of some 80,000 gas costs 0.000002 AI. */
export const DEFAULT_MIN_GAS_PRICES = "25000000aai";
/** Most gas of a query by default: reads of some 300,000 keys, about a second of work. */
export const DEFAULT_QUERY_GAS_LIMIT = 300_000_000;

/** The modules in the order of their block hooks and of genesis; last genutil, whose transactions need the genesis of all others. */
export const hanzoModules = [
  consensus,
  auth,
  bank,
  vesting,
  staking,
  distribution,
  slashing,
  evidence,
  authz,
  feegrant,
  gov,
  params,
  upgrade,
  emissions,
  hmm,
  experience,
  genutil,
] as const;

/** Modules of the Cosmos SDK's chains that this one does without: x/emissions takes the place of x/mint. A chain has one of the two. */
export const sdkOnlyModules = [mint] as const;

/** Orders of the Cosmos SDK's chains, as far as they are not that of {@link hanzoModules}. Names of modules that a chain does not have count for nothing. */
export const hanzoOrder = {
  beginBlock: ["upgrade", "mint", "emissions", "distribution", "slashing", "evidence", "staking", "authz"],
  endBlock: ["gov", "staking", "feegrant"],
  genesis: ["consensus", "auth", "bank", "distribution", "staking", "slashing", "gov", "mint", "emissions"],
} as const satisfies OrderOptions;

/** Stores that the commit store is opened with. */
export const hanzoStores: readonly string[] = storeNames(hanzoModules);

/** Name, version and relations of this program, as `/app/version` and node_info show them. */
export const hanzoVersion: VersionInfo = {
  name: "hanzo",
  appName: "hanzod",
  version: "0.1.0",
  gitCommit: "",
  cosmosSdkVersion: "v0.53.8",
  // Relayers refuse a chain whose node does not name the libraries whose behaviour it has; that of the engine is the engine's to tell.
  buildDeps: [{ path: "github.com/cosmos/cosmos-sdk", version: "v0.53.8" }],
};

/** The modules bound without a state machine: for what their declarations say. Nothing that needs a runtime works on them. */
export function describedModules(modules: readonly Module[] = hanzoModules, chain: ChainConfig = CHAIN): readonly BoundModule[] {
  return bindModules({ modules, chain, ports: "unconnected" });
}

/** What a node chooses; everything else follows from the modules. */
export type HanzoOptions = Pick<AppOptions, "store"> &
  Partial<Omit<AppOptions, "connect">> & {
    /** How the thread that solves routes is started. */
    readonly spawnSolver?: SpawnSolver;
    /** Heights at which a plan passes without its upgrade; none when left out. */
    readonly skippedUpgrades?: ReadonlySet<bigint>;
    /** What computes aggregates of experience; a thread of its own when left out. */
    readonly kernels?: ExperienceKernels;
  };

/** The state machine of Hanzo Network on an opened commit store. */
export function createHanzoApp(options: HanzoOptions): Promise<App> {
  return createApp({
    modules: hanzoModules,
    order: hanzoOrder,
    chain: CHAIN,
    descriptors: descriptors(),
    version: hanzoVersion,
    minGasPrices: DEFAULT_MIN_GAS_PRICES,
    queryGasLimit: BigInt(DEFAULT_QUERY_GAS_LIMIT),
    connect: connectRuntime,
    ports: (runtime) => connectPorts(runtime, options.skippedUpgrades, options.kernels),
    services: (modules) => connectServices(modules, options.spawnSolver),
    ...options,
  });
}

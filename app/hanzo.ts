import { type BoundModule, bindModules, type ChainConfig, type Module, type RuntimeAbilities, type UpgradeProgram } from "#sdk";
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
import { createNodeKernels } from "./experience/kernelThread.ts";
import { RouteQueue, type SpawnSolver } from "./route/routeQueue.ts";
import { routeService } from "./route/routeService.ts";
import { spawnSolver } from "./route/routeWorker.ts";
import { type App, type AppOptions, createApp, storeNames } from "./runtime/app.ts";
import { facetOf } from "./runtime/facetOf.ts";
import type { OrderOptions } from "./runtime/moduleOrder.ts";
import type { RuntimePorts } from "./runtime/ports.ts";
import type { VersionInfo } from "./runtime/query/cometService.ts";

/** The chain that this program is for, unless its genesis and configuration say otherwise. */
export const CHAIN = {
  bech32Prefix: "hanzo",
  coinType: 118,
  baseDenom: "aai",
  powerReduction: 10n ** 18n,
  authorityModule: "gov",
} as const satisfies ChainConfig;

/** How wallets show the fee denomination, as the bank's genesis writes it. A denomination has at least three characters, so AI itself is its symbol. */
export const FEE_DENOM_METADATA = [
  {
    description: "Pays for transactions and compute on Hanzo Network",
    denom_units: [
      { denom: CHAIN.baseDenom, exponent: 0, aliases: [] },
      { denom: "hanzo/AI", exponent: 18, aliases: ["AI"] },
    ],
    base: CHAIN.baseDenom,
    display: "hanzo/AI",
    name: "Hanzo AI",
    symbol: "AI",
    uri: "",
    uri_hash: "",
  },
] as const;

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
  // Relayers refuse a chain whose node does not name the libraries whose behaviour it has.
  buildDeps: [{ path: "github.com/cosmos/cosmos-sdk", version: "v0.53.8" }],
};

/** The modules bound without a state machine: for what their declarations say. Nothing that needs a runtime works on them. */
export function describedModules(modules: readonly Module[] = hanzoModules, chain: ChainConfig = CHAIN): readonly BoundModule[] {
  return bindModules({ modules, chain, ports: "unconnected" });
}

/** Connects the runtime to the modules that keep accounts, fees and consensus parameters. */
export function connectRuntime(modules: readonly BoundModule[]): RuntimePorts {
  return {
    accounts: facetOf(modules, auth, "ante"),
    fees: facetOf(modules, bank, "fees"),
    consensusParams: facetOf(modules, consensus, "params"),
    ...(modules.some(({ name }) => name === upgrade.name) ? { upgrades: facetOf(modules, upgrade, "gate") } : {}),
    // A chain of other modules may have none.
    ...(modules.some(({ name }) => name === feegrant.name) ? { feeGrants: facetOf(modules, feegrant, "fees") } : {}),
  };
}

/**
 * Upgrades that this program knows how to go on after, by the names of their plans. A name stays for as long as there are chains that did it.
 * `whole`: all modules that it changes still have the rules of before (`oldest`), so that this program executes the chain on both sides of it.
 */
export const hanzoUpgrades: ReadonlyMap<string, { readonly whole: boolean }> = new Map();

/**
 * What modules have from outside of the state machine: the runtime's own work, and the kernels.
 * @param skipped heights at which this node lets a plan pass without its upgrade
 */
export function connectPorts(
  { messages, transactions, versions }: RuntimeAbilities,
  skipped: ReadonlySet<bigint> = new Set(),
  kernels: ExperienceKernels = createNodeKernels(),
) {
  const program: UpgradeProgram = {
    knows: (name) => hanzoUpgrades.has(name),
    precedes: (name) => hanzoUpgrades.get(name)?.whole === true,
    skips: (height) => skipped.has(height),
  };
  return { authz: { messages }, experience: { kernels }, genutil: { transactions }, gov: { messages }, upgrade: { program, versions } };
}

/** What a node chooses; everything else follows from the modules. */
export type HanzoOptions = Pick<AppOptions, "store"> &
  Partial<Omit<AppOptions, "store" | "connect">> & {
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
    services: (modules) => {
      // A chain of other modules has no market to route on.
      if (!modules.some(({ name, api }) => name === hmm.name && "routes" in api)) return [];
      const { view } = facetOf(modules, hmm, "routes");
      return routeService(view, new RouteQueue(options.spawnSolver ?? spawnSolver));
    },
    ...options,
  });
}

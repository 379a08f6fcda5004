import { ServiceDefinition as NodeService } from "#proto/cosmos/base/node/v1beta1/query";
import { ServiceDefinition as CometService } from "#proto/cosmos/base/tendermint/v1beta1/query";
import { ServiceDefinition as TxService } from "#proto/cosmos/tx/v1beta1/service";
import { RouteServiceDefinition } from "#proto/hanzo/hmm/v1/route";
import { image } from "#proto/image";
import { schema } from "#proto/schema";
import type { BoundModule, ChainConfig } from "#sdk";
import { auth } from "../modules/auth/index.ts";
import { bank } from "../modules/bank/index.ts";
import { consensus } from "../modules/consensus/index.ts";
import { hmm } from "../modules/hmm/index.ts";
import type { ChainFacts } from "./api/appReflection.ts";
import { createOpenApi } from "./api/openApi.ts";
import { fromBase64 } from "./encoding/bytes.ts";
import { createDescriptors, type Descriptors } from "./encoding/descriptors.ts";
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

/** The modules in the order of their block hooks and of genesis. */
export const hanzoModules = [consensus, auth, bank, hmm] as const;

/** Orders of the Cosmos SDK's chains, as far as they are not that of {@link hanzoModules}. Names of modules that a chain does not have count for nothing. */
export const hanzoOrder = {
  beginBlock: ["upgrade", "mint", "emissions", "distribution", "slashing", "evidence", "staking", "authz"],
  endBlock: ["gov", "staking", "feegrant"],
} as const satisfies OrderOptions;

/** Stores that the commit store is opened with. */
export const hanzoStores: readonly string[] = storeNames(hanzoModules);

/** Services that the APIs show: the modules' queries and the node's own. */
export const hanzoServices: readonly string[] = [
  ...hanzoModules.flatMap(({ spec }) => (spec.queries === undefined ? [] : [spec.queries[0].fullName])),
  TxService.fullName,
  CometService.fullName,
  NodeService.fullName,
  RouteServiceDefinition.fullName,
];

/** Services whose requests are the messages of this chain. */
export const hanzoMsgServices: readonly string[] = hanzoModules.flatMap(({ spec }) =>
  spec.msgs === undefined ? [] : [spec.msgs[0].fullName],
);

/** What reflection tells of this chain. @param chainId empty before the chain has begun */
export function hanzoFacts(chainId: () => string): ChainFacts {
  return { bech32Prefix: CHAIN.bech32Prefix, msgServices: hanzoMsgServices, chainId };
}

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

let known: Descriptors | undefined;

/** Everything that is compiled in as a FileDescriptorSet, without comments. */
export function descriptorImage(): Uint8Array {
  return fromBase64(schema);
}

/** The descriptor image of everything that is compiled in, read once. */
export function descriptors(): Descriptors {
  known ??= createDescriptors(descriptorImage());
  return known;
}

let commented: Descriptors | undefined;

/** {@link descriptors} with the comments of the .proto files, for documents and help texts; read when first asked for. */
export function documentedDescriptors(): Descriptors {
  commented ??= createDescriptors(fromBase64(image));
  return commented;
}

let openApiText: string | undefined;

/** The OpenAPI document of the REST API, as JSON; made once. */
export function openApiJson(): string {
  openApiText ??= JSON.stringify(
    createOpenApi({ descriptors: documentedDescriptors(), services: hanzoServices, title: "Hanzo Network", version: hanzoVersion.version }),
  );
  return openApiText;
}

/** Connects the runtime to the modules that keep accounts, fees and consensus parameters. */
export function connectRuntime(modules: readonly BoundModule[]): RuntimePorts {
  return {
    accounts: facetOf(modules, auth, "ante"),
    fees: facetOf(modules, bank, "fees"),
    consensusParams: facetOf(modules, consensus, "params"),
  };
}

/** What a node chooses; everything else follows from the modules. */
export type HanzoOptions = Pick<AppOptions, "store"> &
  Partial<Omit<AppOptions, "store" | "connect">> & {
    /** How the thread that solves routes is started. */
    readonly spawnSolver?: SpawnSolver;
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
    services: (modules) => {
      // A chain of other modules has no market to route on.
      if (!modules.some(({ name, api }) => name === hmm.name && "routes" in api)) return [];
      const { view } = facetOf(modules, hmm, "routes");
      return routeService(view, new RouteQueue(options.spawnSolver ?? spawnSolver));
    },
    ...options,
  });
}

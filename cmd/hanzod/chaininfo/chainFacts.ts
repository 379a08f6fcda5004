import { readFileSync } from "node:fs";
import { Metadata } from "#proto/cosmos/bank/v1beta1/bank";
import { QueryDefinition as BankQuery, QueryDenomsMetadataRequest, QueryDenomsMetadataResponse } from "#proto/cosmos/bank/v1beta1/query";
import { ConfigRequest, ConfigResponse } from "#proto/cosmos/base/node/v1beta1/query";
import { descriptors } from "../../../app/descriptorImage.ts";
import type { JsonTree } from "../../../app/encoding/goJson.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import type { NodeClient } from "../client/nodeClient.ts";
import { endpointsOf } from "../command/status.ts";
import { readAppConfig } from "../config/appConfig.ts";
import { commandChain } from "../config/commandChain.ts";
import { type Home, requireHome } from "../node/home.ts";

/** What wallets and registries are told of a chain. */
export interface ChainFacts {
  readonly chainId: string;
  readonly bech32Prefix: string;
  /** SLIP-44. */
  readonly coinType: number;
  /** Denomination of fees. */
  readonly feeDenom: string;
  /** Least price of a unit of gas in the fee denomination; 0 accepts any. */
  readonly minGasPrice: number;
  readonly rpc: string;
  readonly rest: string;
  /** By the bank's order. */
  readonly denoms: readonly Metadata[];
}

/** Reads a home: its genesis file, app.toml and config.toml. Nothing needs to run. @throws CliError, NodeError */
export async function readHomeFacts(home: Home): Promise<ChainFacts> {
  await requireHome(home);
  const genesis = readGenesis(home.config.genesis);
  const endpoints = await endpointsOf(home);
  const denoms = (genesis.app_state?.bank?.denom_metadata ?? []).map((json) =>
    Metadata.decode(fromProtoJson(descriptors(), Metadata.$type, json)),
  );
  return {
    ...chainNames(),
    chainId: genesis.chain_id,
    minGasPrice: feeOf(readAppConfig(home)["minimum-gas-prices"]),
    ...endpoints,
    denoms,
  };
}

/** Asks a running node. @param rest its REST API, `http://host:port` @throws CliError when it does not answer */
export async function askNodeFacts(client: NodeClient, rest: string): Promise<ChainFacts> {
  const chainId = await client.chainId();
  const config = await client.query("/cosmos.base.node.v1beta1.Service/Config", ConfigRequest.encode({}).finish());
  const request = QueryDenomsMetadataRequest.fromPartial({ pagination: { limit: 1_000n } });
  const answer = await client.query(`/${BankQuery.fullName}/DenomsMetadata`, QueryDenomsMetadataRequest.encode(request).finish());
  const { metadatas } = QueryDenomsMetadataResponse.decode(answer.value);
  const minGasPrice = feeOf(ConfigResponse.decode(config.value).minimumGasPrice);
  return { ...chainNames(), chainId, minGasPrice, rpc: client.rpc, rest, denoms: metadatas };
}

/** What a home says of its chain. */
function chainNames(): Pick<ChainFacts, "bech32Prefix" | "coinType" | "feeDenom"> {
  const { bech32Prefix, coinType, baseDenom } = commandChain();
  return { bech32Prefix, coinType, feeDenom: baseDenom };
}

interface GenesisFile {
  readonly chain_id: string;
  readonly app_state?: { readonly bank?: { readonly denom_metadata?: readonly JsonTree[] } };
}

function readGenesis(path: string): GenesisFile {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as GenesisFile;
  } catch (cause) {
    throw new CliError(`${path} cannot be read`, { why: reasonOf(cause), next: "hanzod init makes a home with a genesis file", cause });
  }
}

/** Price in the fee denomination among `25000000aai,1credit`; 0 when there is none. */
function feeOf(prices: string): number {
  const price = prices.split(",").map((text) => /^([0-9.]+)([a-zA-Z].*)$/.exec(text.trim()));
  return Number(price.find((match) => match?.[2] === commandChain().baseDenom)?.[1] ?? 0);
}

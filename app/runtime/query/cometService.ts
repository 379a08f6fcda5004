import { type GetBlockByHeightResponse, ServiceDefinition, type Validator } from "#proto/cosmos/base/tendermint/v1beta1/query";
import { PubKey as Ed25519PubKey } from "#proto/cosmos/crypto/ed25519/keys";
import { PubKey as Secp256k1PubKey } from "#proto/cosmos/crypto/secp256k1/keys";
import type { RequestQuery, ResponseQuery } from "#proto/tendermint/abci/types";
import { GRPC_STATUS, invalidArgument, notFound, QueryError } from "#sdk";
import { encodeBech32 } from "../../encoding/bech32.ts";
import { KEY_TYPES } from "../pubKey.ts";
import type { CometPort, CometValidator } from "./cometPort.ts";
import { bindService, type ServiceMethod } from "./service.ts";

/** What the node says about its own program. */
export interface VersionInfo {
  readonly name: string;
  readonly appName: string;
  readonly version: string;
  readonly gitCommit: string;
  /** Version of the Cosmos SDK whose behaviour clients may expect, e.g. `v0.53.8`; explorers choose their API by it. */
  readonly cosmosSdkVersion: string;
  /** Libraries that relayers look for, besides the consensus engine. */
  readonly buildDeps: readonly { readonly path: string; readonly version: string }[];
}

/** What the service needs besides the engine. */
export interface CometServiceEnv {
  readonly comet: CometPort | undefined;
  readonly bech32Prefix: string;
  readonly version: VersionInfo;
  query(request: RequestQuery): Promise<ResponseQuery>;
}

/** Methods of cosmos.base.tendermint.v1beta1.Service: blocks, validators and facts of the node. */
export function cometService({ comet, bech32Prefix, version, query }: CometServiceEnv): readonly ServiceMethod[] {
  const engine = (): CometPort => {
    if (comet === undefined) throw new QueryError(GRPC_STATUS.unimplemented, "this node has no consensus engine");
    return comet;
  };
  const consensusAddress = (bytes: Uint8Array): string => encodeBech32(`${bech32Prefix}valcons`, bytes);
  return bindService(ServiceDefinition, {
    async getNodeInfo() {
      const defaultNodeInfo = await engine().nodeInfo();
      return { defaultNodeInfo, applicationVersion: applicationVersion(version, defaultNodeInfo.version ?? "") };
    },
    async getSyncing() {
      return { syncing: await engine().isSyncing() };
    },
    getLatestBlock: () => blockAt(engine(), undefined, consensusAddress),
    getBlockByHeight({ height }) {
      if (height < 1n) throw invalidArgument(`height must be greater than 0, but got ${height}`);
      return blockAt(engine(), height, consensusAddress);
    },
    getLatestValidatorSet: ({ pagination }) => validatorsAt(engine(), undefined, consensusAddress, pagination),
    getValidatorSetByHeight: ({ height, pagination }) => validatorsAt(engine(), height, consensusAddress, pagination),
    async aBCIQuery({ data, path, height, prove }) {
      const root = path.split("/").find((part) => part !== "");
      if (root !== "store" && root !== "app" && root !== "p2p" && root !== "custom")
        throw invalidArgument(`unsupported ABCI query path: ${path}`);
      return query({ data, path, height, prove });
    },
  });
}

/** Path of the engine as programs of the Cosmos SDK, which are built with it, name it. */
const ENGINE = "github.com/cometbft/cometbft";

/** @param engine version of the consensus engine, such as `0.38.25`; relayers choose their dialect by it */
function applicationVersion({ name, appName, version, gitCommit, cosmosSdkVersion, buildDeps }: VersionInfo, engine: string) {
  const modules = [...buildDeps, { path: ENGINE, version: `v${engine}` }].map((dep) => ({ ...dep, sum: "" }));
  return { name, appName, version, gitCommit, buildTags: "", goVersion: "", buildDeps: modules, cosmosSdkVersion };
}

type FormatAddress = (bytes: Uint8Array) => string;

async function blockAt(comet: CometPort, height: bigint | undefined, format: FormatAddress): Promise<Partial<GetBlockByHeightResponse>> {
  const found = await comet.findBlock(height);
  if (found === undefined)
    throw height === undefined ? notFound("no block yet") : invalidArgument("requested block height is bigger then the chain length");
  const { block, blockId } = found;
  const header = block.header === undefined ? undefined : { ...block.header, proposerAddress: format(block.header.proposerAddress) };
  return { blockId, block, sdkBlock: { ...block, header } };
}

interface PageBounds {
  readonly offset: bigint;
  readonly limit: bigint;
}
const PAGE_LIMIT = 100n;

async function validatorsAt(comet: CometPort, height: bigint | undefined, format: FormatAddress, page: PageBounds | undefined) {
  const found = await comet.validators(height);
  if (found === undefined) throw invalidArgument("requested block height is bigger then the chain length");
  const { validators } = found;
  const from = Number(page?.offset ?? 0n);
  const size = page === undefined || page.limit === 0n ? PAGE_LIMIT : page.limit;
  return {
    blockHeight: found.height,
    validators: validators.slice(from, from + Number(size)).map((validator) => describeValidator(validator, format)),
    pagination: { nextKey: new Uint8Array(0), total: BigInt(validators.length) },
  };
}

function describeValidator({ address, keyType, publicKey, power, proposerPriority }: CometValidator, format: FormatAddress): Validator {
  const codec = keyType === "ed25519" ? Ed25519PubKey : Secp256k1PubKey;
  return {
    address: format(address),
    pubKey: { typeUrl: KEY_TYPES[keyType], value: codec.encode(codec.fromPartial({ key: publicKey })).finish() },
    votingPower: power,
    proposerPriority,
  };
}

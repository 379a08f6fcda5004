// A consensus engine that knows what the recorded answers say about blocks, validators and the node.
import {
  GetBlockByHeightResponse,
  GetNodeInfoResponse,
  GetValidatorSetByHeightResponse,
} from "#proto/cosmos/base/tendermint/v1beta1/query";
import { PubKey } from "#proto/cosmos/crypto/ed25519/keys";
import type { DefaultNodeInfo } from "#proto/tendermint/p2p/types";
import { descriptors } from "../../../../app/descriptorImage.ts";
import { decodeBech32 } from "../../../../app/encoding/bech32.ts";
import { fromHex } from "../../../../app/encoding/bytes.ts";
import { fromProtoJson } from "../../../../app/encoding/protoJsonParse.ts";
import type { CometPort } from "../../../../app/runtime/query/cometPort.ts";
import type { Recording } from "./recording.ts";

type Block = NonNullable<Awaited<ReturnType<CometPort["findBlock"]>>>;
type Validators = NonNullable<Awaited<ReturnType<CometPort["validators"]>>>;

const SERVICE = "/cosmos.base.tendermint.v1beta1.Service/";

/** Makes the engine, without its mempool. */
export function recordedEngine(recording: Recording): Omit<CometPort, "broadcastTx"> {
  const known = collect(recording);
  const last = BigInt(recording.final_height);
  return {
    async nodeInfo() {
      if (known.node === undefined) throw new Error("the recording does not show its node");
      return known.node;
    },
    isSyncing: async () => false,
    findBlock: async (height = last) => known.blocks.get(height),
    validators: async (height) => (height === undefined ? known.latestValidators : known.validators.get(height)),
  };
}

interface Known {
  node: DefaultNodeInfo | undefined;
  readonly blocks: Map<bigint, Block>;
  readonly validators: Map<bigint, Validators>;
  latestValidators: Validators | undefined;
}

function collect({ rest, abci }: Recording): Known {
  const known: Known = { node: undefined, blocks: new Map(), validators: new Map(), latestValidators: undefined };
  for (const { path, code, value = "" } of abci?.abci_query ?? []) {
    if (code !== 0 || !path.startsWith(SERVICE)) continue;
    const method = path.slice(SERVICE.length);
    if (/^Get(Latest)?Block/.test(method)) learnBlock(known, fromHex(value));
    if (/^Get(Latest)?ValidatorSet/.test(method)) learnValidators(known, fromHex(value), method.includes("Latest"));
  }
  // REST shows answers whole that are cut in bytes, so it comes last and wins.
  for (const { path, status, body } of rest?.requests ?? []) {
    const [location = "", search] = path.split("?", 2);
    if (status !== 200 || typeof body !== "object" || body === null) continue;
    if ("default_node_info" in body) known.node = GetNodeInfoResponse.decode(bytesOf(GetNodeInfoResponse.$type, body)).defaultNodeInfo;
    else if ("block_id" in body && "block" in body)
      learnBlock(known, bytesOf(GetBlockByHeightResponse.$type, { block_id: body.block_id, block: body.block }));
    // A page of validators is not the whole set.
    else if ("validators" in body && "block_height" in body && search === undefined)
      learnValidators(known, bytesOf(GetValidatorSetByHeightResponse.$type, body), location.endsWith("/latest"));
  }
  return known;
}

function bytesOf(typeName: string, json: unknown): Uint8Array {
  return fromProtoJson(descriptors(), typeName, json, { unknown: "ignore" });
}

function learnBlock({ blocks }: Known, bytes: Uint8Array): void {
  const { blockId, block } = GetBlockByHeightResponse.decode(bytes);
  if (blockId !== undefined && block?.header !== undefined) blocks.set(block.header.height, { blockId, block });
}

function learnValidators(known: Known, bytes: Uint8Array, latest: boolean): void {
  const { blockHeight, validators } = GetValidatorSetByHeightResponse.decode(bytes);
  const set: Validators = {
    height: blockHeight,
    validators: validators.map(({ address, pubKey, votingPower, proposerPriority }) => ({
      address: decodeBech32(address).bytes,
      keyType: "ed25519",
      publicKey: PubKey.decode(pubKey?.value ?? new Uint8Array(0)).key,
      power: votingPower,
      proposerPriority,
    })),
  };
  known.validators.set(blockHeight, set);
  if (latest) known.latestValidators = set;
}

import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { Timestamp } from "#proto/google/protobuf/timestamp";
import { BlockID, type Header } from "#proto/tendermint/types/types";
import { Consensus } from "#proto/tendermint/version/types";
import { merkleRoot } from "./merkleRoot.ts";

const NOTHING = new Uint8Array(0);
/** Tag of field 1 with a length, and with a varint: what protobuf wraps single values in. */
const BYTES_TAG = 10;
const VARINT_TAG = 8;

/**
 * Hash of a header (block id): the Merkle root over its fourteen fields, each as protobuf, nothing for an empty one.
 * @returns 32 bytes
 */
export function headerHash(header: Header): Uint8Array {
  const { version, time, lastBlockId } = header;
  return merkleRoot([
    version === undefined ? NOTHING : Consensus.encode(version).finish(),
    header.chainId === "" ? NOTHING : new BinaryWriter().uint32(BYTES_TAG).string(header.chainId).finish(),
    header.height === 0n ? NOTHING : new BinaryWriter().uint32(VARINT_TAG).int64(header.height).finish(),
    time === undefined ? NOTHING : Timestamp.encode(time).finish(),
    lastBlockId === undefined ? NOTHING : BlockID.encode(lastBlockId).finish(),
    wrap(header.lastCommitHash),
    wrap(header.dataHash),
    wrap(header.validatorsHash),
    wrap(header.nextValidatorsHash),
    wrap(header.consensusHash),
    wrap(header.appHash),
    wrap(header.lastResultsHash),
    wrap(header.evidenceHash),
    wrap(header.proposerAddress),
  ]);
}

function wrap(bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? NOTHING : new BinaryWriter().uint32(BYTES_TAG).bytes(bytes).finish();
}

// What comes over sockets: ABCI frames, transactions.
import assert from "node:assert/strict";
import { createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { encodeFrame, FrameReader, FramingError } from "../../../app/abci/framing.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { createAnyTypes } from "../../../app/encoding/anyTypes.ts";
import { fromBase64, fromHex } from "../../../app/encoding/bytes.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { createStrictDecoder } from "../../../app/encoding/strictDecode.ts";
import { hanzoStores } from "../../../app/hanzo.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { schema } from "../../../proto/gen/schema.ts";
import { Request } from "../../../proto/gen/tendermint/abci/types.ts";
import { BlockSource } from "../../campaign/determinism/seededBlocks.ts";
import { openSeededChain } from "../../campaign/determinism/seededChain.ts";
import { foreignTypes, readRecording } from "../../unit/encoding/recordings.ts";
import { type FuzzTarget, isAccepted } from "../target.ts";

const FRAME_LIMIT = 1 << 16;
const chain = await openSeededChain(createMemoryCommitStore({ stores: hanzoStores }));
await chain.deliver();
const source = new BlockSource(chain, 7);
const ownTxs = [...(await source.next()), ...(await source.next())];
const recorded = readRecording("checktx")
  .cases.map((c) => c.tx ?? "")
  .filter((tx) => tx !== "" && tx.length < 4000 && foreignTypes(tx).length === 0)
  .map(fromHex);

function readFrames(bytes: Uint8Array, step: number): string[] {
  const reader = new FrameReader(FRAME_LIMIT);
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; at += step)
    for (const frame of reader.push(bytes.subarray(at, at + step))) frames.push(Buffer.from(frame).toString("hex"));
  return frames;
}

const frames: FuzzTarget = {
  name: "abciFrames",
  share: 300,
  seeds: [
    encodeFrame(Request.encode({ flush: {} }).finish()),
    Buffer.concat([
      encodeFrame(Request.encode({ echo: { message: "hello" } }).finish()),
      encodeFrame(Request.encode({ commit: {} }).finish()),
    ]),
    Buffer.concat(Array.from({ length: 5 }, (_, size) => encodeFrame(new Uint8Array(60 * size).fill(size)))),
  ],
  run(bytes) {
    let whole: string[] | undefined;
    const accepted = isAccepted(() => (whole = readFrames(bytes, Math.max(1, bytes.length))), FramingError);
    assert.equal(
      isAccepted(() => assert.deepEqual(readFrames(bytes, 3), whole), FramingError),
      accepted,
      "however the stream is cut",
    );
  },
};

const strict = createStrictDecoder(descriptors(), createAnyTypes(descriptors()));
const second = createFileRegistry(fromBinary(FileDescriptorSetSchema, fromBase64(schema)));

function reencode(typeName: string, bytes: Uint8Array): Uint8Array {
  const type = second.getMessage(typeName) ?? assert.fail(typeName);
  return toBinary(type, fromBinary(type, bytes, { readUnknownFields: false }));
}

const txRaw: FuzzTarget = {
  name: "txRaw",
  share: 250,
  seeds: [...ownTxs, ...recorded.slice(0, 60)],
  run(bytes) {
    if (!isAccepted(() => strict.decodeTx(bytes), EncodingError)) return;
    const parts = strict.decodeTx(bytes);
    // An empty part may stand on the wire, as in the SDK; without messages or signers the transaction is refused one step later.
    if (parts.bodyBytes.length > 0 && parts.authInfoBytes.length > 0)
      assert.deepEqual(
        Buffer.from(reencode("cosmos.tx.v1beta1.TxRaw", bytes)),
        Buffer.from(bytes),
        "a TxRaw that is accepted is canonical",
      );
    reencode("cosmos.tx.v1beta1.TxBody", parts.bodyBytes);
    reencode("cosmos.tx.v1beta1.AuthInfo", parts.authInfoBytes);
  },
};

const checkTx: FuzzTarget = {
  name: "checkTx",
  share: 30,
  seeds: ownTxs,
  run(bytes) {
    const { code, codespace } = chain.check(bytes);
    assert.ok(code === 0 || codespace !== "", "a refusal has a codespace");
    assert.notEqual(code, 111222, "no recovered panic");
  },
};

/** Targets of this file. */
export const wireTargets: readonly FuzzTarget[] = [frames, txRaw, checkTx];

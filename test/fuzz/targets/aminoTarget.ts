// Amino transactions: bytes and JSON that anybody may hand to `/cosmos/tx/v1beta1/decode/amino` and `encode/amino`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { descriptors } from "../../../app/descriptorImage.ts";
import { createAminoTypes } from "../../../app/encoding/aminoTypes.ts";
import { createAnyTypes } from "../../../app/encoding/anyTypes.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { decodeStdTx, encodeStdTx } from "../../../app/encoding/stdTx.ts";
import { type FuzzTarget, isAccepted } from "../target.ts";

const types = createAminoTypes(descriptors(), createAnyTypes(descriptors()));
const { txs } = JSON.parse(readFileSync(new URL("../../../../test/unit/encoding/stdTx.json", import.meta.url), "utf8")) as {
  readonly txs: readonly { readonly json: string; readonly binary: string }[];
};

/** What is accepted has one form from then on. */
function settles(json: string): void {
  const bytes = encodeStdTx(types, json);
  assert.deepEqual(encodeStdTx(types, decodeStdTx(types, bytes)), bytes);
}

const binary: FuzzTarget = {
  name: "aminoBinary",
  share: 40,
  seeds: txs.map((tx) => new Uint8Array(Buffer.from(tx.binary, "hex"))),
  run(bytes) {
    let json = "";
    if (isAccepted(() => (json = decodeStdTx(types, bytes)), EncodingError)) isAccepted(() => settles(json), EncodingError);
  },
};

const json: FuzzTarget = {
  name: "aminoJson",
  share: 40,
  seeds: txs.map((tx) => new Uint8Array(Buffer.from(tx.json))),
  run(bytes) {
    const text = Buffer.from(bytes).toString("utf8");
    if (isAccepted(() => encodeStdTx(types, text), EncodingError)) settles(text);
  },
};

/** Targets of this file. */
export const aminoTargets: readonly FuzzTarget[] = [binary, json];

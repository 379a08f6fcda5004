// How powers stand in the store: in the Cosmos SDK's form, and read as they were written.
import assert from "node:assert/strict";
import { test } from "node:test";
import { concatBytes, createAddressCodec, toHex } from "#sdk";
import { encodeUvarint } from "../../../app/encoding/varint.ts";
import { powerKey } from "../../../modules/staking/keys.ts";
import { powerValue } from "../../../modules/staking/powerValue.ts";
import { fc } from "../../harness/fastCheck.ts";

const env = { address: createAddressCodec("test") };
const power = fc.oneof(
  fc.bigInt(1n, 300n),
  fc.bigInt(1n, 2n ** 63n - 1n),
  fc.integer({ min: 0, max: 62 }).map((bits) => 2n ** BigInt(bits)),
);

test("a power is stored as Int64Value and read as what it was, however large", () => {
  fc.assert(
    fc.property(power, (written) => {
      const bytes = powerValue.encode(written);
      assert.deepEqual(bytes, concatBytes(Uint8Array.of(8), encodeUvarint(written)));
      assert.equal(powerValue.decode(bytes), written);
    }),
  );
});

test("a key by power is eight bytes, a length and an inverted address, and read as what it was", () => {
  fc.assert(
    fc.property(power, fc.uint8Array({ minLength: 20, maxLength: 20 }), (written, address) => {
      const at = { power: written, operator: env.address.operator.format(address) };
      const bytes = powerKey.encode(at, env);
      const inverted = address.map((byte) => 255 - byte);
      assert.equal(toHex(bytes), `${written.toString(16).padStart(16, "0")}14${toHex(inverted)}`);
      assert.deepEqual(powerKey.decode(bytes, env), at);
    }),
  );
});

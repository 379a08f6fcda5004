import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeFrame } from "../../../app/abci/framing.ts";
import { Outgoing } from "../../../app/abci/outgoing.ts";
import { fc } from "../../harness/fastCheck.ts";

test("messages in parts leave as the frames that they are, in order, however often they are taken", () => {
  const part = fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 6000, size: "max" }));
  const message = fc.record({ parts: fc.array(part, { maxLength: 3 }), isTaken: fc.boolean() });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 30 }), (messages) => {
      const out = new Outgoing();
      const whole = messages.map(({ parts }) => new Uint8Array(Buffer.concat(parts)));
      const taken: Uint8Array[] = [];
      for (const [index, { parts, isTaken }] of messages.entries()) {
        out.begin(whole[index]?.length ?? 0);
        for (const each of parts) out.put(each);
        assert.equal(out.isEmpty, false);
        if (!isTaken) continue;
        taken.push(out.take());
        assert.equal(out.isEmpty, true);
      }
      taken.push(out.take());
      const stream = Buffer.concat(taken);
      assert.ok(stream.equals(Buffer.concat(whole.map(encodeFrame))));
    }),
    { seed: 3, numRuns: 60 },
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { MsgPruneAllowances } from "#proto/cosmos/feegrant/v1beta1/tx";
import { createAddressCodec } from "#sdk";
import { createActors } from "../../../cmd/hanzod/sim/chain/actors.ts";
import { createDraws } from "../../../cmd/hanzod/sim/chain/draws.ts";
import type { World } from "../../../cmd/hanzod/sim/chain/world.ts";
import { operation } from "../../../cmd/hanzod/sim/operations/operation.ts";

test("what is dear to make is made of drafts that are used: most of those beside a first message are dropped", () => {
  const codec = createAddressCodec("hanzo");
  const world = { draws: createDraws(1), actors: createActors(1, codec) } as unknown as World;
  let made = 0;
  const dear = operation(MsgPruneAllowances, 1, (_world, { address }) => () => ({ pruner: `${address}${++made}` }));
  const draft = dear.draw(world);
  assert.equal(made, 0);
  const message = draft?.message();
  assert.equal(MsgPruneAllowances.decode(message?.value ?? new Uint8Array(0)).pruner, `${world.actors[0]?.address}1`);
});

test("an actor's operator has the bytes of its account", () => {
  const codec = createAddressCodec("hanzo");
  for (const { address, operator } of createActors(3, codec)) assert.deepEqual(codec.operator.parse(operator), codec.parse(address));
});

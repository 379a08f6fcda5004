import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defaultRegistryTypes } from "@cosmjs/stargate";
import { createHanzoRegistry, hanzoMessages, hanzoRegistryTypes } from "../../../app/client/registry.ts";
import { clientDescriptors } from "../../../app/client/schema.ts";

describe("the registry of the client", () => {
  const registry = createHanzoRegistry();

  it("knows the requests of every Msg service that is defined, and no others", () => {
    const descriptors = clientDescriptors();
    const defined = descriptors.serviceNames
      .map((name) => descriptors.getService(name))
      .filter((service) => service.isMsgService)
      .flatMap((service) => service.methods.map((method) => `/${method.input}`));
    assert.deepEqual([...hanzoMessages].sort(), defined.sort());
  });

  it("encodes and decodes the market's messages, absent fields with their defaults", () => {
    const typeUrl = "/hanzo.hmm.v1.MsgSwap";
    const bytes = registry.encode({ typeUrl, value: { sender: "hanzo1x", poolId: "gpu", creditIn: "7" } });
    assert.deepEqual(registry.decode({ typeUrl, value: bytes }), { sender: "hanzo1x", poolId: "gpu", creditIn: "7", minOut: "" });
  });

  it("reads the responses of the market's messages", () => {
    const typeUrl = "/hanzo.hmm.v1.MsgAddLiquidityResponse";
    const value = { shares: "1", resource: "2", credit: "3", unlockHeight: 2n ** 63n };
    assert.deepEqual(registry.decode({ typeUrl, value: registry.encode({ typeUrl, value }) }), value);
  });

  it("keeps every stock type of cosmjs as it is", () => {
    for (const [typeUrl, type] of defaultRegistryTypes) assert.equal(registry.lookupType(typeUrl), type, typeUrl);
  });

  it("names no type twice", () => {
    const urls = hanzoRegistryTypes.map(([typeUrl]) => typeUrl);
    assert.equal(new Set(urls).size, urls.length);
  });

  it("refuses a type that it does not know", () => {
    assert.throws(() => registry.encode({ typeUrl: "/hanzo.hmm.v1.MsgNothing", value: {} }), /Unregistered type url/);
  });
});

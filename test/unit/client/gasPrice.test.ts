import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { askGasPrice, DEFAULT_GAS_PRICE, findGasPrice } from "../../../app/client/gasPrice.ts";

const nodeWith = (minimumGasPrice: string) => ({
  node: { config: () => Promise.resolve({ minimumGasPrice, pruningKeepRecent: "0", pruningInterval: "0", haltHeight: 0n }) },
});

describe("the gas price that a node asks for", () => {
  it("is its first one above zero", () => {
    assert.equal(findGasPrice("0.000000000000000000credit,25000000.000000000000000000aai")?.toString(), "25000000aai");
    assert.equal(findGasPrice("0.025000000000000000ucosm")?.toString(), "0.025ucosm");
  });

  it("is absent when it relays for nothing", () => {
    assert.equal(findGasPrice(""), undefined);
    assert.equal(findGasPrice("0.000000000000000000aai"), undefined);
    assert.equal(findGasPrice("0coin18"), undefined);
  });

  it("is what the client pays", async () => {
    assert.equal((await askGasPrice(nodeWith("7.5aai"))).toString(), "7.5aai");
  });

  it("is replaced by the default where there is none", async () => {
    assert.equal((await askGasPrice(nodeWith(""))).toString(), DEFAULT_GAS_PRICE);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { addServiceCommands, type MethodCall } from "../../../cmd/hanzod/request/serviceCommands.ts";

interface Ran {
  readonly call: MethodCall;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Runs words on the commands of a service. */
async function run(service: string, messages: boolean, words: readonly string[]): Promise<Ran> {
  const ran: Ran[] = [];
  const command = addServiceCommands(new Command("q"), {
    messages,
    services: [{ module: "m", service }],
    decorate: (method) => method.option("--node <url>"),
    run: async (call, options) => void ran.push({ call, options }),
  });
  await command.parseAsync(["m", ...words], { from: "user" });
  const [only] = ran;
  assert.ok(only !== undefined && ran.length === 1);
  return only;
}

function requestJson({ call }: Ran, signer?: string): unknown {
  return toProtoJson(descriptors(), call.method.input, call.request(signer));
}

test("a query's arguments, switches and page flags reach its request, and its short name means the same", async () => {
  for (const name of ["all-balances", "balances"]) {
    const ran = await run("cosmos.bank.v1beta1.Query", false, [
      name,
      "hanzo1x",
      "--resolve-denom",
      "--limit",
      "3",
      "--reverse",
      "--node",
      "http://n",
    ]);
    assert.equal(ran.call.path, "/cosmos.bank.v1beta1.Query/AllBalances");
    assert.equal(ran.call.signed, false);
    assert.equal(ran.options["node"], "http://n");
    const pagination = { key: null, offset: "0", limit: "3", count_total: false, reverse: true };
    assert.deepEqual(requestJson(ran), { address: "hanzo1x", pagination, resolve_denom: true });
  }
});

test("a flag that may come several times makes a list in the order given", async () => {
  const ran = await run("cosmos.bank.v1beta1.Query", false, ["send-enabled", "--denoms", "b", "--denoms", "a"]);
  assert.deepEqual((requestJson(ran) as { denoms: unknown }).denoms, ["b", "a"]);
});

test("a message's request is made for the sender", async () => {
  const ran = await run("hanzo.hmm.v1.Msg", true, ["swap", "gpu", "100", "--min-out", "9"]);
  assert.equal(ran.call.signed, true);
  assert.deepEqual(requestJson(ran, "hanzo1me"), { sender: "hanzo1me", pool_id: "gpu", credit_in: "100", min_out: "9" });
});

test("help shows the comments of the definitions and passes over fields that are no longer read", () => {
  const command = addServiceCommands(new Command("q"), {
    messages: false,
    services: [
      { module: "hmm", service: "hanzo.hmm.v1.Query" },
      { module: "tx", service: "cosmos.tx.v1beta1.Service" },
    ],
    decorate: (method) => method,
    run: async () => undefined,
  });
  const helpOf = (...words: readonly string[]): string => {
    const found = words.reduce<Command | undefined>((at, word) => at?.commands.find((child) => child.name() === word), command);
    // Help is wrapped to the width of the terminal.
    return (found?.helpInformation() ?? "").replace(/\s+/g, " ");
  };
  assert.match(helpOf("hmm"), /quote-buy <pool-id> <credit-in> says what an amount of credit buys\./);
  assert.match(helpOf("hmm", "quote-buy"), /credit-in Credit base units offered/);
  assert.doesNotMatch(helpOf("tx", "get-txs-event"), /--pagination/);
});

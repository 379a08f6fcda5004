import { Command, InvalidArgumentError } from "commander";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { toJson } from "../../shared/output.ts";
import { type NodeOptions, nodeClientOf } from "../client/nodeOption.ts";
import { addServiceCommands, type MethodCall } from "../request/serviceCommands.ts";
import { queryServices } from "../request/services.ts";
import { chainQueries } from "./chainQueries.ts";
import { withCommonOptions } from "./options.ts";

interface QueryOptions extends NodeOptions {
  readonly height?: bigint;
}

/** `hanzod q <module> <method>`: every query of the chain, answered as JSON. */
export function queryCommand(): Command {
  const query = new Command("query").alias("q").description("ask the chain: every query of every module, answered as JSON");
  for (const command of chainQueries()) query.addCommand(command);
  return addServiceCommands(query, {
    messages: false,
    services: queryServices(),
    decorate: (command) =>
      withCommonOptions(command)
        .option("--node <url>", "RPC of a node (default: the home's)")
        .option("--height <n>", "state after this block (default: the latest)", parseHeight),
    run: (call, options) => ask(call, options as QueryOptions),
  });
}

async function ask(call: MethodCall, options: QueryOptions): Promise<void> {
  const request = call.request();
  const client = await nodeClientOf(options);
  const { value } = await client.query(call.path, request, options.height);
  process.stdout.write(`${toJson(toProtoJson(descriptors(), call.method.output, value))}\n`);
}

function parseHeight(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError("a block's height is expected");
  return BigInt(text);
}

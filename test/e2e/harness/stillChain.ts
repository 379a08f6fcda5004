import { readFile, writeFile } from "node:fs/promises";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { DEFAULT_PARAMS } from "../../../modules/emissions/params.ts";
import { Params } from "../../../proto/gen/hanzo/emissions/v1/types.ts";
import type { ChainHome } from "./chainHome.ts";

/** Takes the rewards of blocks out of a genesis file, so that nothing moves but what transactions move. CONTRACT: the chain has not begun. */
export async function keepStill({ home }: Pick<ChainHome, "home">): Promise<void> {
  const path = home.config.genesis;
  const genesis = JSON.parse(await readFile(path, "utf8")) as { app_state: Record<string, unknown> };
  const params = { ...DEFAULT_PARAMS, schedule: [{ startHeight: 1n, reward: "0" }] };
  genesis.app_state["emissions"] = { params: toProtoJson(descriptors(), Params.$type, Params.encode(params).finish()) };
  await writeFile(path, JSON.stringify(genesis, null, 2));
}

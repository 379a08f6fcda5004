import { MsgUpdateParams } from "#proto/hanzo/emissions/v1/tx";
import { DEFAULT_PARAMS } from "../../../../modules/emissions/params.ts";
import { governed, type Operation } from "./operation.ts";

/** Operations of x/emissions. */
export const emissionsOperations: readonly Operation[] = [
  governed(MsgUpdateParams, 1, ({ draws }, authority) => ({
    authority,
    params: { ...DEFAULT_PARAMS, validatorsPpm: 300_000 + draws.below(50_000), carryBlocks: BigInt(10 + draws.below(100)) },
  })),
];

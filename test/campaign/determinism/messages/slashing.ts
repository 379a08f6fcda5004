import { descriptors } from "../../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../../app/encoding/protoJson.ts";
import { DEFAULT_PARAMS } from "../../../../modules/slashing/params.ts";
import { Params } from "../../../../proto/gen/cosmos/slashing/v1beta1/slashing.ts";
import { type ModuleMessages, operatorOf } from "./maker.ts";

/** Parameters as JSON with which a few missed blocks jail a validator, for a few more. @param window blocks */
export function slashingParams(window: bigint, jailSeconds: bigint): unknown {
  const params = { ...DEFAULT_PARAMS, signedBlocksWindow: window, downtimeJailDuration: { seconds: jailSeconds, nanos: 0 } };
  return toProtoJson(descriptors(), Params.$type, Params.encode(params).finish());
}

/** Messages of x/slashing. */
export const slashingMessages: ModuleMessages = {
  likely: { "cosmos.slashing.v1beta1.MsgUnjail": (_random, _world, sender) => ({ validator_addr: operatorOf(sender) }) },
  governed: {
    "cosmos.slashing.v1beta1.MsgUpdateParams": (random) => ({
      params: slashingParams(BigInt(5 + random.below(4)), BigInt(1 + random.below(3))),
    }),
  },
};

import { descriptors } from "../../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../../app/encoding/protoJson.ts";
import { DEFAULT_PARAMS } from "../../../../modules/emissions/params.ts";
import { Params } from "../../../../proto/gen/hanzo/emissions/v1/types.ts";
import type { ModuleMessages } from "./maker.ts";

/** Messages of x/emissions. */
export const emissionsMessages: ModuleMessages = {
  governed: {
    "hanzo.emissions.v1.MsgUpdateParams": (random) => {
      const params = { ...DEFAULT_PARAMS, validatorsPpm: 300_000 + random.below(50_000), carryBlocks: BigInt(10 + random.below(90)) };
      return { params: toProtoJson(descriptors(), Params.$type, Params.encode(params).finish()) };
    },
  },
};

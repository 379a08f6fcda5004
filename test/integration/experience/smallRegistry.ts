import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { DEFAULT_PARAMS } from "../../../modules/experience/params.ts";
import { GenesisState } from "../../../proto/gen/hanzo/experience/v1/genesis.ts";
import { QUICK, SMALL, schemaOf } from "../../harness/experienceBench.ts";

/** Genesis of a registry with a small schema, one domain and short windows. */
export function smallRegistry(params: object = {}): unknown {
  const genesis = GenesisState.fromPartial({
    params: { ...DEFAULT_PARAMS, ...QUICK, ...params },
    schemas: [schemaOf("small", SMALL)],
    domains: [{ schema: "small", name: "default", open: true, openRound: 0n, rounds: 0n, activeRound: 0n }],
  });
  return toProtoJson(descriptors(), GenesisState.$type, GenesisState.encode(genesis).finish());
}

import { Equivocation } from "#proto/cosmos/evidence/v1beta1/evidence";
import { MsgSubmitEvidence } from "#proto/cosmos/evidence/v1beta1/tx";
import { createAddressCodec, encodeMessage } from "../../../../app/sdk/index.ts";
import { type Operation, operation } from "./operation.ts";

/** Operations of x/evidence: well formed, and refused all the same, for evidence comes from CometBFT alone. */
export const evidenceOperations: readonly Operation[] = [
  operation(MsgSubmitEvidence, 1, ({ draws, height, seconds, machines, prefix }, { address }) => {
    const equivocation = Equivocation.fromPartial({
      height,
      time: { seconds, nanos: 0 },
      power: BigInt(1 + draws.below(100)),
      consensusAddress: createAddressCodec(prefix).consensus.format(draws.pick(machines).address),
    });
    return { submitter: address, evidence: { typeUrl: `/${Equivocation.$type}`, value: encodeMessage(Equivocation, equivocation) } };
  }),
];

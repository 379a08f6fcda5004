import { MsgUnjail, MsgUpdateParams } from "#proto/cosmos/slashing/v1beta1/tx";
import { createAddressCodec, encodeUtf8 } from "../../../../app/sdk/index.ts";
import { staking } from "../../../../modules/staking/index.ts";
import { governed, type Operation, operation } from "./operation.ts";

/** A fraction as the parameters hold it. @param thousandths 0 to 1000 */
const fraction = (thousandths: number): Uint8Array => encodeUtf8(String(BigInt(thousandths) * 10n ** 15n));

/** Operations of x/slashing. */
export const slashingOperations: readonly Operation[] = [
  operation(MsgUnjail, 10, (world, { address }) => {
    const codec = createAddressCodec(world.prefix);
    const validatorAddr = codec.operator.format(codec.parse(address));
    const isJailed = world.facet(staking, "view").findValidator(world.ctx, validatorAddr)?.jailed === true;
    return isJailed || world.draws.once(40) ? { validatorAddr } : undefined;
  }),
  governed(MsgUpdateParams, 1, ({ draws }, authority) => ({
    authority,
    params: {
      signedBlocksWindow: BigInt(10 + draws.below(40)),
      minSignedPerWindow: fraction(300 + draws.below(500)),
      downtimeJailDuration: { seconds: BigInt(5 + draws.below(100)), nanos: 0 },
      slashFractionDoubleSign: fraction(draws.below(100)),
      slashFractionDowntime: fraction(draws.below(20)),
    },
  })),
];

import { MsgUnjail, MsgUpdateParams } from "#proto/cosmos/slashing/v1beta1/tx";
import { encodeUtf8 } from "../../../../app/sdk/index.ts";
import { slashing } from "../../../../modules/slashing/index.ts";
import { staking } from "../../../../modules/staking/index.ts";
import type { Actor } from "../chain/actors.ts";
import type { World } from "../chain/world.ts";
import { chosen, governed, type Operation } from "./operation.ts";

/** A fraction as the parameters hold it. @param thousandths 0 to 1000 */
const fraction = (thousandths: number): Uint8Array => encodeUtf8(String(BigInt(thousandths) * 10n ** 15n));

/** Whether the validator of an operator is jailed, sometimes for some time yet, but not for ever. */
function mayComeBack(world: World, operator: Actor): boolean {
  const validator = world.facet(staking, "view").findValidator(world.ctx, operator.operator);
  return validator?.jailed === true && !world.facet(slashing, "view").isTombstoned(world.ctx, validator.consAddress);
}

/** Operations of x/slashing. */
export const slashingOperations: readonly Operation[] = [
  chosen(MsgUnjail, 10, (world) => {
    const all = [...world.actors, ...world.founders];
    const jailed = all.filter((actor) => mayComeBack(world, actor));
    if (jailed.length === 0 && !world.draws.once(40)) return undefined;
    const signer = world.draws.pick(jailed.length === 0 || world.draws.once(20) ? all : jailed);
    return { signer, fields: { validatorAddr: signer.operator } };
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

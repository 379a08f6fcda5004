import { MsgUpdateParams } from "#proto/cosmos/auth/v1beta1/tx";
import { governed, type Operation } from "./operation.ts";

/** Operations of x/auth; accounts come with whatever is sent to them. */
export const authOperations: readonly Operation[] = [
  governed(MsgUpdateParams, 1, ({ draws }, authority) => ({
    authority,
    params: {
      maxMemoCharacters: BigInt(200 + draws.below(200)),
      txSigLimit: 7n,
      txSizeCostPerByte: BigInt(5 + draws.below(10)),
      sigVerifyCostEd25519: 590n,
      sigVerifyCostSecp256k1: BigInt(500 + draws.below(1000)),
    },
  })),
];

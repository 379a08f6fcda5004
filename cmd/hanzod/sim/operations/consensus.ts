import { MsgUpdateParams } from "#proto/cosmos/consensus/v1/tx";
import { governed, type Operation } from "./operation.ts";

/** Operations of x/consensus. Blocks keep room for what is drawn. */
export const consensusOperations: readonly Operation[] = [
  governed(MsgUpdateParams, 1, ({ draws }, authority) => ({
    authority,
    block: { maxBytes: 4_194_304n, maxGas: BigInt(100_000_000 + draws.below(1000)) },
    evidence: { maxAgeNumBlocks: BigInt(1000 + draws.below(100)), maxAgeDuration: { seconds: 172_800n, nanos: 0 }, maxBytes: 1_048_576n },
    validator: { pubKeyTypes: ["ed25519", "secp256k1"] },
  })),
];

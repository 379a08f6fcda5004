import type { GenesisState } from "#proto/cosmos/mint/v1beta1/genesis";
import type { GenesisHandlers } from "#sdk";
import type { Mint } from "./mintBlock.ts";
import { DEFAULT_MINTER, DEFAULT_PARAMS, validateMinter, validateParams } from "./params.ts";

/** Genesis of x/mint in the format of the Cosmos SDK. */
export function createGenesis({ state, params, needs }: Mint): GenesisHandlers<GenesisState> {
  return {
    default: () => ({ params: DEFAULT_PARAMS, minter: DEFAULT_MINTER }),
    validate(genesis) {
      validateParams(genesis.params ?? DEFAULT_PARAMS);
      validateMinter(genesis.minter ?? DEFAULT_MINTER);
    },
    init(ctx, genesis) {
      state.minter.set(ctx, genesis.minter ?? DEFAULT_MINTER);
      params.set(ctx, genesis.params ?? DEFAULT_PARAMS);
      needs.auth.ensureModuleAccount(ctx, "mint", ["minter"]);
    },
    export: (ctx) => ({ minter: state.minter.get(ctx), params: params.get(ctx) }),
  };
}

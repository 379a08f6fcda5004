import { GenesisState } from "#proto/cosmos/mint/v1beta1/genesis";
import { Minter, Params } from "#proto/cosmos/mint/v1beta1/mint";
import { QueryDefinition } from "#proto/cosmos/mint/v1beta1/query";
import { MsgDefinition } from "#proto/cosmos/mint/v1beta1/tx";
import { coll, defineModule, encodeUtf8, formatDecimal, parseDecAtomics } from "#sdk";
import { auth } from "../auth/index.ts";
import { bank } from "../bank/index.ts";
import { staking } from "../staking/index.ts";
import { createGenesis } from "./genesis.ts";
import { mintBlock } from "./mintBlock.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";

/** Prefix of the parameters; 0 belongs to the minter. */
const PARAMS_PREFIX = 1;

/** x/mint: new coins by an inflation that follows what is staked; for chains of the Cosmos SDK. README.md is its specification. */
export const mint = defineModule({
  name: "mint",
  version: 1,
  needs: {
    auth: auth.facet("accounts"),
    bank: bank.facet("view", "transfer", "mint"),
    staking: staking.facet("view"),
  },
  params: { type: Params, default: DEFAULT_PARAMS, prefix: PARAMS_PREFIX, validate: validateParams },
  state: {
    /** What the last block minted by. */
    minter: coll.item(0, Minter),
  },
  msgs: [MsgDefinition, () => ({})],
  queries: [
    QueryDefinition,
    ({ state }) => ({
      inflation: (ctx) => ({ inflation: encodeUtf8(state.minter.get(ctx).inflation) }),
      annualProvisions: (ctx) => ({ annualProvisions: encodeUtf8(state.minter.get(ctx).annualProvisions) }),
    }),
  ],
  beginBlock: (m) => (ctx) => mintBlock(m, ctx),
  invariants: ({ state }) => ({
    inflationIsNotNegative(ctx) {
      const inflation = parseDecAtomics(state.minter.get(ctx).inflation);
      return inflation >= 0n ? undefined : `inflation of at least 0 expected, got ${formatDecimal(inflation)}`;
    },
  }),
  genesis: [GenesisState, createGenesis],
});

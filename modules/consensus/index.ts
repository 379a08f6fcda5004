import { QueryDefinition } from "#proto/cosmos/consensus/v1/query";
import { MsgDefinition } from "#proto/cosmos/consensus/v1/tx";
import { ConsensusParams } from "#proto/tendermint/types/params";
import { type Ctx, coll, defineModule, memoized, type ReadCtx, requireAuthority, sdkError, value } from "#sdk";
import { validateChange, validateConsensusParams } from "./limits.ts";
import { formatParams } from "./paramsText.ts";

/** x/consensus: the parameters that the application gives to CometBFT. README.md is its specification. */
export const consensus = defineModule({
  name: "consensus",
  version: 1,
  // Every block asks for them several times.
  state: { current: coll.item(0, memoized(value.proto(ConsensusParams))) },
  foresee: { updateParams: validateConsensusParams },
  api: ({ state }) => ({
    view: {
      /** The parameters in force; absent before genesis. */
      params: (ctx: ReadCtx): ConsensusParams | undefined => state.current.find(ctx),
    },
    params: {
      /** The parameters in force from the next block on; absent before genesis. */
      get: (ctx: ReadCtx): ConsensusParams | undefined => state.current.find(ctx),
      /** @throws undefined/1 when CometBFT would refuse them */
      set(ctx: Ctx, params: ConsensusParams): void {
        validateConsensusParams(params);
        state.current.set(ctx, complete(params));
      },
    },
  }),
  msgs: [
    MsgDefinition,
    ({ state, authority }) => ({
      updateParams(ctx, { authority: sender, ...groups }) {
        requireAuthority(authority, sender);
        validateConsensusParams(groups);
        const before = state.current.find(ctx);
        validateChange(before, groups.abci, ctx.height);
        state.current.set(ctx, complete({ ...groups, abci: groups.abci ?? before?.abci, version: before?.version }));
        ctx.event("update_consensus_params", [
          ["authority", authority],
          ["parameters", formatParams(groups)],
        ]);
        return {};
      },
    }),
  ],
  queries: [QueryDefinition, ({ state }) => ({ params: (ctx) => ({ params: state.current.find(ctx) }) })],
  // The parameters stand in the genesis file's own `consensus.params`; a second place would only contradict it.
  genesis: [
    ConsensusParams,
    () => ({
      default: () => ({}),
      validate({ block, evidence, validator, version, abci }) {
        const given = block ?? evidence ?? validator ?? version ?? abci;
        if (given !== undefined)
          throw sdkError.invalidRequest(
            "consensus: nothing expected here, the parameters belong into consensus.params of the genesis file",
          );
      },
      init() {},
      export: () => ConsensusParams.fromPartial({}),
    }),
  ],
});

/** CometBFT answers with all groups, the two last ones empty if need be. */
function complete({ version, abci, ...groups }: ConsensusParams): ConsensusParams {
  return { ...groups, version: version ?? { app: 0n }, abci: abci ?? { voteExtensionsEnableHeight: 0n } };
}

import { QueryDefinition } from "#proto/cosmos/params/v1beta1/query";
import { defineModule, invalidArgument } from "#sdk";

/** Modules whose parameters had a name here before every module kept its own, in the order that the Cosmos SDK lists them. */
const SUBSPACES = ["staking", "slashing", "mint", "distribution", "gov", "auth", "bank"];

/** x/params: what remains of it, queries of old clients that find nothing. README.md is its specification. */
export const params = defineModule({
  name: "params",
  version: 1,
  state: {},
  errors: { unknownSubspace: [2, "unknown subspace"] },
  queries: [
    QueryDefinition,
    ({ err }) => ({
      params(_ctx, { subspace, key }) {
        if (subspace === "" || key === "") throw invalidArgument("invalid request");
        if (!SUBSPACES.includes(subspace)) throw err.unknownSubspace(subspace);
        return { param: { subspace, key, value: "" } };
      },
      subspaces: () => ({ subspaces: SUBSPACES.map((subspace) => ({ subspace, keys: [] })) }),
    }),
  ],
});

import { GenesisState } from "#proto/cosmos/genutil/v1beta1/genesis";
import { type Ctx, defineModule, type GenesisTxs, ModuleError, port } from "#sdk";
import { staking } from "../staking/index.ts";
import { parseGenTx, readGenTxs, requireCreateValidator, writeGenTxs } from "./genTxs.ts";

/** x/genutil: the transactions that a chain begins with, each creating a validator. README.md is its specification. */
export const genutil = defineModule({
  name: "genutil",
  version: 1,
  needs: { staking: staking.facet("genesis") },
  ports: { transactions: port<GenesisTxs>() },
  state: {},
  genesis: [
    GenesisState,
    ({ needs, ports }) => ({
      default: () => ({ genTxs: [] }),
      json: { read: readGenTxs, write: writeGenTxs },
      validate: ({ genTxs }) => each(genTxs, requireCreateValidator),
      init(ctx: Ctx, { genTxs }) {
        // Without any, the validators are those that the genesis of staking names.
        if (genTxs.length === 0) return [];
        each(genTxs, (tx) => ports.transactions.deliver(ctx, tx));
        return needs.staking.applyValidatorSetUpdates(ctx);
      },
      // What they did is in the state of the other modules.
      export: () => ({ genTxs: [] }),
    }),
  ],
});

/** Does something with every transaction in order. @throws ModuleError with the place of the first that fails */
function each(genTxs: readonly Uint8Array[], work: (tx: unknown) => void): void {
  for (const [index, bytes] of genTxs.entries()) {
    try {
      work(parseGenTx(bytes));
    } catch (error) {
      if (!(error instanceof ModuleError)) throw error;
      throw new ModuleError(error.codespace, error.code, error.message, `gen_txs[${index}]`);
    }
  }
}

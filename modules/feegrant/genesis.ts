import type { Grant } from "#proto/cosmos/feegrant/v1beta1/feegrant";
import type { GenesisState } from "#proto/cosmos/feegrant/v1beta1/genesis";
import { type GenesisHandlers, ModuleError, sdkError } from "#sdk";
import { readAllowance } from "./allowance.ts";
import type { Feegrant } from "./feegrant.ts";
import { addGrant } from "./grants.ts";

/** Genesis of x/feegrant in the format of the Cosmos SDK. Allowances that have expired are written, as the SDK does, and not read. */
export function createGenesis(feegrant: Feegrant): GenesisHandlers<GenesisState> {
  const { state, address, err } = feegrant;
  return {
    default: () => ({ allowances: [] }),
    validate({ allowances }) {
      const seen = new Set<string>();
      for (const [i, grant] of allowances.entries()) at(`feegrant.allowances[${i}]`, () => checkGrant(feegrant, grant, seen));
    },
    init(ctx, { allowances }) {
      for (const { granter, grantee, allowance } of allowances) {
        const expiresNs = readAllowance(allowance, err).expiresNs(err);
        if (expiresNs !== undefined && expiresNs < ctx.timeNs) continue;
        addGrant(feegrant, ctx, address.canonical(granter), address.canonical(grantee), allowance);
      }
    },
    export: (ctx) => ({ allowances: [...state.grants.entries(ctx)].map(([, grant]) => grant) }),
  };
}

function checkGrant({ address, err }: Feegrant, { granter, grantee, allowance }: Grant, seen: Set<string>): void {
  const pair = `${address.canonical(granter)} ${address.canonical(grantee)}`;
  if (seen.has(pair)) throw sdkError.invalidRequest("fee allowance already exists");
  seen.add(pair);
  readAllowance(allowance, err).check(err);
}

/** Names the entry in what is thrown. @throws sdk/18 */
function at(path: string, check: () => void): void {
  try {
    check();
  } catch (cause) {
    if (cause instanceof ModuleError) throw sdkError.invalidRequest(`${path}: ${cause.message}`);
    throw cause;
  }
}

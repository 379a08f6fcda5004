import { InvalidArgumentError } from "commander";
import { CliError } from "../../shared/cliError.ts";
import { type NodeClient, RefusedQuery } from "../client/nodeClient.ts";
import { failureAdvice } from "./report.ts";
import { type TxDraft, type TxFee, unsignedTx } from "./txBytes.ts";

/** A factor with three decimals: 1100n is 1.1. */
export type GasAdjustment = bigint;

const THOUSAND = 1000n;
/** Gas limit of the first simulation: of the usual length, so that the second has the right size. */
const FIRST_GAS = 100_000n;
/** The length of the gas limit changes the size and so the gas; it settles in the second or third round. */
const ROUNDS = 4;

/** Parses `1.1`. @throws InvalidArgumentError below 1, above 100, or with more than three decimals */
export function parseGasAdjustment(text: string): GasAdjustment {
  const [, whole = "", fraction = ""] = /^(\d{1,3})(?:\.(\d{1,3}))?$/.exec(text) ?? [];
  const value = whole === "" ? 0n : BigInt(whole) * THOUSAND + BigInt(fraction.padEnd(3, "0"));
  if (value < THOUSAND || value > 100n * THOUSAND)
    throw new InvalidArgumentError("a factor from 1 to 100 with at most three decimals is expected");
  return value;
}

/** Parses `auto` or a whole number. @throws InvalidArgumentError for anything else */
export function parseGas(text: string): "auto" | bigint {
  if (text === "auto") return "auto";
  if (!/^[1-9]\d{0,17}$/.test(text)) throw new InvalidArgumentError('"auto" or a whole number is expected');
  return BigInt(text);
}

/** Gas that the transaction uses on the latest state. @throws CliError with the chain's codespace and code when it would fail */
export function simulate(client: NodeClient, draft: TxDraft, fee: TxFee): Promise<bigint> {
  return simulateBytes(client, unsignedTx(draft, fee));
}

/** Gas of an encoded transaction. @throws CliError as {@link simulate} */
export async function simulateBytes(client: NodeClient, tx: Uint8Array): Promise<bigint> {
  // `/app/simulate` keeps codespace and code apart, which the gRPC method folds into a text.
  const { value } = await client.query("/app/simulate", tx).catch(wouldFail);
  const { gas_info: info } = JSON.parse(new TextDecoder().decode(value)) as { readonly gas_info: { readonly gas_used: string } };
  return BigInt(info.gas_used);
}

function wouldFail(thrown: unknown): never {
  if (!(thrown instanceof RefusedQuery)) throw thrown;
  const { codespace, code, log } = thrown;
  throw new CliError(`the transaction would fail: codespace ${codespace} code ${code}`, {
    why: log.replace(/^failed to simulate tx: /, ""),
    next: failureAdvice(thrown),
    refusal: { codespace, code },
    cause: thrown,
  });
}

/**
 * A gas limit from simulation, rounded up.
 * @param feeOf what a gas limit costs and who pays; the fee is part of the transaction's size
 */
export async function estimateGas(
  client: NodeClient,
  draft: TxDraft,
  adjustment: GasAdjustment,
  feeOf: (gas: bigint) => TxFee,
): Promise<bigint> {
  let gas = FIRST_GAS;
  for (let round = 0; round < ROUNDS; round++) {
    const used = await simulate(client, draft, feeOf(gas));
    const wanted = (used * adjustment + THOUSAND - 1n) / THOUSAND;
    if (wanted === gas) break;
    gas = wanted;
  }
  return gas;
}

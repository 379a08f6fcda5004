import { ConfigResponse } from "#proto/cosmos/base/node/v1beta1/query";
import type { ChainConfig } from "#sdk";
import { decodeBech32 } from "../../../../app/encoding/bech32.ts";
import { fromHex } from "../../../../app/encoding/bytes.ts";
import { parseTimestamp } from "../../../../app/encoding/timeText.ts";
import { CHAIN } from "../../../../app/hanzo.ts";
import { timestampNs } from "../../../../app/sdk/time.ts";
import { DEFAULT_POWER_REDUCTION, findPowerReduction, type Weighed } from "../../genesis/powerReduction.ts";
import type { RecordedGenesis, Recording } from "./recording.ts";

/** What a recording says of its chain; nothing of it is known beforehand. */
export interface ChainFacts {
  readonly chainId: string;
  readonly config: ChainConfig;
  /** Last height, where all questions were asked. */
  readonly height: bigint;
  /** Times of blocks by height, nanoseconds since 1970-01-01 UTC; those that the recording shows. */
  readonly timesNs: ReadonlyMap<bigint, bigint>;
  /** Time of the last block. */
  readonly timeNs: bigint;
  /** Prices of the recorded node's mempool. */
  readonly minGasPrices: string;
  /** Version that the recorded program shows. */
  readonly version: string;
}

/**
 * Reads the facts off a recording.
 * @throws Error when its genesis is missing
 */
export function readChainFacts(recording: Recording): ChainFacts {
  const { exported, genesis } = requireGenesis(recording);
  const height = BigInt(recording.final_height);
  const timesNs = readTimes(recording);
  const minGasPrices = findMinGasPrices(recording);
  const bondDenom = exported.app_state.staking?.params?.bond_denom ?? /[a-zA-Z].*$/.exec(minGasPrices)?.[0];
  return {
    chainId: recording.chain_id,
    config: {
      ...CHAIN,
      bech32Prefix: prefixOf(exported),
      baseDenom: bondDenom ?? CHAIN.baseDenom,
      powerReduction: findPowerReduction(weighedValidators(exported)) ?? DEFAULT_POWER_REDUCTION,
    },
    height,
    timesNs,
    timeNs: timesNs.get(height) ?? nanoseconds(genesis.genesis_time),
    minGasPrices,
    version: recording.sdk,
  };
}

/** Stake and power of the validators that the chain ended with. */
function weighedValidators({ app_state }: RecordedGenesis): readonly Weighed[] {
  const { validators = [], last_validator_powers = [] } = app_state.staking ?? {};
  return last_validator_powers.flatMap(({ address, power }) => {
    const tokens = validators.find(({ operator_address }) => operator_address === address)?.tokens;
    return tokens === undefined ? [] : [{ tokens: BigInt(tokens), power: BigInt(power) }];
  });
}

/** @throws Error when the recording has no genesis */
export function requireGenesis({ genesis }: Recording): { readonly genesis: RecordedGenesis; readonly exported: RecordedGenesis } {
  if (genesis === undefined)
    throw new Error("genesis.json is expected beside the other files: it has the state that they were recorded on");
  return genesis;
}

function prefixOf({ app_state }: RecordedGenesis): string {
  const addresses = app_state.auth.accounts.map(
    ({ address: own, base_account, base_vesting_account }) => own ?? (base_account ?? base_vesting_account?.base_account)?.address ?? "",
  );
  const address = addresses.find((text) => text !== "");
  if (address === undefined) throw new Error("genesis.json: an account with an address expected");
  return decodeBech32(address).prefix;
}

/** What the node told of its prices, over REST or in bytes, or what its refusals show. */
function findMinGasPrices({ rest, abci, checktx }: Recording): string {
  const shown = rest?.requests.find(({ path, status }) => status === 200 && path.endsWith("/base/node/v1beta1/config"));
  if (shown !== undefined) return String((shown.body as { readonly minimum_gas_price?: unknown }).minimum_gas_price ?? "");
  const asked = abci?.abci_query.find(({ path, code }) => code === 0 && path === "/cosmos.base.node.v1beta1.Service/Config");
  if (asked !== undefined) return ConfigResponse.decode(fromHex(asked.value ?? "")).minimumGasPrice;
  const refused = checktx?.cases.find(({ log = "" }) => /^insufficient fees; got: {1,2}required: /.test(log)) as
    | { readonly log: string; readonly gas_wanted?: string }
    | undefined;
  const [, amount = "0", denom = ""] = /required: (\d+)([^:]+): /.exec(refused?.log ?? "") ?? [];
  const gas = BigInt(refused?.gas_wanted ?? "0");
  if (gas === 0n) return "";
  const SCALE = 10n ** 18n;
  const price = (BigInt(amount) * SCALE) / gas;
  return `${price / SCALE}.${String(price % SCALE).padStart(18, "0")}${denom}`;
}

/** Times of blocks wherever the recording shows one: the list of blocks, headers, answers about transactions, refusals. */
function readTimes({ blocks, rest, checktx, final_height }: Recording): ReadonlyMap<bigint, bigint> {
  const times = new Map<bigint, bigint>();
  const last = /^block time: (\S+) (\S+) \+0000 UTC/;
  for (const { log = "" } of checktx?.cases ?? []) {
    const found = last.exec(log);
    if (found !== null) times.set(BigInt(final_height), nanoseconds(`${found[1]}T${found[2]}Z`));
  }
  for (const { body } of rest?.requests ?? []) collectTimes(body, times);
  for (const { height, time } of blocks?.blocks ?? []) times.set(BigInt(height), nanoseconds(time));
  return times;
}

/** A height beside a time is a block's: headers, the node's status, answers about transactions. */
function collectTimes(json: unknown, times: Map<bigint, bigint>): void {
  if (typeof json !== "object" || json === null) return;
  const { height, time, timestamp } = json as { readonly [name: string]: unknown };
  const text = time ?? timestamp;
  const isTime = typeof text === "string" && /^\d{4}-\d\d-\d\dT.*Z$/.test(text);
  // Answers about transactions show whole seconds: a header knows better.
  if (typeof height === "string" && /^\d+$/.test(height) && isTime && (time !== undefined || !times.has(BigInt(height))))
    times.set(BigInt(height), nanoseconds(text));
  for (const value of Object.values(json)) collectTimes(value, times);
}

function nanoseconds(text: string): bigint {
  return timestampNs(parseTimestamp(text));
}

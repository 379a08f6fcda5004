// A whole chain in memory with virtual validators.
import assert from "node:assert/strict";
import { CHAIN } from "../../../app/hanzo.ts";
import { createAddressCodec } from "../../../app/sdk/address.ts";
import { QueryAllEvidenceRequest, QueryAllEvidenceResponse } from "../../../proto/gen/cosmos/evidence/v1beta1/query.ts";
import { QuerySigningInfosRequest, QuerySigningInfosResponse } from "../../../proto/gen/cosmos/slashing/v1beta1/query.ts";
import type { ValidatorSigningInfo } from "../../../proto/gen/cosmos/slashing/v1beta1/slashing.ts";
import { MsgUnjail } from "../../../proto/gen/cosmos/slashing/v1beta1/tx.ts";
import type { Event, ResponseFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";
import { message, type TestMessage } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";
import {
  createValidator,
  createVirtualSet,
  type VirtualBlock,
  type VirtualSet,
  type VirtualValidator,
  virtualValidator,
} from "../../harness/virtualValidators.ts";

/** Stake of every validator: a thousand units of power. */
export const STAKE = 1_000n * 10n ** 18n;

/** Parameters that tests look at; a block takes a second. */
export interface SceneOptions {
  readonly validators: number;
  readonly window: number;
  readonly jailSeconds: number;
  readonly unbondingSeconds?: number;
}

export interface ValidatorScene {
  readonly chain: TestChain;
  readonly set: VirtualSet;
  readonly validators: readonly VirtualValidator[];
  block(block?: VirtualBlock): Promise<ResponseFinalizeBlock>;
  /** Runs blocks in which everybody votes. */
  blocks(count: number): Promise<void>;
  /** Sends one transaction of a validator's account in a block of its own. */
  send(
    validator: VirtualValidator,
    ...messages: readonly TestMessage[]
  ): Promise<{ readonly code: number; readonly codespace: string; readonly log: string }>;
  unjail(validator: VirtualValidator): Promise<{ readonly code: number; readonly codespace: string; readonly log: string }>;
  info(validator: VirtualValidator): Promise<ValidatorSigningInfo>;
  /** Records of all validators that have one, in their order. */
  infos(): Promise<ReadonlyMap<VirtualValidator, ValidatorSigningInfo>>;
  evidenceCount(): Promise<number>;
}

/** Events of a type as text, in their order. */
export function eventTexts(events: readonly Event[], type: string): string[] {
  return events
    .filter((event) => event.type === type)
    .map(({ attributes }) =>
      attributes
        .filter(({ key }) => key !== "mode")
        .map(({ key, value }) => `${key}=${value}`)
        .join(" "),
    );
}

/** Starts a chain whose validators are in the set and voting. The account of the first one may change parameters. */
export async function createValidatorScene(options: SceneOptions): Promise<ValidatorScene> {
  const { validators: count, window, jailSeconds, unbondingSeconds = 1_000_000 } = options;
  const authority = (await createTestChain({ accounts: 1 })).accounts[0]?.address ?? "";
  const chain = await createTestChain({
    accounts: count,
    app: { chain: { ...CHAIN, authorityModule: authority }, invariantInterval: 20n },
    appState: {
      staking: {
        params: {
          unbonding_time: `${unbondingSeconds}s`,
          max_validators: 100,
          max_entries: 7,
          historical_entries: 0,
          bond_denom: CHAIN.baseDenom,
          min_commission_rate: "0.000000000000000000",
        },
      },
      slashing: {
        params: {
          signed_blocks_window: String(window),
          min_signed_per_window: "0.500000000000000000",
          downtime_jail_duration: `${jailSeconds}s`,
          slash_fraction_double_sign: "0.050000000000000000",
          slash_fraction_downtime: "0.010000000000000000",
        },
      },
    },
  });
  const set = createVirtualSet(chain);
  const validators = chain.accounts.map((account, n) => virtualValidator(account, n, CHAIN.bech32Prefix));
  await set.block();
  const txs = await Promise.all(
    validators.map((validator) =>
      chain.sign([createValidator(validator, CHAIN.baseDenom, STAKE)], [validator.account], { gas: 1_000_000n }),
    ),
  );
  const { txResults } = await set.block({ txs });
  for (const { code, log } of txResults) assert.equal(code, 0, log);
  const scene = bindScene(chain, set, validators);
  await scene.blocks(3);
  return scene;
}

function bindScene(chain: TestChain, set: VirtualSet, validators: readonly VirtualValidator[]): ValidatorScene {
  const infos: ValidatorScene["infos"] = async () => {
    const { value } = await chain.query(
      "/cosmos.slashing.v1beta1.Query/SigningInfos",
      QuerySigningInfosRequest.encode({ pagination: undefined }).finish(),
    );
    const all = QuerySigningInfosResponse.decode(value).info;
    return new Map(
      validators.flatMap((validator) => {
        const info = all.find(({ address }) => address === consText(validator));
        return info === undefined ? [] : [[validator, info] as const];
      }),
    );
  };
  const send: ValidatorScene["send"] = async (validator, ...messages) => {
    const { txResults } = await set.block({ txs: [await chain.sign(messages, [validator.account], { gas: 1_000_000n })] });
    return txResults[0] ?? assert.fail("a result expected");
  };
  return {
    chain,
    set,
    validators,
    block: set.block,
    async blocks(n) {
      for (let i = 0; i < n; i++) await set.block();
    },
    send,
    unjail: (validator) => send(validator, message(MsgUnjail, { validatorAddr: validator.operator })),
    infos,
    info: async (validator) => (await infos()).get(validator) ?? assert.fail(`a record of ${validator.operator}`),
    async evidenceCount() {
      const { value } = await chain.query(
        "/cosmos.evidence.v1beta1.Query/AllEvidence",
        QueryAllEvidenceRequest.encode({ pagination: undefined }).finish(),
      );
      return QueryAllEvidenceResponse.decode(value).evidence.length;
    },
  };
}

/** Text of a validator's consensus address. */
export const consText = ({ consAddress }: VirtualValidator): string => createAddressCodec(CHAIN.bech32Prefix).consensus.format(consAddress);

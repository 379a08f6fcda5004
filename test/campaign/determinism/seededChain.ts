// The chain on which seeded blocks are made and executed: everything may happen on it within a hundred blocks.

import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import type { HanzoOptions } from "../../../app/hanzo.ts";
import { CHAIN } from "../../../app/hanzo.ts";
import type { App } from "../../../app/runtime/app.ts";
import type { ChainConfig } from "../../../app/sdk/index.ts";
import type { CommitStore } from "../../../app/store/commitStore.ts";
import { createDraws } from "../../../cmd/hanzod/sim/chain/draws.ts";
import { simExperience } from "../../../cmd/hanzod/sim/chain/genesis.ts";
import { ValidatorNetwork } from "../../../cmd/hanzod/sim/chain/validators.ts";
import { defaultHmmGenesis } from "../../../modules/hmm/index.ts";
import { GenesisState as HmmGenesis } from "../../../proto/gen/hanzo/hmm/v1/genesis.ts";
import { moduleAccount, testAccounts } from "../../harness/accounts.ts";
import { createTestChain, STAKED_ADDRESS, TEST_VALIDATOR, type TestChain } from "../../harness/testChain.ts";
import { REGISTRY_PARAMS } from "./messages/experience.ts";
import { govParams } from "./messages/gov.ts";
import { MARKET_PARAMS } from "./messages/hmmGoverned.ts";
import { slashingParams } from "./messages/slashing.ts";

const ACCOUNTS = 6;
/** Seed of votes, absences and misbehaviour: the same in every chain, so that blocks are no more than their transactions. */
const NETWORK_SEED = 1;
/** How often, in blocks, a validator falls silent and is caught; for how long it is silent. */
const NETWORK_HABITS = { stopEvery: 4, longestStop: 14, caughtEvery: 25 };

/** The seeded chain's own settings: its first account is the authority, so that governed messages succeed as well. */
export async function seededConfig(): Promise<ChainConfig> {
  const [first] = await testAccounts(1, CHAIN.bech32Prefix);
  if (first === undefined) throw new Error("an account expected");
  return { ...CHAIN, authorityModule: first.address };
}

/** Opens the chain. Its `deliver` has the votes and the misbehaviour of virtual validators in every block. */
export async function openSeededChain(store: CommitStore, app: Partial<HanzoOptions> = {}, wrap?: (app: App) => App): Promise<TestChain> {
  const { genesis } = defaultHmmGenesis({ account: moduleAccount("hmm", CHAIN.bech32Prefix), nativeDenom: CHAIN.baseDenom });
  const hmm = toProtoJson(descriptors(), HmmGenesis.$type, HmmGenesis.encode({ ...genesis, params: MARKET_PARAMS }).finish());
  const chain = await createTestChain({
    staked: true,
    accounts: ACCOUNTS,
    market: true,
    appState: {
      hmm,
      experience: simExperience(REGISTRY_PARAMS),
      gov: { starting_proposal_id: "1", params: govParams(4n) },
      slashing: { params: slashingParams(6n, 2n) },
    },
    app: { ...app, store, chain: await seededConfig() },
    ...(wrap === undefined ? {} : { wrap }),
  });
  return withValidators(chain);
}

function withValidators(chain: TestChain): TestChain {
  const founder = { address: STAKED_ADDRESS, power: TEST_VALIDATOR.power };
  const network = new ValidatorNetwork([founder], createDraws(NETWORK_SEED), NETWORK_HABITS);
  return {
    ...chain,
    async deliver(...txs) {
      const plain = chain.nextBlock(...txs);
      const { height, time } = plain;
      const response = await chain.app.finalizeBlock({
        ...plain,
        proposerAddress: network.proposer(height),
        nextValidatorsHash: network.nextHash(height),
        decidedLastCommit: network.lastCommit(height),
        misbehavior: network.misbehavior(height),
      });
      await chain.app.commit();
      network.finish(height, (time?.seconds ?? 0n) * 1_000_000_000n + BigInt(time?.nanos ?? 0), response.validatorUpdates);
      return response;
    },
  };
}

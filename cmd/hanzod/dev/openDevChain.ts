import { join } from "node:path";
import { CHAIN, createHanzoApp, hanzoStores } from "../../../app/hanzo.ts";
import { createMemoryCommitStore, defaultKeepVersions, openCommitStore } from "../../../app/store/commitStore.ts";
import { fundLocalAccounts } from "../command/init.ts";
import { createChainGenesis, type GenesisAccount } from "../genesis/chainGenesis.ts";
import { localOperator } from "../genesis/founder.ts";
import { type GenesisDocument, initChainRequest } from "../genesis/initChainRequest.ts";
import { LOCAL_BALANCE, localAddresses } from "../genesis/localAccounts.ts";
import { openKeyring } from "../keyring/keyring.ts";
import { createHome, type Home } from "../node/home.ts";
import { acquireLock } from "../node/lock.ts";
import type { DevBlock } from "./devBlock.ts";
import { DevChain } from "./devChain.ts";
import { createDevComet } from "./devComet.ts";
import { devValidator } from "./devValidator.ts";

/** What a development chain is told. */
export interface DevOptions {
  /** Keeps the state there; left out it is in memory and ends with the process. */
  readonly home?: Home;
  readonly chainId: string;
  readonly blockTimeMs?: number;
  readonly onBlock: (block: DevBlock) => void;
  readonly onFatal: (error: unknown) => void;
}

/** A chain and what closes everything that it stands on. */
export interface OpenDevChain {
  readonly chain: DevChain;
  close(): Promise<void>;
}

/** Opens a development chain: in memory, or where the home's last one stopped. No block is made yet. */
export async function openDevChain(options: DevOptions): Promise<OpenDevChain> {
  const { home, chainId, blockTimeMs, onBlock, onFatal } = options;
  const release = home === undefined ? async () => undefined : await holdHome(home);
  // Its own folder: a home may also be the home of a node whose state follows CometBFT's blocks.
  const store =
    home === undefined
      ? createMemoryCommitStore({ stores: hanzoStores })
      : await openCommitStore({ path: join(home.data.dir, "dev"), stores: hanzoStores });
  const opened: { chain?: DevChain } = {};
  const app = await createHanzoApp({
    store,
    minGasPrices: "",
    node: { keepVersions: defaultKeepVersions, haltHeight: 0n },
    comet: createDevComet(() => opened.chain),
  });
  const validator = devValidator();
  if (app.height === 0n) {
    const accounts = await devAccounts(home);
    const genesis = createChainGenesis({
      chainId,
      genesisTime: new Date().toISOString(),
      founders: [{ moniker: validator.name, publicKey: validator.publicKey, operator: await localOperator(0), memo: "" }],
      accounts,
    }) as GenesisDocument;
    app.initChain(initChainRequest(genesis));
  }
  const chain = new DevChain({
    app,
    store,
    chainId: app.height === 0n ? chainId : app.chainId,
    validator,
    onBlock,
    onFatal,
    ...(blockTimeMs === undefined ? {} : { blockTimeMs }),
  });
  opened.chain = chain;
  return {
    chain,
    async close() {
      await chain.close();
      await store.close();
      await release();
    },
  };
}

async function holdHome(home: Home): Promise<() => Promise<void>> {
  await createHome(home);
  const lock = await acquireLock(home.run.lock);
  return () => lock.release();
}

/** The development accounts; their keys are put into the home's test keyring unless they are there. */
async function devAccounts(home: Home | undefined): Promise<readonly GenesisAccount[]> {
  if (
    home !== undefined &&
    !openKeyring(home.root, "test")
      .list()
      .some(({ name }) => name === "dev0")
  )
    return fundLocalAccounts(home);
  return (await localAddresses()).map((address) => ({ address, coins: [{ denom: CHAIN.baseDenom, amount: LOCAL_BALANCE.toString() }] }));
}

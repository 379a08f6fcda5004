import { formatUnits } from "../../../cmd/shared/output.ts";
import { type Scene, SHOWN } from "./scene.ts";

/** A page of the explorer and what people must read on it. */
export interface ExplorerPage {
  readonly name: string;
  /** Behind the chain's name. */
  readonly path: (scene: Scene) => string;
  /** Texts of the page, as it shows them. */
  readonly shows: (scene: Scene) => readonly (string | RegExp)[];
}

const whole = (amount: bigint): string => formatUnits(amount, 0);
const DELEGATED = `${whole(SHOWN.delegated)} AI`;
const VERSIONS = ["app_name\thanzod", "network\thanzo-1", "github.com/cosmos/cosmos-sdk\tv0.53.8", "github.com/cometbft/cometbft\tv0.38"];

/** Every page that the explorer has for a chain with these modules. */
export const PAGES: readonly ExplorerPage[] = [
  {
    name: "dashboard",
    path: () => "",
    shows: ({ bonded }) => [
      "Hanzo Network",
      /\d+ Height/,
      "1 Validators",
      `${whole(bonded)} Bonded Tokens`,
      /[\d.]+ AI Community Pool/,
      SHOWN.title,
      ...VERSIONS,
    ],
  },
  {
    name: "validators",
    path: () => "/staking",
    shows: ({ bonded }) => [`${whole(bonded)} AI`, "21 days Unbonding Time", "10% Delegate", "1/100"],
  },
  {
    name: "validator",
    path: ({ validator }) => `/staking/${validator.operator}`,
    shows: ({ bonded, validator, account }) => [
      `${whole(bonded)} AI Total Bonded Tokens`,
      "BONDED",
      "Commission Rate 10.0%",
      /Commissions [\d.,]+ AI Outstanding Rewards [\d.,]+ AI/,
      validator.operator,
      validator.consensus,
      validator.account,
      `${account} + ${DELEGATED}`,
    ],
  },
  { name: "governance", path: () => "/gov", shows: () => ["#1", SHOWN.title, "VOTING", /9\d\.\d%/] },
  {
    name: "proposal",
    path: () => "/gov/1",
    shows: ({ account }) => [`1. ${SHOWN.title}`, SHOWN.summary, "VOTING_PERIOD", "Yes 100%", `${account} YES:100%`, "Voting end"],
  },
  { name: "blocks", path: () => "/block", shows: () => [/\d+ \d+s ago test \d+ txs/] },
  {
    name: "block",
    path: ({ transfer }) => `/block/${transfer.height}`,
    shows: ({ transfer, appHash }) => [
      `#${transfer.height}`,
      "Chain Id hanzo-1",
      transfer.hash,
      SHOWN.memo,
      "BLOCK_ID_FLAG_COMMIT",
      `App Hash ${appHash}`,
    ],
  },
  {
    name: "transaction",
    path: ({ transfer }) => `/tx/${transfer.hash}`,
    shows: ({ transfer, account, receiver }) => [
      transfer.hash,
      `Height ${transfer.height}`,
      "Success",
      `Gas ${transfer.gasUsed} / 400000`,
      "Fee 0.00001 AI",
      `Memo ${SHOWN.memo}`,
      "/cosmos.bank.v1beta1.MsgSend",
      account,
      receiver,
      `${whole(SHOWN.sent)} AI`,
    ],
  },
  {
    name: "accounts",
    path: () => "/account",
    shows: ({ account, receiver }) => [`BaseAccount ${account} 0 4`, `BaseAccount ${receiver} 1 0`, "ModuleAccount"],
  },
  {
    name: "account",
    path: ({ account }) => `/account/${account}`,
    shows: ({ account, left, transfer }) => [
      account,
      `${whole(left)} AI`,
      DELEGATED,
      /test 1,234 AI [\d.,]+ AI DELEGATE/,
      `${transfer.height} ${transfer.hash} Send`,
      "Vote",
      "SubmitProposal",
      "Delegate",
      "Account Number 0",
      "Sequence 4",
    ],
  },
  // Of what an account received the explorer shows the transaction's first payment, which is the fee.
  {
    name: "receiver",
    path: ({ receiver }) => `/account/${receiver}`,
    shows: ({ receiver, received, transfer }) => [
      receiver,
      `${whole(received)} AI`,
      new RegExp(`Recent Received .*${transfer.height} ${transfer.hash}`),
    ],
  },
  { name: "uptime", path: () => "/uptime", shows: () => ["1.test", "Committed"] },
  {
    name: "parameters",
    path: () => "/params",
    shows: () => [
      "Chain ID: hanzo-1",
      "Unbonding Time 21 days",
      "Max Validators 100",
      "Bond Denom aai",
      "Voting Period 5 days",
      "Quorum 33.4%",
      "Community Tax 2%",
      "Signed Blocks Window 100",
      "Slash Fraction Double Sign 5%",
      ...VERSIONS,
    ],
  },
  // Amounts of denominations that no exchange lists are base units there.
  {
    name: "supply",
    path: () => "/supply",
    shows: () => [/AI 1\.\d+e\+23 hanzo\/AI aai/, "COMPUTE-CREDIT", "GPU-SECOND 10000000000000000 gpu-second ngpu"],
  },
  { name: "consensus", path: () => "/consensus", shows: ({ home }) => [`${home.rpc}/consensus_state`, /\d+ Height/, "test"] },
  { name: "statesync", path: () => "/statesync", shows: ({ home }) => ["hanzod Version: 0.1.0", `rpc_servers = "${home.rpc}"`] },
  { name: "ibc", path: () => "/ibc/connection", shows: () => ["IBC Connections"] },
];

/** Answers that are failures by design: what this chain does not have. */
export const ABSENT: readonly (readonly [path: RegExp, status: number])[] = [[/^\/ibc\//, 501]];

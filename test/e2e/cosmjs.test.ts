// The released @cosmjs/stargate, unchanged, on a chain begun from an SDK genesis: its query extensions, signing client and searches.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createMultisigThresholdPubkey, makeSignDoc, pubkeyToAddress, serializeSignDoc } from "@cosmjs/amino";
import { coin, coins, type EncodeObject } from "@cosmjs/proto-signing";
import {
  assertIsDeliverTxSuccess,
  type DeliverTxResponse,
  GasPrice,
  makeMultisignedTxBytes,
  QueryClient,
  SigningStargateClient,
  setupAuthExtension,
  setupAuthzExtension,
  setupBankExtension,
  setupDistributionExtension,
  setupFeegrantExtension,
  setupGovExtension,
  setupMintExtension,
  setupSlashingExtension,
  setupStakingExtension,
  setupTxExtension,
} from "@cosmjs/stargate";
import { type CometClient, connectComet } from "@cosmjs/tendermint-rpc";
import { GenericAuthorization } from "cosmjs-types/cosmos/authz/v1beta1/authz";
import { PubKey as Ed25519 } from "cosmjs-types/cosmos/crypto/ed25519/keys";
import { BasicAllowance } from "cosmjs-types/cosmos/feegrant/v1beta1/feegrant";
import { TextProposal, VoteOption } from "cosmjs-types/cosmos/gov/v1beta1/gov";
import { MsgVote } from "cosmjs-types/cosmos/gov/v1beta1/tx";
import { decodeBech32, encodeBech32 } from "../../app/encoding/bech32.ts";
import { findFreePorts } from "../../cmd/hanzod/node/ports.ts";
import { JUNK_MNEMONIC, type TestAccount, testAccounts } from "../harness/accounts.ts";
import { OPERATOR, type Simapp, startSimapp } from "./harness/simapp.ts";

/** A query client with every extension that there is, IBC apart. */
const queriesOf = (comet: CometClient) =>
  Object.assign(
    QueryClient.withExtensions(
      comet,
      setupAuthExtension,
      setupAuthzExtension,
      setupBankExtension,
      setupDistributionExtension,
      setupFeegrantExtension,
      setupGovExtension,
      setupMintExtension,
      setupSlashingExtension,
    ),
    QueryClient.withExtensions(comet, setupStakingExtension, setupTxExtension),
  );

const FEE = { amount: coins(5000, "ucosm"), gas: "500000" };

describe("cosmjs on a chain begun from an SDK genesis", () => {
  let chain: Simapp;
  let comet: CometClient;
  let query: ReturnType<typeof queriesOf>;
  let [operator, alice, bob, carol]: TestAccount[] = [];
  let validator = "";
  let direct: SigningStargateClient;
  let amino: SigningStargateClient;

  before(async () => {
    const accounts = await testAccounts(6, "cosmos", JUNK_MNEMONIC);
    [operator, alice, bob, carol] = accounts;
    const [rpc = 0, p2p = 0, rest = 0, grpc = 0] = await findFreePorts(4);
    chain = await startSimapp({
      chainId: "simd-e2e",
      addresses: accounts.map(({ address }) => address),
      votingSeconds: 25,
      operatorPhrase: JUNK_MNEMONIC,
      blockMs: 200,
      ports: { rpc, p2p, rest, grpc },
    });
    comet = await connectComet(chain.rpc);
    query = queriesOf(comet);
    const options = { broadcastPollIntervalMs: 100, gasPrice: GasPrice.fromString("0.01ucosm") };
    direct = await SigningStargateClient.connectWithSigner(chain.rpc, need(alice).direct, options);
    amino = await SigningStargateClient.connectWithSigner(chain.rpc, need(bob).amino, options);
    validator = (await query.staking.validators("BOND_STATUS_BONDED")).validators[0]?.operatorAddress ?? "";
  });
  after(async () => {
    for (const client of [direct, amino]) client?.disconnect();
    comet?.disconnect();
    await chain?.stop();
  });

  const need = (account: TestAccount | undefined): TestAccount => {
    assert.ok(account !== undefined);
    return account;
  };
  const addressOf = (account: TestAccount | undefined): string => need(account).address;
  const succeed = async (client: SigningStargateClient, sender: string, ...messages: EncodeObject[]): Promise<DeliverTxResponse> => {
    const result = await client.signAndBroadcast(sender, messages, FEE);
    assertIsDeliverTxSuccess(result);
    return result;
  };
  const delegate = (delegatorAddress: string, amount: number): EncodeObject => ({
    typeUrl: "/cosmos.staking.v1beta1.MsgDelegate",
    value: { delegatorAddress, validatorAddress: validator, amount: coin(amount, "ustake") },
  });

  it("knows chain, accounts in the order of the genesis, balances, supply and metadata without a name", async () => {
    assert.equal(await direct.getChainId(), "simd-e2e");
    assert.equal((await direct.getAccount(addressOf(carol)))?.accountNumber, 3n);
    assert.equal(await direct.getAccount("cosmos1p79apjaufyphcmsn4g07cynqf0wyjuezqu84hd"), null);
    assert.deepEqual(await direct.getAllBalances(addressOf(carol)), [coin(1e9, "ucosm"), coin(2e9, "ustake")]);
    assert.deepEqual(await query.bank.supplyOf("ucosm"), coin(6e9, "ucosm"));
    const [metadata] = await query.bank.denomsMetadata();
    assert.deepEqual([metadata?.base, metadata?.display, metadata?.name], ["ucosm", "COSM", ""]);
    assert.ok((await query.auth.account(addressOf(operator)))?.value.length);
  });

  it("delegates and moves stake by mode DIRECT, with the gas that it simulated", async () => {
    assertIsDeliverTxSuccess(await direct.signAndBroadcast(addressOf(alice), [delegate(addressOf(alice), 60_000)], "auto"));
    await succeed(direct, addressOf(alice), {
      typeUrl: "/cosmos.staking.v1beta1.MsgUndelegate",
      value: { delegatorAddress: addressOf(alice), validatorAddress: validator, amount: coin(10_000, "ustake") },
    });
    assert.deepEqual(await direct.getDelegation(addressOf(alice), validator), coin(50_000, "ustake"));
    assert.deepEqual(await direct.getBalanceStaked(addressOf(alice)), coin(50_000, "ustake"));
    assert.equal(await direct.getDelegation(addressOf(carol), validator), null);
  });

  it("delegates, withdraws and says where rewards go with amino documents", async () => {
    const sender = addressOf(bob);
    assertIsDeliverTxSuccess(await amino.delegateTokens(sender, validator, coin(70_000, "ustake"), FEE));
    await succeed(amino, sender, {
      typeUrl: "/cosmos.distribution.v1beta1.MsgSetWithdrawAddress",
      value: { delegatorAddress: sender, withdrawAddress: addressOf(carol) },
    });
    assert.equal((await query.distribution.delegatorWithdrawAddress(sender)).withdrawAddress, addressOf(carol));
    const before = await amino.getBalance(addressOf(carol), "ustake");
    assertIsDeliverTxSuccess(await amino.withdrawRewards(sender, validator, FEE));
    assert.ok(BigInt((await amino.getBalance(addressOf(carol), "ustake")).amount) > BigInt(before.amount));
    assertIsDeliverTxSuccess(await amino.undelegateTokens(sender, validator, coin(5_000, "ustake"), FEE));
  });

  it("makes a validator, and moves stake to it", async () => {
    const sender = addressOf(alice);
    const consensusKey = Ed25519.encode({ key: new Uint8Array(32).fill(7) }).finish();
    const second = (await query.staking.validators("")).validators.length;
    assert.equal(second, 1);
    const made: EncodeObject = {
      typeUrl: "/cosmos.staking.v1beta1.MsgCreateValidator",
      value: {
        description: { moniker: "second", identity: "", website: "", securityContact: "", details: "" },
        commission: { rate: "100000000000000000", maxRate: "200000000000000000", maxChangeRate: "10000000000000000" },
        minSelfDelegation: "1",
        delegatorAddress: sender,
        validatorAddress: "",
        pubkey: { typeUrl: "/cosmos.crypto.ed25519.PubKey", value: consensusKey },
        value: coin(500_000, "ustake"),
      },
    };
    const own = encodeBech32("cosmosvaloper", decodeBech32(sender).bytes);
    (made.value as { validatorAddress: string }).validatorAddress = own;
    await succeed(direct, sender, made);
    await succeed(amino, addressOf(bob), {
      typeUrl: "/cosmos.staking.v1beta1.MsgBeginRedelegate",
      value: { delegatorAddress: addressOf(bob), validatorSrcAddress: validator, validatorDstAddress: own, amount: coin(20_000, "ustake") },
    });
    const { redelegationResponses } = await query.staking.redelegations(addressOf(bob), validator, own);
    assert.equal(redelegationResponses[0]?.entries[0]?.balance, "20000");
  });

  it("asks everything of staking, distribution, slashing and minting", async () => {
    const me = addressOf(alice);
    const { staking, distribution, slashing, mint } = query;
    assert.equal((await staking.params()).params?.bondDenom, "ustake");
    assert.ok(BigInt((await staking.pool()).pool?.bondedTokens ?? 0) > 3_000_000n);
    assert.equal((await staking.delegation(me, validator)).delegationResponse?.balance?.amount, "50000");
    assert.equal((await staking.delegatorDelegations(me)).delegationResponses.length, 2);
    assert.equal((await staking.delegatorUnbondingDelegations(me)).unbondingResponses.length, 1);
    assert.equal((await staking.delegatorValidator(me, validator)).validator?.operatorAddress, validator);
    assert.equal((await staking.delegatorValidators(me)).validators.length, 2);
    assert.ok((await staking.historicalInfo(2)).hist?.valset.length);
    assert.equal((await staking.unbondingDelegation(me, validator)).unbond?.entries[0]?.balance, "10000");
    assert.equal((await staking.validator(validator)).validator?.description?.moniker, "simapp");
    assert.equal((await staking.validatorDelegations(validator)).delegationResponses.length, 3);
    assert.equal((await staking.validatorUnbondingDelegations(validator)).unbondingResponses.length, 2);
    assert.equal((await distribution.params()).params?.communityTax, "20000000000000000");
    assert.ok((await distribution.communityPool()).pool.length > 0);
    assert.ok((await distribution.delegationRewards(me, validator)).rewards.length > 0);
    assert.equal((await distribution.delegationTotalRewards(me)).rewards.length, 2);
    assert.ok((await distribution.delegatorValidators(me)).validators.includes(validator));
    assert.ok((await distribution.validatorCommission(validator)).commission?.commission.length);
    assert.ok((await distribution.validatorOutstandingRewards(validator)).rewards?.rewards.length);
    assert.deepEqual((await distribution.validatorSlashes(validator, 0, 1000)).slashes, []);
    assert.ok((await slashing.signingInfos()).info.length >= 1);
    assert.equal((await slashing.params()).params?.signedBlocksWindow, 100n);
    assert.equal((await mint.params()).mintDenom, "ustake");
    assert.ok((await mint.annualProvisions()).toFloatApproximation() > 0);
  });

  it("proposes, votes and sees the proposal pass", async () => {
    const content = { typeUrl: "/cosmos.gov.v1beta1.TextProposal", value: TextProposal.encode({ title: "t", description: "d" }).finish() };
    await succeed(direct, addressOf(alice), {
      typeUrl: "/cosmos.gov.v1beta1.MsgSubmitProposal",
      value: { content, initialDeposit: coins(10_000_000, "ustake"), proposer: addressOf(alice) },
    });
    const vote = (client: SigningStargateClient, voter: string) =>
      succeed(client, voter, {
        typeUrl: "/cosmos.gov.v1beta1.MsgVote",
        value: { proposalId: 1n, voter, option: VoteOption.VOTE_OPTION_YES },
      });
    await vote(direct, addressOf(alice));
    await vote(amino, addressOf(bob));
    await chain.command("tx", "gov", "vote", "1", "yes", "--from", OPERATOR, "--fees", "5000ucosm", "--wait");
    const { gov } = query;
    assert.equal((await gov.votes(1)).votes.length, 3);
    assert.equal((await gov.vote(1, addressOf(bob))).vote?.options[0]?.weight, "1000000000000000000");
    assert.equal((await gov.deposit(1, addressOf(alice))).deposit?.amount[0]?.amount, "10000000");
    assert.equal((await gov.deposits(1)).deposits.length, 1);
    assert.ok(BigInt((await gov.tally(1)).tally?.yes ?? 0) > 3_000_000n);
    assert.equal((await gov.params("voting")).votingParams?.votingPeriod?.seconds, 25n);
    const deadline = performance.now() + 60_000;
    const status = async () => (await gov.proposal(1)).proposal?.status;
    // 3: PROPOSAL_STATUS_PASSED
    while ((await status()) !== 3 && performance.now() < deadline) await new Promise((wake) => setTimeout(wake, 300));
    assert.equal(await status(), 3);
  });

  it("grants: another one acts, and another one pays", async () => {
    const [granter, grantee] = [addressOf(alice), addressOf(bob)];
    const authorization = {
      typeUrl: "/cosmos.authz.v1beta1.GenericAuthorization",
      value: GenericAuthorization.encode({ msg: "/cosmos.gov.v1beta1.MsgVote" }).finish(),
    };
    const expiration = { seconds: BigInt(Math.floor(Date.now() / 1000) + 3600), nanos: 0 };
    await succeed(direct, granter, {
      typeUrl: "/cosmos.authz.v1beta1.MsgGrant",
      value: { granter, grantee, grant: { authorization, expiration } },
    });
    assert.equal((await query.authz.grants(granter, grantee, "")).grants.length, 1);
    assert.equal((await query.authz.granterGrants(granter)).grants.length, 1);
    assert.equal((await query.authz.granteeGrants(grantee)).grants.length, 1);
    const vote = { typeUrl: "/cosmos.gov.v1beta1.MsgVote", value: MsgVote.encode({ proposalId: 1n, voter: granter, option: 1 }).finish() };
    const other = await SigningStargateClient.connectWithSigner(chain.rpc, need(bob).direct, { broadcastPollIntervalMs: 100 });
    const voted = await other.signAndBroadcast(
      grantee,
      [{ typeUrl: "/cosmos.authz.v1beta1.MsgExec", value: { grantee, msgs: [vote] } }],
      FEE,
    );
    assert.match(voted.rawLog ?? "", /1: inactive proposal/, "the grant holds, the vote is over");
    const allowance = {
      typeUrl: "/cosmos.feegrant.v1beta1.BasicAllowance",
      value: BasicAllowance.encode({ spendLimit: coins(20_000, "ucosm") }).finish(),
    };
    await succeed(direct, granter, { typeUrl: "/cosmos.feegrant.v1beta1.MsgGrantAllowance", value: { granter, grantee, allowance } });
    assert.equal((await query.feegrant.allowances(grantee)).allowances.length, 1);
    const before = await other.getBalance(granter, "ucosm");
    assertIsDeliverTxSuccess(await other.sendTokens(grantee, granter, coins(1, "ustake"), { ...FEE, granter }));
    assert.equal(BigInt(before.amount) - BigInt((await other.getBalance(granter, "ucosm")).amount), 5000n);
    other.disconnect();
  });

  it("makes an account whose coins vest, and reads it", async () => {
    const [toAddress] = (await testAccounts(8, "cosmos", JUNK_MNEMONIC)).slice(7).map(({ address }) => address);
    assert.ok(toAddress !== undefined);
    await succeed(direct, addressOf(alice), {
      typeUrl: "/cosmos.vesting.v1beta1.MsgCreateVestingAccount",
      value: { fromAddress: addressOf(alice), toAddress, amount: coins(1234, "ucosm"), endTime: 2_000_000_000n, delayed: true },
    });
    assert.deepEqual(await direct.getAccount(toAddress), { address: toAddress, pubkey: null, accountNumber: 12n, sequence: 0 });
    assert.deepEqual(await direct.getBalance(toAddress, "ucosm"), coin(1234, "ucosm"));
  });

  it("signs together with two of three keys", async () => {
    const members = [need(alice), need(bob), need(carol)];
    const single = members.map(({ publicKey }) => ({
      type: "tendermint/PubKeySecp256k1",
      value: Buffer.from(publicKey).toString("base64"),
    }));
    const key = createMultisigThresholdPubkey(single, 2);
    const address = pubkeyToAddress(key, "cosmos");
    assertIsDeliverTxSuccess(await direct.sendTokens(addressOf(alice), address, coins(50_000, "ucosm"), FEE));
    const { accountNumber, sequence } = await direct.getSequence(address);
    const value = { fromAddress: address, toAddress: addressOf(alice), amount: coins(7, "ucosm") };
    const aminoMessage = {
      type: "cosmos-sdk/MsgSend",
      value: { from_address: address, to_address: addressOf(alice), amount: coins(7, "ucosm") },
    };
    const document = makeSignDoc([aminoMessage], FEE, "simd-e2e", "together", accountNumber, sequence);
    assert.ok(serializeSignDoc(document).length > 0);
    const signatures = new Map<string, Uint8Array>();
    for (const member of members.slice(0, 2)) {
      const signed = await member.amino.signAmino(member.address, document);
      signatures.set(member.address, Buffer.from(signed.signature.signature, "base64"));
    }
    const body = direct.registry.encodeTxBody({ messages: [{ typeUrl: "/cosmos.bank.v1beta1.MsgSend", value }], memo: "together" });
    assertIsDeliverTxSuccess(await direct.broadcastTx(makeMultisignedTxBytes(key, sequence, FEE, body, signatures)));
  });

  it("finds transactions by hash, height and events, failed ones too", async () => {
    const result = await direct.sendTokens(addressOf(alice), addressOf(carol), coins(99, "ustake"), FEE, "look");
    assertIsDeliverTxSuccess(result);
    assert.equal((await direct.getTx(result.transactionHash))?.code, 0);
    assert.deepEqual(
      (await direct.searchTx(`tx.height=${result.height}`)).map(({ hash }) => hash),
      [result.transactionHash],
    );
    const to = { key: "transfer.recipient", value: addressOf(carol) };
    const found = await direct.searchTx([to, { key: "transfer.sender", value: addressOf(alice) }]);
    assert.ok(found.some(({ hash }) => hash === result.transactionHash));
    assert.equal((await query.tx.getTx(result.transactionHash)).tx?.body?.memo, "look");
    const failing = await direct.sendTokens(addressOf(alice), addressOf(carol), coins(1e15, "ustake"), FEE);
    assert.deepEqual([failing.code, /insufficient funds/.test(failing.rawLog ?? "")], [5, true]);
    assert.equal((await direct.getTx(failing.transactionHash))?.code, 5);
  });

  it("shares the chain with commands that speak its prefix and denominations", async () => {
    const shown = await chain.command("keys", "show", OPERATOR);
    assert.match(shown, new RegExp(`${addressOf(operator)}[^]*m/44'/118'/0'/0/0`));
    const pay = ["bank", "send", addressOf(carol), "5ustake", "--from", OPERATOR, "--gas-prices", "0.01ucosm"];
    const sent = await chain.command("tx", ...pay, "--wait", "--json");
    assert.equal((JSON.parse(sent) as { code: number }).code, 0);
    const { balance } = JSON.parse(await chain.command("q", "bank", "balance", addressOf(carol), "ucosm")) as {
      balance: { amount: string };
    };
    assert.ok(BigInt(balance.amount) >= 1_000_000_000n);
    const edited = await chain.command("tx", "staking", "edit-validator", "--moniker", "renamed", "--from", OPERATOR, "--wait", "--json");
    assert.equal((JSON.parse(edited) as { code: number }).code, 0);
    const wallets = JSON.parse(await chain.command("chain-info", "keplr")) as {
      chainName: string;
      bech32Config: { bech32PrefixAccAddr: string };
    };
    assert.deepEqual([wallets.chainName, wallets.bech32Config.bech32PrefixAccAddr], ["simd-e2e", "cosmos"]);
  });
});

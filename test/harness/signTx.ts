import {
  type AminoMsg,
  createMultisigThresholdPubkey,
  encodeSecp256k1Pubkey,
  makeSignDoc as makeAminoSignDoc,
  pubkeyToAddress,
} from "@cosmjs/amino";
import { type EncodeObject, encodePubkey, makeAuthInfoBytes, makeSignDoc, Registry } from "@cosmjs/proto-signing";
import { AminoTypes, createDefaultAminoConverters, defaultRegistryTypes, makeMultisignedTxBytes } from "@cosmjs/stargate";
import { toTimestamp } from "../../app/sdk/time.ts";
import { AuthInfo, TxBody, TxRaw } from "../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import type { TestAccount } from "./accounts.ts";

/** A message by its generated codec. */
export interface TestMessage {
  readonly codec: { readonly $type: string; encode(message: never): { finish(): Uint8Array } };
  readonly value: object;
}

/** Pairs a generated codec with a message. */
export function message<M extends object>(
  codec: { readonly $type: string; encode(message: M): { finish(): Uint8Array }; fromPartial(partial: Partial<M>): M },
  value: Partial<M>,
): TestMessage {
  return { codec: codec as never, value: codec.fromPartial(value) };
}

/** What a transaction says besides its messages. */
export interface SignOptions {
  readonly chainId: string;
  readonly signers: readonly SignerState[];
  readonly fee?: readonly { readonly denom: string; readonly amount: string }[];
  readonly gas?: bigint;
  readonly memo?: string;
  readonly timeoutHeight?: bigint;
  readonly payer?: string;
  readonly granter?: string;
  /** Timeout in nanoseconds since 1970-01-01 UTC of an unordered transaction; stock amino documents do not know it. */
  readonly unorderedUntil?: bigint;
}

/** A signer with the numbers that the chain expects. */
export interface SignerState {
  readonly account: TestAccount;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

/** Sign modes of the harness. */
export type TestSignMode = "direct" | "amino";

function bodyBytes(messages: readonly TestMessage[], { memo = "", timeoutHeight = 0n, unorderedUntil }: SignOptions): Uint8Array {
  const anys = messages.map(({ codec, value }) => ({ typeUrl: `/${codec.$type}`, value: codec.encode(value as never).finish() }));
  const unordered = unorderedUntil === undefined ? {} : { unordered: true, timeoutTimestamp: toTimestamp(unorderedUntil) };
  return TxBody.encode(TxBody.fromPartial({ messages: anys, memo, timeoutHeight, ...unordered })).finish();
}

const DIRECT = 1;
const AMINO = 127;

function authInfoBytes(options: SignOptions, mode: number): Uint8Array {
  const { signers, fee = [], gas = 200_000n, granter, payer } = options;
  const infos = signers.map(({ account, sequence }) => ({
    pubkey: encodePubkey(encodeSecp256k1Pubkey(account.publicKey)),
    sequence: Number(sequence),
  }));
  return makeAuthInfoBytes(infos, fee, Number(gas), granter, payer, mode);
}

/** Signs as stock cosmjs does; every signer in the same mode. */
export async function signTx(messages: readonly TestMessage[], options: SignOptions, mode: TestSignMode = "direct"): Promise<Uint8Array> {
  const body = bodyBytes(messages, options);
  const authInfo = authInfoBytes(options, mode === "direct" ? DIRECT : AMINO);
  const signatures: Uint8Array[] = [];
  for (const signer of options.signers)
    signatures.push(
      mode === "direct" ? await signDirect(body, authInfo, options.chainId, signer) : await signAmino(messages, options, signer),
    );
  return TxRaw.encode({ bodyBytes: body, authInfoBytes: authInfo, signatures }).finish();
}

async function signDirect(
  body: Uint8Array,
  authInfo: Uint8Array,
  chainId: string,
  { account, accountNumber }: SignerState,
): Promise<Uint8Array> {
  const doc = makeSignDoc(body, authInfo, chainId, Number(accountNumber));
  const { signature } = await account.direct.signDirect(account.address, doc);
  return Uint8Array.from(Buffer.from(signature.signature, "base64"));
}

async function signAmino(messages: readonly TestMessage[], options: SignOptions, signer: SignerState): Promise<Uint8Array> {
  const { signature } = await signer.account.amino.signAmino(
    signer.account.address,
    aminoDoc(messages, options, signer.accountNumber, signer.sequence),
  );
  return Uint8Array.from(Buffer.from(signature.signature, "base64"));
}

function aminoDoc(
  messages: readonly TestMessage[],
  { chainId, fee = [], gas = 200_000n, memo = "", timeoutHeight = 0n, payer, granter }: SignOptions,
  accountNumber: bigint,
  sequence: bigint,
) {
  const types = new AminoTypes(createDefaultAminoConverters());
  const registry = new Registry(defaultRegistryTypes);
  const msgs: AminoMsg[] = messages.map(({ codec, value }) => {
    // Decoded by cosmjs' own types: its converters expect those objects.
    const typeUrl = `/${codec.$type}`;
    const object: EncodeObject = { typeUrl, value: registry.decode({ typeUrl, value: codec.encode(value as never).finish() }) };
    return types.toAmino(object);
  });
  const stdFee = {
    amount: fee,
    gas: String(gas),
    ...(payer === undefined ? {} : { payer }),
    ...(granter === undefined ? {} : { granter }),
  };
  return makeAminoSignDoc(
    msgs,
    stdFee,
    chainId,
    memo,
    String(accountNumber),
    String(sequence),
    timeoutHeight === 0n ? undefined : timeoutHeight,
  );
}

/** A multisig account of the harness. */
export interface TestMultisig {
  readonly address: string;
  readonly threshold: number;
  readonly members: readonly TestAccount[];
  readonly pubkey: ReturnType<typeof createMultisigThresholdPubkey>;
}

/** Makes a multisig of accounts, in the given order. */
export function createMultisig(members: readonly TestAccount[], threshold: number, prefix: string): TestMultisig {
  const pubkey = createMultisigThresholdPubkey(
    members.map(({ publicKey }) => encodeSecp256k1Pubkey(publicKey)),
    threshold,
    true,
  );
  return { address: pubkeyToAddress(pubkey, prefix), threshold, members, pubkey };
}

/** Signs for a multisig with some of its members in amino mode, as stock cosmjs does. */
export async function signMultisig(
  messages: readonly TestMessage[],
  multisig: TestMultisig,
  signing: readonly TestAccount[],
  options: Omit<SignOptions, "signers"> & { accountNumber: bigint; sequence: bigint },
): Promise<Uint8Array> {
  const { accountNumber, sequence, fee = [], gas = 200_000n } = options;
  const body = bodyBytes(messages, { ...options, signers: [] });
  const doc = aminoDoc(messages, { ...options, signers: [] }, accountNumber, sequence);
  const signatures = new Map<string, Uint8Array>();
  for (const { amino, address } of signing) {
    const { signature } = await amino.signAmino(address, doc);
    signatures.set(address, Uint8Array.from(Buffer.from(signature.signature, "base64")));
  }
  return makeMultisignedTxBytes(multisig.pubkey, Number(sequence), { amount: [...fee], gas: String(gas) }, body, signatures);
}

/** Takes an encoded transaction apart, lets a test change it, and puts it together again. */
export function editTx(
  bytes: Uint8Array,
  edit: (parts: { body: TxBody; authInfo: AuthInfo; signatures: Uint8Array[] }) => void,
): Uint8Array {
  const raw = TxRaw.decode(bytes);
  const parts = {
    body: TxBody.decode(raw.bodyBytes),
    authInfo: AuthInfo.decode(raw.authInfoBytes),
    signatures: raw.signatures.map((s) => s.slice()),
  };
  edit(parts);
  return TxRaw.encode({
    bodyBytes: TxBody.encode(parts.body).finish(),
    authInfoBytes: AuthInfo.encode(parts.authInfo).finish(),
    signatures: parts.signatures,
  }).finish();
}

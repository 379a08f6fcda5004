import type { Any } from "#proto/google/protobuf/any";
import { SIGN_MODE } from "../../../app/runtime/signModes.ts";
import type { CoinText } from "../request/coinsText.ts";
import { signBytes } from "../tx/signBytes.ts";
import { encodeTx, txParts } from "../tx/txBytes.ts";
import { txJson } from "../tx/txFile.ts";

/** Who signs a genesis transaction. */
export interface GenTxSigner {
  readonly address: string;
  readonly publicKey: Any;
  sign(document: Uint8Array): Uint8Array;
}

/** A genesis transaction before its signature. */
export interface GenTxDraft {
  readonly chainId: string;
  readonly message: Any;
  /** Where peers find the node, see {@link peerMemo}; or any other text. */
  readonly memo: string;
  readonly gas?: bigint;
  readonly fee?: readonly CoinText[];
  readonly mode?: typeof SIGN_MODE.direct | typeof SIGN_MODE.amino;
}

/** What the SDK's tools write; gas has no limit in genesis. */
const GAS = 200_000n;
/** Whoever signs for a genesis cannot know what number the account will get, so everybody signs 0. */
const NUMBERS = { accountNumber: 0n, sequence: 0n } as const;

/** Signs a genesis transaction. @returns its JSON, as genesis files and the SDK's tools have it */
export function signGenTx(draft: GenTxDraft, { publicKey, sign }: GenTxSigner): unknown {
  const { chainId, mode = SIGN_MODE.direct } = draft;
  const parts = partsOf(draft, [{ publicKey, sequence: NUMBERS.sequence, mode }]);
  return txJson(encodeTx(parts, [sign(signBytes(parts, mode, { chainId, ...NUMBERS }))]));
}

/** The JSON of a genesis transaction that nobody has signed yet. */
export function unsignedGenTx(draft: GenTxDraft): unknown {
  return txJson(encodeTx(partsOf(draft, []), []));
}

function partsOf({ message, memo, gas = GAS, fee = [] }: GenTxDraft, signers: Parameters<typeof txParts>[0]["signers"]) {
  const terms = { memo, timeoutHeight: 0n, unorderedUntil: undefined };
  return txParts({ messages: [message], terms, signers }, { gas, amount: fee });
}

/** A peer's address, as the memo of a genesis transaction has it. @param nodeId 40 hexadecimal digits @param host IPv6 without brackets */
export function peerMemo(nodeId: string, host: string, port: number): string {
  return `${nodeId}@${host.includes(":") ? `[${host}]` : host}:${port}`;
}

const PEER = /^([0-9a-f]{40})@(?:[A-Za-z0-9][A-Za-z0-9.-]{0,252}|\[[0-9a-f:.]{2,45}\]):([1-9]\d{0,4})$/;

/** The node id of a memo that is a peer's address and nothing else; what goes into settings must be no more than that. */
export function findPeerId(memo: string): string | undefined {
  const [, id, port] = PEER.exec(memo) ?? [];
  return Number(port) <= 65_535 ? id : undefined;
}

import { BroadcastMode, ServiceDefinition } from "#proto/cosmos/tx/v1beta1/service";
import { AuthInfo, type Tx, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import { GRPC_STATUS, invalidArgument, notFound, QueryError } from "#sdk";
import { fromHex } from "../../encoding/bytes.ts";
import { EncodingError } from "../../encoding/encodingError.ts";
import type { ChainHead } from "../chainHead.ts";
import { simulateTx } from "../checkTx.ts";
import { findTx } from "../indexedTxs.ts";
import type { TxMachine } from "../tx.ts";
import { blockWithTxs } from "./blockTxs.ts";
import type { CometPort } from "./cometPort.ts";
import { bindService, type ServiceMethod } from "./service.ts";
import { simulationResult } from "./simulation.ts";
import { describeTx, EMPTY_RESPONSE, findParts, formatTxHash, shownTx, splitTx } from "./txResponse.ts";
import { searchTxs } from "./txSearch.ts";

/**
 * Methods of cosmos.tx.v1beta1.Service: simulate, find, decode and broadcast transactions.
 * @param gasLimit most gas of one simulation, undefined for no limit
 */
export function txService(
  head: ChainHead,
  machine: TxMachine,
  comet: CometPort | undefined,
  gasLimit: bigint | undefined,
): readonly ServiceMethod[] {
  return bindService(ServiceDefinition, {
    simulate({ tx, txBytes }) {
      const bytes = txBytes.length > 0 ? txBytes : encodeTx(tx);
      if (bytes.length === 0) throw invalidArgument("empty txBytes is not allowed");
      const outcome = simulateTx(machine, head, bytes, gasLimit);
      if (outcome.error !== undefined) {
        throw new QueryError(GRPC_STATUS.unknown, `${outcome.error.log} with gas used: '${outcome.gasUsed}'`);
      }
      return simulationResult(outcome);
    },
    async getTx({ hash }) {
      if (hash === "") throw invalidArgument("tx hash cannot be empty");
      if (!/^[0-9a-fA-F]*$/.test(hash) || hash.length % 2 === 1) throw invalidArgument(`tx hash in hexadecimal expected, got ${hash}`);
      const found = await findTx(head.store, fromHex(hash));
      if (found === undefined) throw notFound(`tx not found: ${hash}`);
      const txResponse = await describeTx(head, machine.decoder, found);
      return { tx: shownTx(machine.decoder, found.tx), txResponse };
    },
    getTxsEvent: (request) => searchTxs(head, machine.decoder, comet, request),
    getBlockWithTxs(request) {
      if (comet === undefined) throw new QueryError(GRPC_STATUS.unimplemented, "this node has no consensus engine");
      return blockWithTxs(comet, request, head.height, (bytes) => findParts(machine.decoder, bytes));
    },
    async broadcastTx({ txBytes, mode }) {
      if (txBytes.length === 0) throw invalidArgument("invalid empty tx");
      if (mode !== BroadcastMode.BROADCAST_MODE_SYNC && mode !== BroadcastMode.BROADCAST_MODE_ASYNC) {
        throw invalidArgument("unsupported return type unspecified; supported types: sync, async");
      }
      if (comet === undefined) throw new QueryError(GRPC_STATUS.unimplemented, "this node has no mempool");
      const judged = await comet.broadcastTx(txBytes);
      const error = mode === BroadcastMode.BROADCAST_MODE_SYNC ? judged : undefined;
      const { code = 0, codespace = "", log = "" } = error ?? {};
      return { txResponse: { ...EMPTY_RESPONSE, txhash: formatTxHash(txBytes), code, codespace, rawLog: log } };
    },
    txDecode({ txBytes }) {
      if (txBytes.length === 0) throw invalidArgument("invalid empty tx bytes");
      machine.decoder.decode(txBytes);
      return { tx: splitTx(txBytes) };
    },
    txEncode({ tx }) {
      if (tx === undefined) throw invalidArgument("invalid empty tx");
      if (tx.body === undefined || tx.authInfo === undefined) throw invalidArgument("a transaction with body and auth_info expected");
      return { txBytes: encodeTx(tx) };
    },
    txEncodeAmino({ aminoJson }) {
      if (aminoJson === "") throw invalidArgument("invalid empty tx json");
      return { aminoBinary: orInvalid(() => machine.ante.wire.encodeStdTx(aminoJson)) };
    },
    txDecodeAmino({ aminoBinary }) {
      if (aminoBinary.length === 0) throw invalidArgument("invalid empty tx bytes");
      return { aminoJson: orInvalid(() => machine.ante.wire.decodeStdTx(aminoBinary)) };
    },
  });
}

/** What cannot be read is the caller's mistake, told without a code. */
function orInvalid<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof EncodingError) throw invalidArgument(error.detail);
    throw error;
  }
}

function encodeTx(tx: Tx | undefined): Uint8Array {
  if (tx?.body === undefined || tx.authInfo === undefined) return new Uint8Array(0);
  const bodyBytes = TxBody.encode(tx.body).finish();
  return TxRaw.encode({ bodyBytes, authInfoBytes: AuthInfo.encode(tx.authInfo).finish(), signatures: tx.signatures }).finish();
}

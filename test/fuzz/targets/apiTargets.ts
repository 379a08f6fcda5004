// What comes over HTTP: paths, query strings and bodies, as far as the request for the state machine.
import assert from "node:assert/strict";
import { ApiError } from "../../../app/api/grpcStatus.ts";
import { readRequest } from "../../../app/api/restRequest.ts";
import { findRoute, readRoutes } from "../../../app/api/routes.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { decodeDynamic } from "../../../app/encoding/dynamicMessage.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { hanzoServices } from "../../../app/hanzoServices.ts";
import { type FuzzTarget, isAccepted } from "../target.ts";

const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value));
const routes = readRoutes(descriptors(), hanzoServices);
const address = "hanzo1erxf3sa9q2j4vgseu7jq4a258ckmk7cypg446c";

const paths: FuzzTarget = {
  name: "restPaths",
  share: 100,
  seeds: routes.map(({ verb, template }) =>
    text(`${verb} ${template.replaceAll(/\{[^}]*\}/g, address)}?pagination.limit=2&pagination.key=AA%3D%3D&height=7&pool_id=gpu`),
  ),
  run(bytes) {
    const [verb = "", target = ""] = Buffer.from(bytes).toString("utf8").split(" ", 2);
    const [path = "", search = ""] = target.split("?", 2);
    isAccepted(
      () => {
        const match = findRoute(routes, verb, path);
        if (match !== undefined)
          decodeDynamic(descriptors(), match.route.method.input, readRequest(descriptors(), match, search, undefined));
      },
      ApiError,
      EncodingError,
    );
  },
};

const bodyType = "hanzo.hmm.v1.MsgRouteBundle";
const types = ["cosmos.tx.v1beta1.SimulateRequest", "cosmos.tx.v1beta1.BroadcastTxRequest", "cosmos.tx.v1beta1.TxBody", bodyType];
const bodies: FuzzTarget = {
  name: "restBodies",
  share: 40,
  seeds: [
    text(`{"tx_bytes":"CgA=","mode":"BROADCAST_MODE_SYNC"}`),
    text(
      `{"messages":[{"@type":"/cosmos.bank.v1beta1.MsgSend","from_address":"${address}","amount":[{"denom":"aai","amount":"1"}]}],"memo":"m"}`,
    ),
    text(`{"sender":"${address}","max_cost":"5","needs":[{"amount":"1"}],"legs":[{"pool_id":"gpu"}]}`),
    text(`{"timeout_height":"7","extension_options":[{"type_url":"/a","value":"AA=="}],"timeout_timestamp":"2026-01-02T03:04:05.6Z"}`),
  ],
  run(bytes) {
    let body: unknown;
    try {
      body = JSON.parse(Buffer.from(bytes).toString("utf8"));
    } catch {
      return;
    }
    for (const type of types) {
      let message = new Uint8Array(0);
      if (!isAccepted(() => (message = new Uint8Array(fromProtoJson(descriptors(), type, body))), EncodingError)) continue;
      const shown = toProtoJson(descriptors(), type, message);
      assert.deepEqual(toProtoJson(descriptors(), type, fromProtoJson(descriptors(), type, shown)), shown, type);
    }
  },
};

/** Targets of this file. */
export const apiTargets: readonly FuzzTarget[] = [paths, bodies];

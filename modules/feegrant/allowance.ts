import type { Any } from "#proto/google/protobuf/any";
import { encodeMessage } from "#sdk";
import type { Allowance, AllowanceKind } from "./allowanceKind.ts";
import { allowedMsgAllowance } from "./allowedMsgAllowance.ts";
import { basicAllowance } from "./basicAllowance.ts";
import type { FeegrantErrors } from "./feegrant.ts";
import { periodicAllowance } from "./periodicAllowance.ts";

const KINDS = new Map([bindKind(basicAllowance), bindKind(periodicAllowance), bindKind(allowedMsgAllowance(readAllowance))]);

function bindKind<A extends object>(kind: AllowanceKind<A>): readonly [typeUrl: string, read: (bytes: Uint8Array) => Allowance] {
  const { type } = kind;
  const typeUrl = `/${type.$type}`;
  return [
    typeUrl,
    (bytes) => {
      const value = type.decode(bytes);
      return {
        check: (err) => kind.check(value, err),
        expiresNs: (err) => kind.expiresNs(value, err),
        packed: () => ({ typeUrl, value: encodeMessage(type, kind.complete?.(value) ?? value) }),
        use(use) {
          const left = kind.use(value, use);
          return left === undefined ? undefined : { typeUrl, value: encodeMessage(type, left) };
        },
      };
    },
  ];
}

/** @throws feegrant/5 when there is none or its kind is unknown */
export function readAllowance(packed: Any | undefined, err: FeegrantErrors): Allowance {
  const read = packed === undefined ? undefined : KINDS.get(packed.typeUrl);
  if (packed === undefined || read === undefined) throw err.noAllowance("failed to get allowance");
  return read(packed.value);
}

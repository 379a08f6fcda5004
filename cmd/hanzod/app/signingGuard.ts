import type { Application } from "../../../app/runtime/application.ts";
import { timestampNs } from "../../../app/sdk/time.ts";
import { readSmallFile } from "../../shared/smallFile.ts";
import { getCometSetting, readCometIdentity } from "../node/cometConfig.ts";
import type { Home } from "../node/home.ts";
import { EXIT, NodeError } from "../node/nodeError.ts";
import { bindApplication } from "./bindApplication.ts";

/** Whose signatures in blocks are this node's own. */
export interface OwnSigner {
  /** CometBFT address of the consensus key, 20 bytes. */
  readonly address: Uint8Array;
  /** The last height that this node has signed in, written before the signature leaves it; undefined when nobody knows. */
  signedHeight(): bigint | undefined;
}

/** A vote that came in a block as old as this may be this node's own, from before its data was put back: nobody need be signing now. */
const RECENT_NS = 60_000_000_000n;
/** Flags of votes that are there: for the block, or for none. */
const SIGNED: ReadonlySet<number> = new Set([2, 3]);

/**
 * An application that ends the node when somebody else signs with its consensus key: a recent block has a vote of the key in a height that this
 * node has not signed in. Two votes of one key in one height cost the stake, so the node must end before it signs itself; while it fetches what
 * it has missed it only looks.
 * @param nowMs present time, milliseconds since 1970-01-01 UTC
 */
export function guardSigning(app: Application, signer: OwnSigner, nowMs: () => number = Date.now): Application {
  const own = Buffer.from(signer.address);
  return {
    ...bindApplication(app),
    finalizeBlock(request) {
      const isRecent = timestampNs(request.time) + RECENT_NS > BigInt(nowMs()) * 1_000_000n;
      const voted = request.decidedLastCommit?.votes.some(
        ({ validator, blockIdFlag }) => SIGNED.has(blockIdFlag) && validator !== undefined && own.equals(validator.address),
      );
      if (isRecent && voted === true) requireOwnVote(signer, request.height - 1n);
      return app.finalizeBlock(request);
    },
  };
}

function requireOwnVote({ signedHeight }: OwnSigner, height: bigint): void {
  const signed = signedHeight();
  if (signed === undefined || signed >= height) return;
  throw new NodeError(
    "HZN-DOUBLE-SIGN",
    `another node signs with this node's key: it voted in height ${height}, and this node has signed in none after ${signed}`,
    "stop the other node for good, or give this one a key of its own: priv_validator_key.json must be on one machine alone",
    EXIT.stopped,
  );
}

/** The signer of a home; undefined where a signer elsewhere has the key, which alone knows what it signed. */
export async function findOwnSigner(home: Home): Promise<OwnSigner | undefined> {
  if ((await getCometSetting(home, "priv_validator_laddr")) !== "") return undefined;
  const { validatorAddress: address } = await readCometIdentity(home);
  return { address, signedHeight: () => readSignedHeight(home.data.privValidatorState) };
}

function readSignedHeight(path: string): bigint | undefined {
  try {
    const { height } = JSON.parse(readSmallFile(path)) as { readonly height?: unknown };
    return typeof height === "string" && /^\d{1,19}$/.test(height) ? BigInt(height) : undefined;
  } catch {
    return undefined;
  }
}

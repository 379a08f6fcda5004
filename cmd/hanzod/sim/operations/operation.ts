import type { Any } from "#proto/google/protobuf/any";
import { encodeMessage, type ProtoCodec } from "../../../../app/sdk/index.ts";
import type { Actor } from "../chain/actors.ts";
import type { World } from "../chain/world.ts";

/** A message with who sends it. */
export interface Draft {
  readonly signer: Actor;
  /** Made where it is called, since of drafts beside a first one most are dropped. */
  message(): Any;
}

/** What a message says; as a function where that is dear to make. CONTRACT: such a function draws nothing, so that it may be left out. */
export type Fields<M> = Partial<M> | (() => Partial<M>);

/** A way to draw messages of one type. */
export interface Operation {
  /** Full name of the message. */
  readonly type: string;
  /** How often it is drawn beside the others, a whole number above 0. */
  readonly weight: number;
  /** Undefined where the state has nothing that the message could be about. */
  draw(world: World): Draft | undefined;
}

/**
 * Messages of users.
 * @param fields what the signer says, undefined for nothing
 */
export function operation<M>(
  type: ProtoCodec<M>,
  weight: number,
  fields: (world: World, signer: Actor) => Fields<M> | undefined,
): Operation {
  return { type: type.$type, weight, draw: (world) => draft(type, world.draws.pick(world.actors), (signer) => fields(world, signer)) };
}

/** Messages for which the state says who sends them. @param choose signer and fields, undefined for nothing */
export function chosen<M>(
  type: ProtoCodec<M>,
  weight: number,
  choose: (world: World) => { readonly signer: Actor; readonly fields: Fields<M> } | undefined,
): Operation {
  return {
    type: type.$type,
    weight,
    draw(world) {
      const choice = choose(world);
      return choice && draft(type, choice.signer, () => choice.fields);
    },
  };
}

/** Messages that only the authority may send; now and then somebody else tries. */
export function governed<M>(
  type: ProtoCodec<M>,
  weight: number,
  fields: (world: World, authority: string) => Partial<M> | undefined,
): Operation {
  return {
    type: type.$type,
    weight,
    draw(world) {
      const signer = world.draws.once(8) ? world.draws.pick(world.actors) : world.authority;
      return draft(type, signer, ({ address }) => fields(world, address));
    },
  };
}

function draft<M>(type: ProtoCodec<M>, signer: Actor, fields: (signer: Actor) => Fields<M> | undefined): Draft | undefined {
  const said = fields(signer);
  if (said === undefined) return undefined;
  const encode = () => encodeMessage(type, type.fromPartial(typeof said === "function" ? said() : said));
  return { signer, message: () => ({ typeUrl: `/${type.$type}`, value: encode() }) };
}

import { EventSigned, Line, MsgDefinition, Params, QueryDefinition } from "#proto/example/guestbook/v1/guestbook";
import { coll, defineModule, findAmount, key, notFound, parseAmount, sdkError } from "#sdk";
import { bank } from "../../../modules/bank/index.ts";

/** Longest line, in characters. */
const MAX_TEXT = 140;

/** A guest book: whoever pays the price leaves a line, the last one stays. */
export const guestbook = defineModule({
  name: "guestbook",
  version: 1,
  needs: { bank: bank.facet("transfer") },
  params: {
    type: Params,
    default: { price: "1000" },
    validate({ price }) {
      if (findAmount(price) === undefined)
        throw sdkError.invalidRequest(`price as canonical decimal expected, got ${JSON.stringify(price)}`);
    },
  },
  state: { lines: coll.map(1, key.address, Line) },
  errors: { badText: [2, "text cannot be a line"] },
  check: {
    sign({ text }, { err }) {
      if (text.length === 0 || text.length > MAX_TEXT) throw err.badText(`1 to ${MAX_TEXT} characters expected, got ${text.length}`);
    },
  },
  msgs: [
    MsgDefinition,
    ({ state, needs, params, account, chain }) => ({
      sign(ctx, { signer, text }) {
        const { price } = params.get(ctx);
        needs.bank.send(ctx, signer, account, chain.baseDenom, parseAmount(price));
        state.lines.set(ctx, signer, { text, height: ctx.height });
        ctx.emit(EventSigned, { signer, price });
        return { paid: price };
      },
    }),
  ],
  queries: [
    QueryDefinition,
    ({ state }) => ({
      line(ctx, { signer }) {
        const line = state.lines.find(ctx, signer);
        if (line === undefined) throw notFound(`${signer} has not signed`);
        return { line };
      },
    }),
  ],
});

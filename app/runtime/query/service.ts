import type { ReadCtx, ServiceDefinition } from "#sdk";
import type { ProtoCodec } from "../../sdk/codec.ts";

/** What a query reads: committed state at one height. */
export interface QueryScene {
  readonly height: bigint;
  readonly timeNs: bigint;
  readonly ctx: ReadCtx;
}

/** A query method that the runtime itself answers. */
export interface ServiceMethod {
  readonly path: string;
  readonly request: ProtoCodec<unknown>;
  readonly response: ProtoCodec<unknown>;
  handle(request: unknown, scene: QueryScene): Promise<object> | object;
}

type Methods = Readonly<
  Record<
    string,
    { readonly requestType: { decode(bytes: Uint8Array): unknown }; readonly responseType: { decode(bytes: Uint8Array): unknown } }
  >
>;
/** Handlers of some methods of a service, by the generated method name. */
export type ServiceHandlers<M extends Methods> = {
  readonly [K in keyof M]?: (
    request: ReturnType<M[K]["requestType"]["decode"]>,
    scene: QueryScene,
  ) => Promise<Partial<ReturnType<M[K]["responseType"]["decode"]>>> | Partial<ReturnType<M[K]["responseType"]["decode"]>>;
};

/** Pairs the handlers of a service with their paths and codecs; methods without handler are not served. */
export function bindService<const D extends ServiceDefinition & { readonly methods: Methods }>(
  definition: D,
  handlers: ServiceHandlers<D["methods"]>,
): readonly ServiceMethod[] {
  const bound: ServiceMethod[] = [];
  for (const [name, method] of Object.entries(definition.methods)) {
    const handle = handlers[name] as ServiceMethod["handle"] | undefined;
    if (handle === undefined) continue;
    bound.push({
      path: `/${definition.fullName}/${method.name}`,
      request: method.requestType as unknown as ProtoCodec<unknown>,
      response: method.responseType as unknown as ProtoCodec<unknown>,
      handle,
    });
  }
  return bound;
}

// Everything that wallets and pages import, in one place; the browser bundle is made from this file.
export { createHanzoAminoConverters, createHanzoAminoTypes } from "./amino.ts";
export { type AbciQuerier, askMethod, type Method } from "./askMethod.ts";
export { ClientError } from "./clientError.ts";
export { type ConnectOptions, connect, createQueryClient, type HanzoClient, type HanzoQueryClient } from "./connect.ts";
export { connectCometClient } from "./connectCometClient.ts";
export { type HmmExtension, type NodeExtension, setupHmmExtension, setupNodeExtension } from "./extensions.ts";
export { askGasPrice, DEFAULT_GAS_PRICE, findGasPrice } from "./gasPrice.ts";
export { createHanzoRegistry, hanzoMessages, hanzoRegistryTypes } from "./registry.ts";
export { quoteBundle, type RouteTerms, routeMessage } from "./route.ts";
export * from "./sealedOrder.ts";

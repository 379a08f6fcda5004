import { Comet1Client, Comet38Client, type CometClient, type HttpEndpoint, Tendermint37Client } from "@cosmjs/tendermint-rpc";

/**
 * Connects to CometBFT with the client that reads its answers. cosmjs' own detection takes the 0.39 and 0.40 lines for Tendermint 0.37 and
 * then misses their block events and transaction results; their RPC is that of 0.38.
 * @param endpoint `http://host:port`, or `ws://` where subscriptions are wanted
 */
export async function connectCometClient(endpoint: string | HttpEndpoint): Promise<CometClient> {
  const client = await Comet38Client.connect(endpoint);
  let version: string;
  try {
    ({ version } = (await client.status()).nodeInfo);
  } catch (cause) {
    client.disconnect();
    throw cause;
  }
  if (!/^(0\.37|1)\./.test(version)) return client;
  client.disconnect();
  return version.startsWith("1.") ? Comet1Client.connect(endpoint) : Tendermint37Client.connect(endpoint);
}

// The chain that cosmjs' own specifications expect to find: its public test accounts, on the ports that they name.
import { findFreePorts } from "../../../cmd/hanzod/node/ports.ts";
import { type Simapp, startSimapp } from "../../e2e/harness/simapp.ts";

/** Operates the validator; the specifications know its address. */
const OPERATOR_PHRASE = "gather series sample skin gate mask gossip between equip knife total stereo";

/** In the order of their account numbers: the operator, five accounts each of three people, one unused, one guest, three of several keys. */
const ADDRESSES: readonly string[] = [
  "cosmos12nt2hqjps8r065wc02qks88tvqzdeua0ld3jxy",
  "cosmos1pkptre7fdkl6gfrzlesjjvhxhlc3r4gmmk8rs6",
  "cosmos10dyr9899g6t0pelew4nvf4j5c3jcgv0r73qga5",
  "cosmos1xy4yqngt0nlkdcenxymg8tenrghmek4nmqm28k",
  "cosmos142u9fgcjdlycfcez3lw8x6x5h7rfjlnfhpw2lx",
  "cosmos1hsm76p4ahyhl5yh3ve9ur49r5kemhp2r0dcjvx",
  "cosmos14qemq0vw6y3gc3u3e0aty2e764u4gs5le3hada",
  "cosmos1hhg2rlu9jscacku2wwckws7932qqqu8x3gfgw0",
  "cosmos1xv9tklw7d82sezh9haa573wufgy59vmwe6xxe5",
  "cosmos17yg9mssjenmc3jkqth6ulcwj9cxujrxxzezwta",
  "cosmos1f7j7ryulwjfe9ljplvhtcaxa6wqgula3etktce",
  "cosmos1lvrwcvrqlc5ktzp2c4t22xgkx29q3y83lktgzl",
  "cosmos1vkv9sfwaak76weyamqx0flmng2vuquxqcuqukh",
  "cosmos106jwym4s9aujcmes26myzzwqsccw09sdm0v5au",
  "cosmos1c7wpeen2uv8thayf7g8q2rgpm29clj0dgrdtzw",
  "cosmos1mjxpv9ft30wer7ma7kwfxhm42l379xutplrdk6",
  "cosmos1cjsxept9rkggzxztslae9ndgpdyt2408lk850u",
  "cosmos17d0jcz59jf68g52vq38tuuncmwwjk42u6mcxej",
  "cosmos1v75snhly7wfndk83ud4daygh397vcmkta8rlzq",
  "cosmos1h90ml36rcu7yegwduzgzderj2jmq49hcpfclw9",
  "cosmos1d2mg2euvus3tu2tprfwrfzeal4xu7kygugjxjc",
];

const RPC_PORT = 26_658;

/** Starts it. @throws Error where something else listens on port 26658 */
export async function startSpecChain(): Promise<Simapp> {
  const [p2p = 0, rest = 0, grpc = 0] = await findFreePorts(3);
  return startSimapp({
    chainId: "simd-testing",
    addresses: ADDRESSES,
    votingSeconds: 172_800,
    operatorPhrase: OPERATOR_PHRASE,
    blockMs: 1000,
    ports: { rpc: RPC_PORT, p2p, rest, grpc },
  });
}

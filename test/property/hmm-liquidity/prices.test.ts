import { testShort } from "../hmm/definitions/runShort.ts";
import { priceProperties } from "./definitions/prices.ts";

testShort(priceProperties);

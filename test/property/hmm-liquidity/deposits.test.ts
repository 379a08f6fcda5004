import { testShort } from "../hmm/definitions/runShort.ts";
import { depositProperties } from "./definitions/deposits.ts";

testShort(depositProperties);

import { testShort } from "../hmm/definitions/runShort.ts";
import { walkProperties } from "./definitions/walks.ts";

testShort(walkProperties);

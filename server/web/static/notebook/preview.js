// The page of an exercise that is not started: the columns can be moved and read, nothing else needs a script.

import { mountDividers } from "./regions.js";
import { mountScrollers } from "./scrollers.js";

mountDividers();
mountScrollers();

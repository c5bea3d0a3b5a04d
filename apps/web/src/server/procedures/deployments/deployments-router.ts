import { router } from "../../trpc.ts";
import { deploy } from "./deploy.ts";
import { history } from "./history.ts";
import { rehearse } from "./rehearse.ts";
import { rehearseFailure } from "./rehearse-failure.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";

export const deploymentsRouter = router({ deploy, rehearse, rehearseFailure, stop, status, history });

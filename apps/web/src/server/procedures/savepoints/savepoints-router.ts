import { router } from "../../trpc.ts";
import { forget } from "./forget.ts";
import { list } from "./list.ts";
import { take } from "./take.ts";

export const savepointsRouter = router({ list, take, forget });

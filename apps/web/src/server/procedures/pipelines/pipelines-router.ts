import { router } from "../../trpc.ts";
import { create } from "./create.ts";
import { createFromTemplate } from "./create-from-template.ts";
import { deletePipeline } from "./delete.ts";
import { duplicate } from "./duplicate.ts";
import { exportPipeline } from "./export.ts";
import { get } from "./get.ts";
import { importPipeline } from "./import.ts";
import { list } from "./list.ts";
import { rename } from "./rename.ts";
import { saveDraft } from "./save-draft.ts";

export const pipelinesRouter = router({
  list,
  get,
  create,
  createFromTemplate,
  saveDraft,
  rename,
  delete: deletePipeline,
  import: importPipeline,
  export: exportPipeline,
  duplicate,
});

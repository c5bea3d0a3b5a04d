import type { Catalogue, CheckReport, Graph, PipelineDocument, Result } from "@millrace/engine";
import { Autosave, type SaveState } from "../document/autosave.ts";
import { CheckScheduler } from "../document/check-scheduler.ts";
import { DocumentStore, type Edit } from "../document/document-store.ts";
import type { EditOutcome } from "../document/edit-outcome.ts";
import type { StepOptions } from "../document/history.ts";
import { Observable } from "../document/observable.ts";
import type { ExpressionAssist } from "../inspector/expression/expression-assist.ts";
import type { CanvasHandle } from "./canvas-handle.ts";
import type { DeploymentView, EditorBackend } from "./editor-backend.ts";
import { type EditorUi, initialUi } from "./editor-ui.ts";

/** The functions of the engine that an editing session needs, given the catalogue. */
export interface PipelineLanguage {
  readonly catalogue: Catalogue;
  check(graph: Graph): CheckReport;
  write(document: PipelineDocument): string;
  parse(text: string): Result<PipelineDocument>;
  readonly expressions: ExpressionAssist;
}

export interface EditorSessionOptions {
  readonly document: PipelineDocument;
  readonly revision: number;
  readonly language: PipelineLanguage;
  readonly backend: EditorBackend;
  /** Clock in ms and timer of the host. */
  readonly now: () => number;
  readonly delay: (ms: number, callback: () => void) => () => void;
  /** Called with the reason of an edit that was refused. */
  readonly onRefusal: (reason: string) => void;
}

/** One open editor: the document, what the checker says of it, where saving stands, what runs. */
export interface EditorSession {
  readonly language: PipelineLanguage;
  readonly backend: EditorBackend;
  readonly store: DocumentStore;
  readonly checks: CheckScheduler;
  readonly autosave: Autosave;
  readonly saving: Observable<SaveState>;
  readonly deployment: Observable<DeploymentView | null>;
  readonly ui: Observable<EditorUi>;
  /** Set while a canvas is on the page. */
  readonly canvas: Observable<CanvasHandle | null>;
  /** Runs an edit as one step of the history; a refusal is told to the person. */
  edit(options: StepOptions, edit: Edit): EditOutcome;
  /** Starts saving, checking and watching; the result ends all of that. */
  open(): () => void;
}

/** Wires the parts of an editor together. Nothing happens before `open`. */
export function createEditorSession(options: EditorSessionOptions): EditorSession {
  const { document, language, backend, delay } = options;
  const store = new DocumentStore(document, options.now);
  const checks = new CheckScheduler(document.pipeline, { check: language.check, delay });
  const saving = new Observable<SaveState>({ kind: "saved" });
  const autosave = new Autosave(document, options.revision, {
    save: (current, revision) => backend.save(current, revision),
    delay,
    onState: (state) => saving.set(state),
  });
  const deployment = new Observable<DeploymentView | null>(null);

  return {
    language,
    backend,
    store,
    checks,
    autosave,
    saving,
    deployment,
    ui: new Observable(initialUi),
    canvas: new Observable<CanvasHandle | null>(null),
    edit: (step, edit) => {
      const outcome = store.edit(edit, step);
      if (!outcome.ok) options.onRefusal(outcome.reason);
      return outcome;
    },
    open: () => {
      autosave.start();
      const stops = [
        store.subscribe(() => {
          checks.changed(store.document.pipeline);
          autosave.changed(store.document);
        }),
        backend.watchDeployment((view) => deployment.set(view)),
      ];
      return () => {
        for (const stop of stops) stop();
        checks.close();
        autosave.stop();
      };
    },
  };
}

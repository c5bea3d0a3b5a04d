"use client";

import { useState } from "react";
import { StateChangeList } from "../../deploying/StateChangeList.tsx";
import { isLoss, type StateRehearsal } from "../../deploying/state-change.ts";
import { Button } from "../../design/Button.tsx";
import { Dialog } from "../../design/Dialog.tsx";
import { TextArea } from "../../design/TextArea.tsx";
import type { DeployOptions } from "./use-deploy.ts";

/** What is asked before a deployment. */
export interface DeployQuestion {
  readonly startFrom: DeployOptions["startFrom"];
  /** What would be lost; null: nothing that is known of. */
  readonly rehearsal: StateRehearsal | null;
}

export interface DeployDialogProps {
  /** null: closed. */
  readonly question: DeployQuestion | null;
  readonly busy: boolean;
  readonly onClose: () => void;
  /** `sure`: the person was shown what becomes of the state. */
  readonly onDeploy: (options: DeployOptions, sure: boolean) => void;
}

/** Asks for a comment before deploying; where state is lost it also names what. */
export function DeployDialog({ question, busy, onClose, onDeploy }: DeployDialogProps) {
  const [comment, setComment] = useState("");
  const words = wordsOf(question);
  return (
    <Dialog
      open={question !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={words.title}
      description={words.description}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant={words.isLoss ? "danger" : "primary"}
            busy={busy}
            onClick={() => {
              if (question !== null) onDeploy({ comment: comment.trim(), startFrom: question.startFrom }, words.isAnswer);
              setComment("");
            }}
          >
            {words.action}
          </Button>
        </>
      }
    >
      {question !== null && question.rehearsal !== null && <StateChangeList rehearsal={question.rehearsal} />}
      <TextArea
        label="What changed"
        rows={3}
        maxLength={500}
        value={comment}
        onValueChange={setComment}
        placeholder="Count refunds apart"
      />
    </Dialog>
  );
}

function wordsOf(question: DeployQuestion | null) {
  if (question?.startFrom === "empty") {
    return {
      title: "Deploy and start empty",
      description:
        "All state is discarded: open windows, alerts that are raised, and how far the sources were read. Records may be delivered again.",
      action: "Discard state and deploy",
      isLoss: true,
      isAnswer: true,
    };
  }
  const changes = question?.rehearsal?.changes ?? [];
  const lost = changes.filter(({ verdict }) => isLoss(verdict)).length;
  const migrated = changes.filter(({ verdict }) => verdict === "migrated").length;
  if (lost === 0 && migrated > 0) {
    return {
      title: `This change carries the state of ${migrated === 1 ? "1 node" : `${migrated} nodes`} over`,
      description: "What is kept and what starts empty stands below; everything else goes on where it is.",
      action: "Carry over and deploy",
      isLoss: false,
      isAnswer: true,
    };
  }
  if (lost === 0) {
    return {
      title: "Deploy with a comment",
      description: "The comment stands beside the version in the history.",
      action: "Deploy",
      isLoss: false,
      isAnswer: false,
    };
  }
  const nodes = lost === 1 ? "1 node" : `${lost} nodes`;
  return {
    title: `This change discards the state of ${nodes}`,
    description:
      "Open windows and what else they hold are lost; everything else goes on where it is. A savepoint in the run view keeps a way back.",
    action: `Discard ${lost === 1 ? "1 node\u2019s" : `${lost} nodes\u2019`} state`,
    isLoss: true,
    isAnswer: true,
  };
}

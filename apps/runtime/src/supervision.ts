/** What decides over deployments, without the machine that it runs on: simulations drive it over ports of their own. */

export { failedMessage } from "./pipeline-process/failed-message.ts";
export type { ProcessMessage, SupervisorMessage } from "./pipeline-process/process-messages.ts";
export { DeploymentRunner, type RunnerOutcome } from "./supervisor/deployment-runner.ts";
export type { ChildEnd, RunnerHost, RunningProcess, StatusChange, StatusOwner } from "./supervisor/runner-host.ts";

import { createRecordingHost } from "@millrace/runtime/kafka";

/** What connectors share; those of the simulation need nothing of it. */
export const connectorHost = createRecordingHost("/nowhere");

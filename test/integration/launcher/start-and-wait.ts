import { startServices } from "@millrace/scripts/start-services";

// Run as a process of its own: starts the services, says so, and waits to be killed.
await startServices({ dataDir: process.argv[2] ?? "" });
console.log("started");
setInterval(() => undefined, 1000);

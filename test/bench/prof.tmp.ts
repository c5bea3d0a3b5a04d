import { runErrorSpike } from "./error-spike.ts";
import { logLines } from "./log-lines.ts";
const bytes = logLines(300000);
for (let i=0;i<6;i++){ const c=process.cpuUsage(); await runErrorSpike(bytes); const u=process.cpuUsage(c); console.log((300000/(u.user+u.system)).toFixed(2)); }

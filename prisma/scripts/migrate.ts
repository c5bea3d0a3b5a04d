import { deployMigrations } from "./migrate/deploy-migrations.ts";
import { writeMigration } from "./migrate/migration-folder.ts";

const usage = `Usage: node prisma/scripts/migrate.ts <command>
  create <name>   write the migration that leads from the committed ones to schema.prisma
  deploy          apply the committed migrations to the database at DATABASE_URL
  drift           fail when the committed migrations do not amount to schema.prisma`;

async function create(name: string): Promise<number> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return fail(`A migration's name is lower-case words joined by underscores, not "${name}".`);
  const script = await diff();
  if (script === "") return say("The migrations amount to schema.prisma already; there is nothing to write.");
  const stamp = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14);
  return say(`Wrote ${await writeMigration(`${stamp}_${name}`, script)}`);
}

async function deploy(): Promise<number> {
  const url = process.env.DATABASE_URL;
  if (url === undefined || url === "") return fail("DATABASE_URL is not set; set it to postgresql://user:password@host:port/name.");
  const names = await deployMigrations(url);
  return say(names.length === 0 ? "The database is up to date." : `Applied ${names.join(", ")}`);
}

async function drift(): Promise<number> {
  const script = await diff();
  if (script === "") return say("The migrations amount to schema.prisma.");
  return fail(
    `The migrations do not amount to schema.prisma; what is missing:\n${script}\nRun: node prisma/scripts/migrate.ts create <name>`,
  );
}

/** Loaded when it is needed: deploying works without the development tools that the shadow database is one of. */
async function diff(): Promise<string> {
  const { diffMigrationsWithSchema } = await import("./migrate/migration-diff.ts");
  return diffMigrationsWithSchema();
}

function say(text: string): number {
  console.log(text);
  return 0;
}

function fail(text: string): number {
  console.error(text);
  return 1;
}

async function run([command, name]: readonly string[]): Promise<number> {
  if (command === "create" && name !== undefined) return create(name);
  if (command === "deploy") return deploy();
  if (command === "drift") return drift();
  return fail(usage);
}

// The shadow database leaves timers of ten seconds behind, over which the process would stay alive.
process.exit(await run(process.argv.slice(2)));

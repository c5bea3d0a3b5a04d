-- CreateEnum
CREATE TYPE "desired_state" AS ENUM ('RUNNING', 'STOPPED');

-- CreateEnum
CREATE TYPE "start_from" AS ENUM ('latest', 'empty');

-- CreateTable
CREATE TABLE "pipeline" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pipeline_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pipeline_version" (
    "pipeline_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "document" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "comment" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pipeline_version_pkey" PRIMARY KEY ("pipeline_id","number")
);

-- CreateTable
CREATE TABLE "deployment" (
    "id" TEXT NOT NULL,
    "pipeline_id" TEXT NOT NULL,
    "version_number" INTEGER NOT NULL,
    "desired" "desired_state" NOT NULL,
    "start_from" "start_from" NOT NULL DEFAULT 'latest',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stopped_at" TIMESTAMPTZ(3),

    CONSTRAINT "deployment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "pipeline_slug_key" ON "pipeline"("slug");

-- CreateIndex
CREATE INDEX "pipeline_updated_at_idx" ON "pipeline"("updated_at");

-- CreateIndex
CREATE INDEX "deployment_pipeline_id_created_at_idx" ON "deployment"("pipeline_id", "created_at");

-- CreateIndex
CREATE INDEX "deployment_desired_idx" ON "deployment"("desired");

-- CreateIndex
CREATE UNIQUE INDEX "deployment_one_running" ON "deployment"("pipeline_id") WHERE (desired = 'RUNNING'::desired_state);

-- CreateIndex
CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");

-- CreateIndex
CREATE INDEX "audit_entry_subject_at_idx" ON "audit_entry"("subject", "at");

-- AddForeignKey
ALTER TABLE "pipeline_version" ADD CONSTRAINT "pipeline_version_pipeline_id_fkey" FOREIGN KEY ("pipeline_id") REFERENCES "pipeline"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_pipeline_id_fkey" FOREIGN KEY ("pipeline_id") REFERENCES "pipeline"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_pipeline_id_version_number_fkey" FOREIGN KEY ("pipeline_id", "version_number") REFERENCES "pipeline_version"("pipeline_id", "number") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was deployed or audited once is never changed.
CREATE FUNCTION "refuse_update"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed; add a new one instead', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER "pipeline_version_immutable" BEFORE UPDATE ON "pipeline_version" FOR EACH ROW EXECUTE FUNCTION "refuse_update"();
CREATE TRIGGER "audit_entry_immutable" BEFORE UPDATE ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION "refuse_update"();

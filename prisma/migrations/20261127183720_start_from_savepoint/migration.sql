-- AlterTable
ALTER TABLE "deployment" ADD COLUMN     "savepoint" INTEGER;

CREATE TABLE "jobs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "jobs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"phase" text DEFAULT '' NOT NULL,
	"position" bigint DEFAULT -1 NOT NULL,
	"done" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
-- The column and the index on sessions may exist already: docs/database.md says how to build the index of a large table without
-- holding up refreshes, before this migration runs.
ALTER TABLE "sessions" ADD COLUMN IF NOT EXISTS "epoch" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "session_epoch" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "jobs_subject_idx" ON "jobs" USING btree ("kind","subject");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "sessions_living_idx" ON "sessions" USING btree ("user_id","epoch","created_at") WHERE "sessions"."revoked_at" is null;--> statement-breakpoint
-- The previous version, which runs beside this one while instances are replaced, does not know the column: its logins get the
-- epoch of the account here. The row of the account is locked by the INSERT itself, so the epoch is the current one.
CREATE FUNCTION "sessions_set_epoch"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN SELECT "session_epoch" INTO NEW."epoch" FROM "public"."users" WHERE "id" = NEW."user_id"; RETURN NEW; END $$;--> statement-breakpoint
CREATE TRIGGER "sessions_set_epoch" BEFORE INSERT ON "sessions" FOR EACH ROW WHEN (NEW."epoch" = 0) EXECUTE FUNCTION "sessions_set_epoch"();

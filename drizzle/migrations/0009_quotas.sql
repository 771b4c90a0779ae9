CREATE TABLE "quotas" (
	"key" "bytea" PRIMARY KEY NOT NULL,
	"full_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "mails" ADD COLUMN "urgent" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "mails_urgent_idx" ON "mails" USING btree ("next_attempt_at") WHERE "mails"."state" = 'waiting' and "mails"."urgent";
CREATE TABLE "throttles" (
	"key" "bytea" PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"attempted_at" timestamp with time zone NOT NULL,
	"known_until" timestamp with time zone
);
--> statement-breakpoint
-- Each login rewrites the row of its account and network: room on the page keeps the update there (see 0001).
ALTER TABLE "throttles" SET (fillfactor = 80);

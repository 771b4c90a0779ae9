CREATE TABLE "activity" (
	"hour" timestamp with time zone NOT NULL,
	"name" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "activity_hour_name_pk" PRIMARY KEY("hour","name")
);
--> statement-breakpoint
ALTER TABLE "throttles" ADD COLUMN "refused_at" timestamp with time zone;
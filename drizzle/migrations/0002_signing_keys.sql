CREATE TABLE "signing_keys" (
	"kid" text PRIMARY KEY NOT NULL,
	"alg" text NOT NULL,
	"public_jwk" jsonb,
	"private_key" "bytea" NOT NULL,
	"state" text NOT NULL,
	"longest_lifetime" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"activated_at" timestamp with time zone,
	"retired_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	CONSTRAINT "signing_keys_state_check" CHECK ("signing_keys"."state" in ('next', 'active', 'retired'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "signing_keys_state_key" ON "signing_keys" USING btree ("state") WHERE "signing_keys"."state" in ('next', 'active');
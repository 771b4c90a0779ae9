// The conditional UPDATE of one refresh, exactly as the service sends it for a single refresh; a test compares the two. The service
// combines concurrent refreshes into one statement, whereas this reference sends one statement each.

export const UPDATE_STATEMENT = [
  `update "sessions" set "refresh_token_hash" = $1::bytea, "generation" = "sessions"."generation" + 1,`,
  `"retry_keys" = $2::bytea || substring("sessions"."retry_keys" from 1 for 56), "refreshed_at" = now(),`,
  `"expires_at" = least(now() + $3::int * interval '1 second',`,
  `("sessions"."created_at" at time zone 'UTC' + nullif($4::int, 0) * interval '1 second') at time zone 'UTC') from "users"`,
  `where (("sessions"."user_id" = $5 and "sessions"."id" = $6 and "sessions"."generation" = $7`,
  `and "sessions"."refresh_token_hash" = $8 and (least("sessions"."expires_at",`,
  `("sessions"."created_at" at time zone 'UTC' + nullif($9::int, 0) * interval '1 second') at time zone 'UTC') > now()`,
  `and "sessions"."revoked_at" is null))`,
  `and "users"."id" = "sessions"."user_id" and ("users"."disabled_at" is null and "sessions"."epoch" >= "users"."session_epoch"))`,
  `returning "users"."username", "users"."email_verified_at" is not null, "users"."roles", "sessions"."amr",`,
  `floor(extract(epoch from coalesce("sessions"."authenticated_at", "sessions"."created_at") at time zone 'UTC')::float8),`,
  `"users"."has_second_factor", extract(epoch from "users"."second_factor_asked_at" at time zone 'UTC')::float8`,
].join(' ');

-- Every refresh rewrites its session row. Room left in each page lets the new version stay on it, so that the update is
-- heap-only (no index is touched) and the space is taken again without a vacuum. drizzle-kit cannot express fillfactor.
ALTER TABLE "sessions" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

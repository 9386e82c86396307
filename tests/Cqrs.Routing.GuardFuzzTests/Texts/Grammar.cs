namespace Cqrs.Routing.GuardFuzzTests.Texts;

/// <summary>What a dialect's texts are made of. The tables are t (a, b) and u (a).</summary>
/// <param name="Values">Expressions.</param>
/// <param name="Reads">Whole statements that read.</param>
/// <param name="Writes">Whole statements that do not.</param>
/// <param name="Hazards">What may change where a token ends.</param>
internal sealed record Grammar(string[] Values, string[] Reads, string[] Writes, string[] Hazards)
{
    private static readonly string[] CommonValues =
        ["a", "1", "-1", "1.5e1", "NULL", "'x'", "'it''s; DELETE FROM t'", "'--'", "'/*'", "count(*)", "max(a)", "(SELECT 1)", "\"a\"", "t.a", "b AS \"delete\"", "a AS update_", "replace('a', 'b', 'c')", "CASE WHEN a = 1 THEN 2 ELSE 3 END", "a IN (SELECT a FROM u)", "b LIKE '%update%'", "b LIKE 'x' ESCAPE '\\'"];

    private static readonly string[] CommonWrites =
    [
        "DELETE FROM t", "INSERT INTO t VALUES (7, 'z')", "UPDATE t SET b = 'z'", "CREATE TABLE w (a int)", "DROP TABLE u", "WITH x AS (SELECT 1) DELETE FROM t", "DELETE FROM t RETURNING a",
        "ALTER TABLE u ADD COLUMN z int", "DROP INDEX i", "CREATE VIEW w AS SELECT 1", "REINDEX", "EXPLAIN ANALYZE DELETE FROM t", "CREATE TEMP TABLE w (a int)",
    ];

    private static readonly string[] CommonHazards =
    [
        "'", "''", "\"", "--", "-- ", "/*", "*/", ";", "(", ")", "[", "]", "`", "$", "$$", "$a$", "$1", ":a", "@a", "?", "\\", "E'", "e'\\'", "U&'", "U&\"", "x'", "N'", "b'", "\n", "\r", "\u000B", "\uFEFF", "\u00A0", "\u2028", "é",
        "#", "!", "::", ".", ",", "AS", "WITH", "SELECT", "INTO w", "FOR UPDATE", "$a(", ":a(", "@a(", "$x::y(", "#a(", "/*!", "UESCAPE '!'", "0x", "1_0", "1e", ";DELETE FROM t", ";DELETE FROM t--", "'; DELETE FROM t --",
    ];

    public static readonly Grammar Sqlite = new(
        [.. CommonValues, "$a", ":a", "@a", "?1", "[a]", "`a`", "x'00'", "json_extract('{\"a\":1}', '$.a')", "iif(a, 1, 2)", "$a(x)", "a -> 'b'", "total_changes()"],
        [
            "PRAGMA table_info(t)", "PRAGMA user_version", "PRAGMA busy_timeout = 100", "PRAGMA cache_size = -200", "PRAGMA cache_size(100)", "PRAGMA mmap_size = 0", "PRAGMA foreign_keys", "EXPLAIN QUERY PLAN SELECT * FROM t", "EXPLAIN SELECT 1",
            "VALUES (1), (2)", "SELECT * FROM pragma_table_info('t')", "SELECT 1 /* open", "\uFEFFSELECT 1", "BEGIN; SELECT 1; COMMIT", "SAVEPOINT x; RELEASE x", "SELECT * FROM json_each('[1]')",
        ],
        [
            .. CommonWrites, "REPLACE INTO t VALUES (1, 'z')", "PRAGMA user_version = 3", "PRAGMA foreign_keys = 0", "PRAGMA query_only = 1", "PRAGMA case_sensitive_like = 1", "PRAGMA optimize", "PRAGMA journal_mode = OFF", "SELECT * FROM pragma_optimize(0x10002)",
            "ATTACH ':memory:' AS z", "ANALYZE", "VACUUM", "PRAGMA writable_schema = 1", "PRAGMA recursive_triggers = 1", "PRAGMA temp_store = 2", "INSERT OR REPLACE INTO t VALUES (1, 'z')", "EXPLAIN PRAGMA user_version = 4", "EXPLAIN DELETE FROM t",
        ],
        [.. CommonHazards, "PRAGMA user_version = 5", "pragma_optimize"]);

    public static readonly Grammar PostgreSql = new(
        [
            .. CommonValues, "$$x$$", "$q$ DELETE FROM t $q$", "E'it\\'s'", "U&'d\\0061t'", "U&\"\\0061\"", "B'1'", "a::text", "b ~ 'x'", "ARRAY[1, 2]", "pg_backend_pid()", "pg_sleep(0)", "current_setting('work_mem')", "now()", "random()",
            "txid_current_if_assigned()", "count(*) FILTER (WHERE a > 1)", "a OPERATOR(pg_catalog.+) 1", "set_config('app.tenant', '1', false)", "pg_relation_size('t')", "to_tsvector('x')", "coalesce(b, 'y')",
        ],
        [
            "SHOW work_mem", "SET work_mem = '8MB'", "SET LOCAL work_mem = '8MB'", "RESET work_mem", "VALUES (1), (2)", "TABLE t", "EXPLAIN ANALYZE SELECT * FROM t", "EXPLAIN (FORMAT JSON) TABLE t", "BEGIN; SELECT 1; COMMIT", "BEGIN READ ONLY; ROLLBACK", "START TRANSACTION ISOLATION LEVEL REPEATABLE READ; END",
            "PREPARE p AS SELECT 1; EXECUTE p; DEALLOCATE p", "BEGIN; DECLARE c CURSOR FOR SELECT * FROM t; FETCH ALL FROM c; CLOSE c; COMMIT", "DISCARD PLANS", "SELECT U&\"a\" FROM t", "SET client_encoding = 'UTF8'", "SET ROLE NONE", "SELECT * FROM generate_series(1, 3) AS g (delete)",
            "SELECT 1 AS set", "SELECT * FROM pg_settings LIMIT 1", "SELECT 1 AS delete, 2 AS update, 3 AS insert", "SELECT lock.a FROM t AS lock", "SELECT * FROM t TABLESAMPLE SYSTEM (10)", "SET TIME ZONE 'UTC'", "WITH delete AS (SELECT 1 AS a) SELECT * FROM delete", "SELECT * FROM pg_stat_activity LIMIT 1",
        ],
        [
            .. CommonWrites, "WITH x AS (DELETE FROM t RETURNING a) SELECT * FROM x", "SELECT nextval('s')", "SELECT setval('s', 9)", "SELECT a INTO w FROM t", "SELECT * FROM t FOR UPDATE", "LOCK TABLE t", "DO $$ BEGIN DELETE FROM t; END $$", "COPY t FROM STDIN", "TRUNCATE t", "LISTEN x", "NOTIFY x",
            "SELECT pg_advisory_lock(1)", "SELECT pg_notify('x', 'y')", "SET default_transaction_read_only = on; RESET ALL", "SET standard_conforming_strings = off", "SELECT set_config('standard_conforming_strings', 'off', false)", "SELECT lo_create(0)", "SELECT txid_current()",
            "SELECT query_to_xml('SELECT nextval(''s'')', true, true, '')", "SELECT * FROM ts_stat('SELECT to_tsvector(nextval(''s'')::text)')", "PREPARE p AS DELETE FROM t; EXECUTE p", "EXPLAIN ANALYZE SELECT nextval('s')", "SET client_encoding = 'SJIS'", "SELECT pg_stat_reset()", "MERGE INTO t USING u ON t.a = u.a WHEN NOT MATCHED THEN INSERT VALUES (8, 'm')",
            "CREATE TABLE w AS SELECT 1", "VACUUM t", "ANALYZE t", "COMMENT ON TABLE t IS 'x'", "GRANT SELECT ON t TO PUBLIC", "REFRESH MATERIALIZED VIEW v", "SELECT ts_rewrite('a'::tsquery, 'SELECT nextval(''s'')::text::tsquery, ''b''::tsquery')",
        ],
        [.. CommonHazards, "nextval('s')", "setval('s', 5)", "pg_advisory_lock(1)", "$q$", "E'\\", "DELETE FROM t RETURNING 1"]);
}

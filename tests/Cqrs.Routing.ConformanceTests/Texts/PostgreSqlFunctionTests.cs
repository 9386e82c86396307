using Cqrs.Routing.SqlText;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Texts;

/// <summary>The guard classifies each function in the catalogue of the installed PostgreSQL, so a new version shows new functions.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgreSqlFunctionTests(PairFixture<PostgresPairDatabase> fixture) : IClassFixture<PairFixture<PostgresPairDatabase>>
{
    // What volatile functions do that are no server's by their name. The guard refuses those that act, and lets the others through as it does an application's own.
    private const string Acting =
        "brin_desummarize_range brin_summarize_new_values brin_summarize_range gin_clean_pending_list lowrite nextval query_to_xml query_to_xml_and_xmlschema query_to_xmlschema set_config setval ts_rewrite ts_stat";

    private const string Reading =
        "amvalidate array_sample array_shuffle clock_timestamp current_query currtid2 currval cursor_to_xml cursor_to_xmlschema gen_random_uuid lastval loread plpgsql_call_handler plpgsql_validator "
        + "random random_normal setseed timeofday uuidv4 uuidv7";

    [Fact]
    [Trait("Case", "C127")]
    public async Task Every_volatile_function_of_the_server_is_known()
    {
        var known = (Acting + " " + Reading).Split(' ').ToHashSet();
        var functions = await FunctionsAsync("provolatile = 'v'");

        functions.Count.ShouldBeGreaterThan(150);
        functions.Where(function => IsRead(function) && !IsOfServer(function) && !known.Contains(function)).ShouldBeEmpty("does it read or act?");
        functions.Where(function => IsRead(function) && Acting.Split(' ').Contains(function)).ShouldBeEmpty("these act");
        functions.Where(function => !IsRead(function) && Reading.Split(' ').Contains(function)).ShouldBeEmpty("these read");
    }

    /// <summary>Refused are a few by name, and whatever a later version adds.</summary>
    [Fact]
    [Trait("Case", "C127")]
    public async Task What_is_refused_of_the_servers_functions_is_what_acts()
    {
        var refused = (await FunctionsAsync("true")).Where(function => IsOfServer(function) && !IsRead(function)).ToList();

        refused.ShouldContain("pg_terminate_backend");
        refused.ShouldContain("txid_current");
        refused.Where(function => !IsActing(function)).ShouldBeEmpty("new in this version: put those that read into PostgreSqlFunctions, and those that act here");
    }

    /// <summary>An operator, a cast or a value of a type calls a function that the text does not name.</summary>
    [Fact]
    [Trait("Case", "C127")]
    public async Task Nothing_that_a_text_calls_without_its_name_is_volatile() => (await ListAsync(
        """
        SELECT oprcode::regproc::text FROM pg_operator JOIN pg_proc p ON p.oid = oprcode WHERE provolatile = 'v'
        UNION SELECT castfunc::regproc::text FROM pg_cast JOIN pg_proc p ON p.oid = castfunc WHERE provolatile = 'v'
        UNION SELECT typinput::regproc::text FROM pg_type JOIN pg_proc p ON p.oid = typinput WHERE provolatile = 'v'
        """)).ShouldBeEmpty();

    private static bool IsRead(string function) => SqlClassifier.Classify($"SELECT {function}(1)", SqlDialect.PostgreSql).IsRead;

    private static bool IsOfServer(string function) => new[] { "pg_", "lo_", "txid_", "binary_upgrade_" }.Any(function.StartsWith);

    private static bool IsActing(string function) =>
        new[] { "binary_upgrade_", "pg_advisory_", "pg_try_advisory_", "pg_stat_reset", "pg_replication_origin_" }.Any(function.StartsWith)
        || ("lo_creat lo_create lo_export lo_from_bytea lo_import lo_put lo_truncate lo_truncate64 lo_unlink pg_backup_start pg_backup_stop pg_cancel_backend pg_clear_attribute_stats "
            + "pg_clear_relation_stats pg_copy_logical_replication_slot pg_copy_physical_replication_slot pg_create_logical_replication_slot pg_create_physical_replication_slot "
            + "pg_create_restore_point pg_current_xact_id pg_drop_replication_slot pg_export_snapshot pg_extension_config_dump pg_import_system_collations pg_log_backend_memory_contexts "
            + "pg_log_standby_snapshot pg_logical_emit_message pg_logical_slot_get_binary_changes pg_logical_slot_get_changes pg_nextoid pg_notify pg_promote pg_reload_conf "
            + "pg_replication_slot_advance pg_restore_attribute_stats pg_restore_relation_stats pg_rotate_logfile pg_rotate_logfile_old pg_stat_force_next_flush "
            + "pg_stop_making_pinned_objects pg_switch_wal pg_sync_replication_slots pg_terminate_backend pg_wal_replay_pause pg_wal_replay_resume txid_current").Split(' ').Contains(function);

    // Those that a text can call, and not what types and indexes are made of.
    private Task<List<string>> FunctionsAsync(string condition) => ListAsync(
        $"""
        SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND {condition}
        AND prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype) AND NOT ('internal'::regtype::oid = ANY (proargtypes::oid[])) AND proname !~ '_(in|out|recv|send)$' ORDER BY 1
        """);

    private async Task<List<string>> ListAsync(string sql)
    {
        await using var server = NpgsqlDataSource.Create(fixture.Pair.Primary);
        await using var command = server.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await rows.ReadAsync())
            names.Add(rows.GetString(0));
        return names;
    }
}

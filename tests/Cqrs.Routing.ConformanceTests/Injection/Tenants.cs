using System.Data.Common;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Injection;

/// <summary>
/// Notes belong to tenants, and the database shows a connection those of the tenant that it was initialised with; all of them, if it was not. Each tenant has a schema, too, in which a table finds itself.
/// </summary>
internal static class Tenants
{
    public static readonly string[] All = ["first", "second"];

    public static DbCommand? SettingFor(DbConnection connection, string tenant)
    {
        if (connection is not NpgsqlConnection npgsql)
            return null;

        var command = new NpgsqlCommand("SELECT set_config('app.tenant', $1, false), set_config('search_path', $1 || ', public', false)", npgsql);
        command.Parameters.Add(new() { Value = tenant });
        return command;
    }

    /// <summary>Adds a note of each tenant, and, where the database has that, row-level security.</summary>
    public static async Task SetUpAsync(DatabasePair pair)
    {
        await using var db = pair.Direct(Server.Primary);
        foreach (var tenant in All.Skip(1))
            db.Add(new Note { Id = 1 + Array.IndexOf(All, tenant), ParentType = nameof(Order), ParentId = 1, Text = tenant });
        await db.SaveChangesAsync();
        if (db.Database.IsNpgsql())
        {
            await db.Database.ExecuteSqlRawAsync(
                """
                ALTER TABLE "Notes" ENABLE ROW LEVEL SECURITY;
                ALTER TABLE "Notes" FORCE ROW LEVEL SECURITY;
                DROP POLICY IF EXISTS tenants ON "Notes";
                CREATE POLICY tenants ON "Notes" USING (coalesce(current_setting('app.tenant', true), '') IN ('', "Text"));
                CREATE TABLE IF NOT EXISTS public.mine AS SELECT 'nobody' AS owner;
                CREATE SCHEMA IF NOT EXISTS first;
                CREATE TABLE IF NOT EXISTS first.mine AS SELECT 'first' AS owner;
                CREATE SCHEMA IF NOT EXISTS second;
                CREATE TABLE IF NOT EXISTS second.mine AS SELECT 'second' AS owner;
                """);
        }

        await pair.ReplicateAsync();
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Cqrs.Routing.DifferentialTests.Model;
using Cqrs.Routing.DifferentialTests.Programs;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.DifferentialTests.Worlds;

/// <summary>The files that one program at a time runs on. Setting them back is a handful of statements in one transaction.</summary>
public sealed class Bench : IDisposable
{
    private static readonly string[] Tables = ["CustomerTag", "Lines", "Orders", "Tags", "Products", "Customers", "sqlite_sequence"];

    private readonly string _directory;
    private readonly SqliteConnection _primary;

    public Bench(World world)
    {
        _directory = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"cqrs-routing-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_directory);
        World = world;
        Create();
        _primary = new(Primary);
        _primary.Open();
        Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF");
        if (world == World.FrozenLag)
        {
            CopyTo("replica.db");
            Execute(TheirSql.Of(Theirs.Increment, id: 0));
        }

        CopyTo("template.db");
        Execute($"ATTACH '{PathOf("template.db")}' AS template");
    }

    public World World { get; }

    /// <summary>What applications on these files register, which does not change from one program to the next.</summary>
    public ConcurrentDictionary<(Wiring Wiring, ContextLifetime Lifetime, bool OfficeIsRouted), IServiceCollection> Registrations { get; } = new();

    /// <summary>The timeout is how long a locked file is waited for. No program should ever wait.</summary>
    public string Primary => $"Data Source={PathOf("primary.db")};Default Timeout=2";

    public string Replica => World == World.LagZero ? Primary : $"Data Source={PathOf("replica.db")};Default Timeout=2";

    public void Reset()
    {
        var sql = new StringBuilder("BEGIN IMMEDIATE;");
        foreach (var table in Tables)
            sql.Append(CultureInfo.InvariantCulture, $"DELETE FROM main.{table};");
        foreach (var table in Tables)
            sql.Append(CultureInfo.InvariantCulture, $"INSERT INTO main.{table} SELECT * FROM template.{table};");
        Execute(sql.Append("COMMIT").ToString());
    }

    public void Apply(Step.SomebodyElse theirs) => Execute(TheirSql.Of(theirs.Does, theirs.Id));

    /// <summary>Every row of the primary.</summary>
    public string ReadRows()
    {
        var text = new StringBuilder();
        foreach (var table in Tables)
        {
            text.AppendLine(table);
            using var command = _primary.CreateCommand();
            command.CommandText = $"SELECT * FROM main.{table} ORDER BY 1, 2";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                for (var i = 0; i < reader.FieldCount; i++)
                    text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "  " : " | ")}{(reader.IsDBNull(i) ? "null" : reader.GetValue(i))}");
                text.AppendLine();
            }
        }

        return text.ToString();
    }

    public void Dispose()
    {
        _primary.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    private string PathOf(string file) => Path.Combine(_directory, file);

    private void Create()
    {
        using var db = new StoreContext(new DbContextOptionsBuilder<StoreContext>().UseSqlite(Primary).Options);
        db.Database.EnsureCreated();
        Seed.Into(db);
    }

    private void CopyTo(string file)
    {
        using var copy = new SqliteConnection($"Data Source={PathOf(file)};Pooling=False");
        copy.Open();
        _primary.BackupDatabase(copy);
        using var command = copy.CreateCommand();
        // A file in WAL mode could not be opened read-only where nobody else has it open.
        command.CommandText = "PRAGMA journal_mode = DELETE";
        command.ExecuteNonQuery();
    }

    private void Execute(string sql)
    {
        using var command = _primary.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

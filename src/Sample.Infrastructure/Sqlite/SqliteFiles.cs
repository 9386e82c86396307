using Microsoft.Data.Sqlite;

namespace Sample.Infrastructure.Sqlite;

/// <summary>A folder for the two database files of one run, deleted at its end.</summary>
internal sealed class SqliteFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cqrs-routing-sample-");

    public string Primary => Connect("primary.db", SqliteOpenMode.ReadWriteCreate);

    /// <summary>Read-only, so that SQLite too refuses a write that got past the guard.</summary>
    public string Replica => Connect("replica.db", SqliteOpenMode.ReadOnly);

    public void Dispose()
    {
        // Pooled connections keep the files open, and Windows does not delete open files.
        SqliteConnection.ClearAllPools();
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // The replica is measured beside its queries, and the last measurement may still create a journal here. It is a temporary folder.
        }
    }

    private string Connect(string file, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.FullName, file), Mode = mode }.ToString();
}

using MediatR;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.PackageTests;

/// <summary>An application on two SQLite files, each of which starts with one note: its own name.</summary>
internal sealed class NotesApplication : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cqrs-routing-");
    private readonly ServiceProvider _provider;

    public NotesApplication(bool routingFirst)
    {
        Create("primary");
        Create("replica");
        var services = new ServiceCollection().AddLogging();
        services.AddDbContext<NotesContext>(options => options.UseSqlite(File("primary"))
            // Nothing is measured beside a test, on files that it deletes.
            .UseReplica(File("replica"), replica => replica.MonitorInterval = TimeSpan.Zero));
        if (routingFirst)
            services.AddRoutingBehavior();
        services.AddMediatR(options => options.RegisterServicesFromAssemblyContaining<NotesApplication>());
        if (!routingFirst)
            services.AddRoutingBehavior();
        _provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    /// <summary>Does something in a scope of its own, as a web request does.</summary>
    public async Task<T> InScopeAsync<T>(Func<ISender, Task<T>> action)
    {
        await using var scope = _provider.CreateAsyncScope();
        return await action(scope.ServiceProvider.GetRequiredService<ISender>());
    }

    /// <summary>The notes in one of the files, read without the library.</summary>
    public IReadOnlyList<string> In(string server)
    {
        using var connection = new SqliteConnection(File(server));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Text FROM Notes ORDER BY Id";
        using var reader = command.ExecuteReader();
        return [.. Rows(reader)];
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static IEnumerable<string> Rows(SqliteDataReader reader)
    {
        while (reader.Read())
            yield return reader.GetString(0);
    }

    private string File(string server) => $"Data Source={Path.Combine(_directory.FullName, $"{server}.db")};Pooling=False";

    private void Create(string server)
    {
        using var context = new NotesContext(new DbContextOptionsBuilder<NotesContext>().UseSqlite(File(server)).Options);
        context.Database.EnsureCreated();
        context.Notes.Add(new Note { Text = server });
        context.SaveChanges();
    }
}

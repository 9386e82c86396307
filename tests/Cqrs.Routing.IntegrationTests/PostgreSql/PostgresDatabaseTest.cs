using Cqrs.Routing.TestServers;

namespace Cqrs.Routing.IntegrationTests.PostgreSql;

/// <summary>The base class of tests with their own database on the shared pair. One class runs at a time, since it may pause replay.</summary>
[Collection("PostgreSQL")]
public abstract class PostgresDatabaseTest : IAsyncLifetime
{
    protected PostgresPair Servers { get; private set; } = null!;

    protected PostgresDatabase Database { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        if (PostgresPair.SkipReason is { } reason)
            Assert.Skip(reason);

        Servers = await PostgresPair.SharedAsync();
        await Servers.ResumeReplayAsync(TestContext.Current.CancellationToken);
        Database = await Servers.CreateDatabaseAsync(GetType().Name, TestContext.Current.CancellationToken);
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

using Cqrs.Routing.TestServers;

namespace Cqrs.Routing.IntegrationTests.SqlServer;

/// <summary>A test class that has a database and its snapshot of its own on the shared server, empty for every test.</summary>
[Collection("SQL Server")]
public abstract class SqlServerDatabaseTest : IAsyncLifetime
{
    protected SqlServerContainer Server { get; private set; } = null!;

    protected SqlServerDatabase Database { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        if (SqlServerContainer.SkipReason is { } reason)
            Assert.Skip(reason);

        Server = await SqlServerContainer.SharedAsync();
        Database = await Server.CreateDatabaseAsync(GetType().Name, TestContext.Current.CancellationToken);
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

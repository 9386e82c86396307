using Cqrs.Routing.TestServers;

namespace Cqrs.Routing.IntegrationTests.SqlServer;

/// <summary>The base class of tests with their own database and snapshot on the shared server.</summary>
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
